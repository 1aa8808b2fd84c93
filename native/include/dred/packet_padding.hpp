// Puts extensions into a packet that exists. A writer: unlike the readers it may allocate.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "dred/bytes.hpp"
#include "dred/extension_writer.hpp"
#include "dred/status.hpp"

namespace dred {

// Rewrites the packet as code 3 with `extensions` followed by those it already carried. With `size` the
// packet is filled up to exactly that many bytes (CBR).
[[nodiscard]] Status pad_packet(Bytes packet, std::span<const ExtensionInput> extensions,
                                std::optional<std::int64_t> size, std::vector<std::uint8_t>& written);

}  // namespace dred
