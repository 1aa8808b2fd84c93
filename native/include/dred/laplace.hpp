// The "p0" Laplace code of DRED values: a sign symbol, then a magnitude in symbols of 0..7 where 7 goes on.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "dred/range_decoder.hpp"
#include "dred/range_encoder.hpp"

namespace dred {

inline constexpr unsigned kLaplaceBits = 15;
inline constexpr std::uint32_t kLaplaceTotal = std::uint32_t{1} << kLaplaceBits;
inline constexpr std::uint32_t kLaplaceEscape = 7;
inline constexpr std::uint32_t kMaxMagnitude = std::numeric_limits<std::int32_t>::max();
// Values that the encoder accepts; what a decoder can meet is bounded below.
inline constexpr std::int32_t kMaxEncodedMagnitude = std::int32_t{1} << 20;

// Both symbol tables of one (p0, decay) pair. 0 <= p0_q15 <= 32767, 0 <= decay_q15 <= 32640.
class LaplaceTable {
 public:
  LaplaceTable() = default;
  LaplaceTable(std::uint32_t p0_q15, std::uint32_t decay_q15) noexcept;

  [[nodiscard]] std::int32_t decode(RangeDecoder& decoder) const noexcept;
  // False, and the coder must not be used on, when the value has no code: beyond the limit, or of probability
  // 0.
  [[nodiscard]] bool encode(RangeEncoder& encoder, std::int32_t value) const noexcept;

  // The tables themselves, which tell what a value costs.
  [[nodiscard]] const std::array<std::uint32_t, 3>& sign() const noexcept { return sign_; }
  [[nodiscard]] const std::array<std::uint32_t, 8>& magnitude() const noexcept { return magnitude_; }

 private:
  [[nodiscard]] std::uint32_t decode_magnitude(RangeDecoder& decoder) const noexcept;

  std::array<std::uint32_t, 3> sign_{};       // inverse cumulative: 0, positive, negative
  std::array<std::uint32_t, 8> magnitude_{};  // inverse cumulative of 0..7
};

// How often can the escape repeat? Let y = (val + 1) / rng, 0 < y <= 1. Past the end of the data zeros come
// in, which keep y as it is when the coder scales up; while data remain, y stays at or above 2^-(31 + 8 *
// bytes left). An escape multiplies y by at least 32768 / magnitude_[6], and magnitude_[6] <= 31879, as a
// table of bytes holds decays of 255 << 7 at most, so y would exceed 1 after (31 + 8 * bytes) / log2(32768 /
// magnitude_[6]) escapes: 25.2 per bit. The loop ends, and below 1.5 MB of data 7 * 25.2 * bits stays below
// 2^31. Longer data saturate the magnitude at 2^31 - 1, which no stream below that length reaches. clause:
// DRED-laplace-escape, DRED-laplace-magnitude, DRED-always-decodes
inline std::uint32_t LaplaceTable::decode_magnitude(RangeDecoder& decoder) const noexcept {
  std::uint32_t magnitude = 1;
  for (;;) {
    const std::uint32_t unit = decoder.range() >> kLaplaceBits;
    const std::uint32_t difference = decoder.difference();
    // Counting the thresholds above the difference needs no branch that the data decide.
    std::uint32_t symbol = 0;
    for (std::size_t i = 0; i < kLaplaceEscape; ++i) symbol += difference < unit * magnitude_[i] ? 1U : 0U;
    const std::uint32_t lower = unit * magnitude_[symbol];
    const std::uint32_t upper = symbol == 0 ? decoder.range() : unit * magnitude_[symbol - 1];
    decoder.narrow(lower, upper - lower);
    magnitude = std::min(magnitude + symbol, kMaxMagnitude);
    if (symbol != kLaplaceEscape) return magnitude;
  }
}

// The sign is chosen without a branch: nothing predicts it.
// clause: DRED-laplace-sign
inline std::int32_t LaplaceTable::decode(RangeDecoder& decoder) const noexcept {
  const std::uint32_t unit = decoder.range() >> kLaplaceBits;
  const std::uint32_t difference = decoder.difference();
  const std::uint32_t non_zero = unit * sign_[0];
  if (difference >= non_zero) {
    decoder.narrow(non_zero, decoder.range() - non_zero);
    return 0;
  }
  const std::uint32_t negative = unit * sign_[1];
  const bool is_negative = difference < negative;
  decoder.narrow(is_negative ? 0 : negative, is_negative ? negative : non_zero - negative);
  const auto magnitude = static_cast<std::int32_t>(decode_magnitude(decoder));
  return is_negative ? -magnitude : magnitude;
}

}  // namespace dred
