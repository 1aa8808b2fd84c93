// Writes a padding area: repetition wherever it is possible, no length on the very last extension.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "dred/bytes.hpp"
#include "dred/status.hpp"

namespace dred {

struct ExtensionInput {
  std::int64_t id = 0;
  std::int64_t frame = 0;
  Bytes payload;
};

// The most bytes that these extensions can take, whatever their order.
[[nodiscard]] std::size_t extensions_size_bound(std::span<const ExtensionInput> extensions) noexcept;

// Writes into the whole of `out`; with `pad` the extensions end at its end and 0x01 fills the front.
[[nodiscard]] Status write_extensions(std::span<const ExtensionInput> extensions, std::int64_t frame_count,
                                      bool pad, MutableBytes out, std::size_t& written) noexcept;

}  // namespace dred
