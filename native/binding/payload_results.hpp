// Decoded payloads as Python sees them.
#pragma once

#include <pybind11/pybind11.h>

#include <cstddef>
#include <optional>
#include <span>
#include <string>

#include "binding/arguments.hpp"
#include "dred/payload_decoder.hpp"
#include "operations/model.hpp"
#include "operations/payload_source.hpp"

namespace dred::binding {

[[nodiscard]] SourceOptions source_options(Integer frame_offset, std::optional<Integer> max_latents,
                                           Integer stop_bits);
[[nodiscard]] py::list symbol_list(std::span<const std::int32_t> symbols);
// q0, dq, qmax, offset, and the frame for packets.
[[nodiscard]] py::dict header_dict(const DecodedPayload& payload, std::optional<std::size_t> frame);
[[nodiscard]] py::dict payload_dict(const PayloadDecoder& decoder, std::optional<std::size_t> frame);

// How a decoded payload is shown: as symbols or as values.
using AsDict = py::dict (*)(const PayloadDecoder&, std::optional<std::size_t>);

template <AsDict Show>
[[nodiscard]] py::dict decode_payload(const BytesArgument& payload, const std::string& wire,
                                      const Model& model, Integer frame_offset,
                                      std::optional<Integer> max_latents, Integer stop_bits) {
  PayloadDecoder decoder(model.tables);
  const SourceOptions options = source_options(frame_offset, max_latents, stop_bits);
  decode_payload_source(payload.view(), to_wire(wire), options, decoder);
  return Show(decoder, std::nullopt);
}

// Nothing where the packet has no DRED.
template <AsDict Show>
[[nodiscard]] std::optional<py::dict> decode_packet(const BytesArgument& packet, const std::string& wire,
                                                    const Model& model, std::optional<Integer> max_latents,
                                                    Integer stop_bits) {
  PayloadDecoder decoder(model.tables);
  const SourceOptions options = source_options({}, max_latents, stop_bits);
  const auto frame = decode_packet_source(packet.view(), to_wire(wire), options, decoder);
  if (!frame) return std::nullopt;
  return Show(decoder, frame);
}

}  // namespace dred::binding
