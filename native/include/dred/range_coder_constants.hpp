// Constants of the range coder, RFC 6716 sections 4.1 and 5.1.
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace dred {

inline constexpr std::uint32_t kCodeTop = std::uint32_t{1} << 31;
inline constexpr std::uint32_t kCodeBottom = std::uint32_t{1} << 23;  // a range at or below it is scaled up
inline constexpr std::uint32_t kCodeMask = kCodeTop - 1;
inline constexpr unsigned kCodeShift = 23;  // where the topmost output byte of the low end starts
inline constexpr unsigned kSymbolMax = 255;
inline constexpr unsigned kUintBits = 8;  // bits of a uniform integer that the range coder itself codes

// Largest frequency total that every range above kCodeBottom can be divided by.
inline constexpr std::uint32_t kMaxTotal = kCodeBottom;

[[nodiscard]] constexpr unsigned bit_length(std::uint32_t value) noexcept {  // ilog
  return static_cast<unsigned>(std::bit_width(value));
}

// Whole bits used: rounded up, 1 in a fresh coder.
// clause: RFC6716-4.1.6.1-tell, RFC6716-5.1.6-tell
[[nodiscard]] constexpr std::uint64_t bits_used(std::uint64_t total_bits, std::uint32_t range) noexcept {
  return total_bits - bit_length(range);
}

// Eighths of a bit used: the logarithm of the range to three binary places, rounded by a table of thresholds.
// clause: RFC6716-4.1.6.2-tellfrac, RFC6716-5.1.6-tell
[[nodiscard]] constexpr std::uint64_t eighth_bits_used(std::uint64_t total_bits,
                                                       std::uint32_t range) noexcept {
  constexpr std::array<std::uint32_t, 8> kThresholds = {35733, 38967, 42495, 46340,
                                                        50535, 55109, 60097, 65535};
  const unsigned length = bit_length(range);
  const std::uint32_t top = range >> (length - 16);
  std::uint32_t eighths = (top >> 12) - 8;
  eighths += top > kThresholds[eighths] ? 1U : 0U;
  return (total_bits << 3) - ((std::uint64_t{length} << 3) + eighths);
}

}  // namespace dred
