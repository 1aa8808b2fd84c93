#include "dred/packet_feature_decoder.hpp"

#include <algorithm>

#include "dred/latent_input.hpp"
#include "dred/location.hpp"

namespace dred {

PacketFeatureDecoder::PacketFeatureDecoder(const ModelTables& tables, const Network& network)
    : tables_(&tables),
      decoder_(network),
      state_(tables.state.dimension()),
      symbols_(tables.latent.dimension()),
      values_(std::max(tables.state.dimension(), tables.latent.dimension() + 1)) {}

std::size_t PacketFeatureDecoder::memory_bytes() const noexcept {
  const std::size_t numbers = state_.size() + symbols_.size() + values_.size();
  return sizeof(PacketFeatureDecoder) - sizeof(FeatureDecoder) + decoder_.memory_bytes() +
         numbers * sizeof(std::int32_t);
}

// clause: DRED-locate, DRED-frame-offset
Status PacketFeatureDecoder::load_packet(Bytes packet, const WireProfile& wire,
                                         const DecodeOptions& options) noexcept {
  reader_.reset();
  Location location;
  if (const Status status = find_dred(packet, wire, location); !status.ok() || !location.is_found)
    return status;
  DecodeOptions placed = options;
  placed.frame_offset_2p5ms = location.frame_offset_2p5ms;
  frame_ = location.frame;
  return load_payload(location.payload, wire, placed);
}

// clause: DRED-state, DRED-always-decodes
Status PacketFeatureDecoder::load_payload(Bytes payload, const WireProfile& wire,
                                          const DecodeOptions& options) noexcept {
  reader_.reset();
  Bytes coded;
  if (const Status status = strip_prefix(payload, wire, coded); !status.ok()) return status;
  reader_ = open_payload(coded, *tables_, options, state_);
  offset_2p5ms_ = reader_->header().offset_2p5ms + options.frame_offset_2p5ms;
  is_started_ = false;
  return {};
}

// The state goes through the network only once features are wanted.
// clause: DRED-net-order, FIX-step
void PacketFeatureDecoder::step(LatentFeatures features) noexcept {
  const PayloadHeader& header = reader_->header();
  if (!is_started_) {
    const std::span values = std::span(values_).first(state_.size());
    symbols_to_q16(tables_->state, static_cast<std::size_t>(header.q0), state_, values);
    decoder_.start(values);
    is_started_ = true;
  }
  const std::size_t level = latent_level(header, reader_->count());
  reader_->read(symbols_);
  const std::span values = std::span(values_).first(symbols_.size() + 1);
  latent_to_q16(tables_->latent, level, symbols_, values);
  decoder_.step(values, features);
}

}  // namespace dred
