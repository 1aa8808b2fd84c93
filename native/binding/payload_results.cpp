#include "binding/payload_results.hpp"

namespace dred::binding {

SourceOptions source_options(Integer frame_offset, std::optional<Integer> max_latents, Integer stop_bits) {
  SourceOptions options;
  options.frame_offset_2p5ms = frame_offset.value;
  if (max_latents) options.max_latents = max_latents->value;
  options.stop_bits = stop_bits.value;
  return options;
}

py::list symbol_list(std::span<const std::int32_t> symbols) {
  py::list list(symbols.size());
  for (std::size_t i = 0; i < symbols.size(); ++i) list[i] = symbols[i];
  return list;
}

py::dict header_dict(const DecodedPayload& payload, std::optional<std::size_t> frame) {
  py::dict result;
  result["q0"] = payload.header.q0;
  result["dq"] = payload.header.dq;
  result["qmax"] = payload.header.qmax;
  result["offset"] = payload.offset_2p5ms;
  if (frame) result["frame"] = *frame;
  return result;
}

py::dict payload_dict(const PayloadDecoder& decoder, std::optional<std::size_t> frame) {
  const DecodedPayload& payload = decoder.result();
  py::list latents;
  py::list levels;
  for (std::size_t i = 0; i < payload.latent_count; ++i) {
    latents.append(symbol_list(decoder.latent(i)));
    levels.append(decoder.level(i));
  }
  py::dict result = header_dict(payload, frame);
  result["state"] = symbol_list(decoder.state());
  result["latents"] = latents;
  result["levels"] = levels;
  result["range"] = payload.range;
  result["tell"] = payload.tell;
  return result;
}

}  // namespace dred::binding
