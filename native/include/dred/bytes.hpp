// The views that everything reads from and writes to: memory always belongs to the caller.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace dred {

using Bytes = std::span<const std::uint8_t>;
using MutableBytes = std::span<std::uint8_t>;

// Sizes that a caller may ask a writer to fill up to, and the longest range coded buffer of the step
// operations: far beyond any packet, small enough that one request cannot exhaust the memory.
inline constexpr std::size_t kMaxFilledSize = std::size_t{1} << 20;

}  // namespace dred
