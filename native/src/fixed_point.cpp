#include "dred/fixed_point.hpp"

#include <bit>

namespace dred {
namespace {

constexpr unsigned kSignificandBits = 24;
constexpr std::uint64_t kSignificandTop = std::uint64_t{1} << (kSignificandBits - 1);

// significand / 2^exponent in Q16, for an exponent of at least -7, where ties go towards plus infinity.
// clause: FIX-round, FIX-input
[[nodiscard]] std::int32_t to_q16(std::uint64_t significand, unsigned exponent, bool is_negative) noexcept {
  if (exponent <= kInputBits) {
    const auto exact = static_cast<std::int32_t>(significand << (kInputBits - exponent));
    return is_negative ? -exact : exact;
  }
  const unsigned shift = exponent - kInputBits;
  if (shift > kSignificandBits + 1) return 0;
  const std::uint64_t half = std::uint64_t{1} << (shift - 1);
  const auto rounded = static_cast<std::int32_t>((significand + half - (is_negative ? 1 : 0)) >> shift);
  return is_negative ? -rounded : rounded;
}

[[nodiscard]] constexpr std::int32_t saturated(bool is_negative) noexcept {
  return is_negative ? -kLargestInput : kLargestInput;
}

}  // namespace

// clause: FIX-input, DRED-dequantise, DRED-scale-zero
std::int32_t symbol_to_q16(std::int32_t symbol, std::uint8_t scale_q8) noexcept {
  if (symbol == 0) return 0;
  const bool is_negative = symbol < 0;
  const std::uint64_t scale = scale_q8 == 0 ? 1 : scale_q8;
  const auto magnitude = static_cast<std::uint64_t>(is_negative ? -std::int64_t{symbol} : symbol);
  const std::uint64_t numerator = 256 * magnitude;
  if (numerator >= scale << 15) return saturated(is_negative);
  // 1 < numerator / scale < 2^15, so the exponent lies in 9..23 and every shift below in 46 bits.
  const unsigned exponent = kSignificandBits - static_cast<unsigned>(std::bit_width(numerator / scale));
  const std::uint64_t scaled = numerator << exponent;
  std::uint64_t significand = scaled / scale;
  const std::uint64_t twice_rest = 2 * (scaled % scale);
  const bool rounds_up = twice_rest > scale || (twice_rest == scale && (significand & 1) != 0);
  significand += rounds_up ? 1 : 0;
  return to_q16(significand, exponent, is_negative);
}

// clause: FIX-input
std::optional<std::int32_t> float_bits_to_q16(std::uint32_t bits) noexcept {
  const bool is_negative = (bits >> 31) != 0;
  const std::uint32_t biased = (bits >> 23) & 255;
  const std::uint64_t fraction = bits & (kSignificandTop - 1);
  if (biased == 255) return std::nullopt;
  if (biased < 64) return 0;  // below 2^-62, denormals included
  if (biased >= 127 + 15) return saturated(is_negative);
  return to_q16(kSignificandTop | fraction, 127 + 23 - biased, is_negative);
}

}  // namespace dred
