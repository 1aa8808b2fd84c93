// Decoded payloads as Python sees them.
#pragma once

#include <pybind11/pybind11.h>

#include <cstddef>
#include <optional>
#include <span>

#include "binding/arguments.hpp"
#include "dred/payload_decoder.hpp"
#include "operations/payload_source.hpp"

namespace dred::binding {

[[nodiscard]] SourceOptions source_options(Integer frame_offset, std::optional<Integer> max_latents,
                                           Integer stop_bits);
[[nodiscard]] py::list symbol_list(std::span<const std::int32_t> symbols);
// q0, dq, qmax, offset, and the frame for packets.
[[nodiscard]] py::dict header_dict(const DecodedPayload& payload, std::optional<std::size_t> frame);
[[nodiscard]] py::dict payload_dict(const PayloadDecoder& decoder, std::optional<std::size_t> frame);

}  // namespace dred::binding
