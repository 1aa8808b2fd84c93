#include "dred/payload_decoder.hpp"

#include <algorithm>

namespace dred {
namespace {

// clause: DRED-symbol-skip
void decode_row(RangeDecoder& decoder, std::span<const CodedDimension> coded,
                std::span<std::int32_t> values) noexcept {
  std::fill(values.begin(), values.end(), 0);
  for (const CodedDimension& dimension : coded) values[dimension.index] = dimension.table.decode(decoder);
}

}  // namespace

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

// clause: DRED-state, DRED-latents, DRED-stop, DRED-last-latent, DRED-decode-all, DRED-frame-offset
void PayloadDecoder::decode_coded(Bytes coded, const DecodeOptions& options) noexcept {
  RangeDecoder start(coded);
  const PayloadHeader header = read_header(start);
  RangeDecoder decoder = start;  // a copy whose address goes nowhere, so that it lives in registers
  decode_row(decoder, tables_->state.coded(static_cast<std::size_t>(header.q0)), state_);

  const QuantiserTables& tables = tables_->latent;
  const std::size_t limit = std::min(options.max_latents, capacity_);
  const auto total_bits = static_cast<std::int64_t>(8 * coded.size());
  std::size_t count = 0;
  for (; count < limit; ++count) {
    if (total_bits - static_cast<std::int64_t>(decoder.tell()) <= options.stop_bits) break;
    const std::span row = std::span(latents_).subspan(count * tables.dimension(), tables.dimension());
    decode_row(decoder, tables.coded(latent_level(header, count)), row);
  }
  result_ = {header, header.offset_2p5ms + options.frame_offset_2p5ms, count, decoder.range(),
             decoder.tell()};
}

}  // namespace dred
