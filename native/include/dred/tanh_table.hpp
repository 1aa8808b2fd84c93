// The only table of the fixed-point profile: tanh(k / 128) in Q18 for k = 0..1024.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace dred {

inline constexpr std::size_t kTanhEntries = 1025;

[[nodiscard]] const std::array<std::int32_t, kTanhEntries>& tanh_table() noexcept;

// Entry k of the table in the upper 20 bits, the step to entry k + 1 in the lower 12: one load for both.
inline constexpr unsigned kTanhStepBits = 12;
inline constexpr std::uint32_t kTanhStepMask = (std::uint32_t{1} << kTanhStepBits) - 1;
[[nodiscard]] const std::uint32_t* packed_tanh_table() noexcept;

}  // namespace dred
