// All extensions of a padding area at once, and the room that a written area needs.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "dred/bytes.hpp"
#include "dred/extension_reader.hpp"
#include "dred/extension_writer.hpp"

namespace dred {

// Repeats can name 47 extensions with one byte; an area that yields more than this is refused with W1.
inline constexpr std::size_t kMaxListedExtensions = std::size_t{1} << 20;

// Throws Error, with the extensions found before it.
[[nodiscard]] std::vector<Extension> list_extensions(Bytes area, std::int64_t frame_count);

inline constexpr std::int64_t kAnyAreaSize = 0x7FFFFFFF;

// Bytes that a writer needs for an area of at most `size` bytes. Throws Error W1; the size that a caller
// leaves open is no size to fill up to.
[[nodiscard]] std::size_t extension_area_size(std::int64_t size, bool pad,
                                              std::span<const ExtensionInput> extensions);

}  // namespace dred
