#include "dred/payload_decoder.hpp"

#include <algorithm>

namespace dred {

PayloadDecoder::PayloadDecoder(const ModelTables& tables, std::size_t capacity)
    : tables_(&tables),
      capacity_(std::min(capacity, kMaxLatents)),
      state_(tables.state.dimension()),
      latents_(capacity_ * tables.latent.dimension()) {}

Status PayloadDecoder::decode(Bytes payload, const WireProfile& wire, const DecodeOptions& options) noexcept {
  Bytes coded;
  if (const Status status = strip_prefix(payload, wire, coded); !status.ok()) return status;
  decode_coded(coded, options);
  return {};
}

// clause: DRED-state, DRED-latents, DRED-stop, DRED-decode-all, DRED-frame-offset
void PayloadDecoder::decode_coded(Bytes coded, const DecodeOptions& options) noexcept {
  DecodeOptions limited = options;
  limited.max_latents = std::min(options.max_latents, capacity_);
  LatentReader reader = open_payload(coded, *tables_, limited, state_);
  const std::size_t dimension = tables_->latent.dimension();
  while (reader.has_next()) reader.read(std::span(latents_).subspan(reader.count() * dimension, dimension));
  const PayloadHeader& header = reader.header();
  result_ = {header, header.offset_2p5ms + options.frame_offset_2p5ms, reader.count(),
             reader.decoder().range(), reader.decoder().tell()};
}

}  // namespace dred
