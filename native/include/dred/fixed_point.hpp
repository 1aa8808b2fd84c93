// The numbers of the fixed-point profile: spec-notes/fixed-point.md, sections 1, 3 and 5.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

namespace dred {

inline constexpr unsigned kActivationBits = 15;
inline constexpr std::int32_t kLargestActivation = 32767;
inline constexpr unsigned kPreactivationBits = 16;
inline constexpr unsigned kInputBits = 16;
inline constexpr std::int32_t kLargestInput = 0x7FFFFFFF;
inline constexpr unsigned kFloatWeightBits = 24;
inline constexpr unsigned kFloatLayerShift = kFloatWeightBits + kInputBits - kPreactivationBits;
inline constexpr std::int64_t kFloatLayerLimit = std::int64_t{1} << 24;
inline constexpr std::int32_t kUnitSteps = 127;
inline constexpr unsigned kMultiplierBits = 31;
inline constexpr unsigned kInt8LayerShift = kActivationBits + kMultiplierBits - kPreactivationBits;
inline constexpr std::int64_t kLargestLayerSum = 0x7FFFFFFF;
inline constexpr std::int64_t kLargestPreactivation = (std::int64_t{1} << 30) - 1;

// floor(value / 2^shift + 1/2).
// clause: FIX-round
[[nodiscard]] constexpr std::int64_t round_shift(std::int64_t value, unsigned shift) noexcept {
  return (value + (std::int64_t{1} << (shift - 1))) >> shift;
}

// The float32 value 256 * symbol / scale of the latent stage, as Q16.
[[nodiscard]] std::int32_t symbol_to_q16(std::int32_t symbol, std::uint8_t scale_q8) noexcept;

// A float32 number, given by its bits, as Q16; nothing where it is no finite number.
[[nodiscard]] std::optional<std::int32_t> float_bits_to_q16(std::uint32_t bits) noexcept;

// The level value level * 0.125 - 1.
// clause: FIX-input
[[nodiscard]] constexpr std::int32_t level_to_q16(std::size_t level) noexcept {
  return static_cast<std::int32_t>(level) * 8192 - 65536;
}

}  // namespace dred
