#include "dred/laplace.hpp"

#include <algorithm>

namespace dred {

// clause: DRED-laplace-sign, DRED-laplace-magnitude
LaplaceTable::LaplaceTable(std::uint32_t p0_q15, std::uint32_t decay_q15) noexcept {
  sign_ = {kLaplaceTotal - p0_q15, (kLaplaceTotal - p0_q15) >> 1, 0};
  magnitude_[0] = std::max<std::uint32_t>(kLaplaceEscape, decay_q15);
  for (std::uint32_t i = 1; i < kLaplaceEscape; ++i)
    magnitude_[i] = std::max(kLaplaceEscape - i, (magnitude_[i - 1] * decay_q15) >> kLaplaceBits);
  magnitude_[kLaplaceEscape] = 0;
}

// clause: DRED-laplace-sign, DRED-laplace-escape
bool LaplaceTable::encode(RangeEncoder& encoder, std::int32_t value) const noexcept {
  if (value < -kMaxEncodedMagnitude || value > kMaxEncodedMagnitude) return false;
  const std::uint32_t sign = value == 0 ? 0 : (value > 0 ? 1 : 2);
  if (!encoder.icdf(sign, sign_, kLaplaceBits)) return false;
  if (value == 0) return true;
  auto rest = static_cast<std::uint32_t>(value < 0 ? -value : value) - 1;
  for (; rest >= kLaplaceEscape; rest -= kLaplaceEscape) {
    if (!encoder.icdf(kLaplaceEscape, magnitude_, kLaplaceBits)) return false;
  }
  return encoder.icdf(rest, magnitude_, kLaplaceBits);
}

}  // namespace dred
