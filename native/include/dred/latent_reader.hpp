// Reads the latents of a payload one after the other, as far as the caller wants, and later on.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "dred/bytes.hpp"
#include "dred/model_tables.hpp"
#include "dred/payload_header.hpp"
#include "dred/range_decoder.hpp"

namespace dred {

// Latents that a payload can hold for this decoder, 41 s of speech. A limit is needed because a level at
// which no dimension has symbols costs no bits, so that the bits left never shrink.
inline constexpr std::size_t kMaxLatents = 1024;

struct DecodeOptions {
  std::int64_t frame_offset_2p5ms = 0;
  std::size_t max_latents = kMaxLatents;
  std::int64_t stop_bits =
      7;  // stop when at most this many bits are left; other values are for analysis only
};

// clause: DRED-symbol-skip
inline void decode_row(RangeDecoder& decoder, std::span<const CodedDimension> coded,
                       std::span<std::int32_t> values) noexcept {
  std::fill(values.begin(), values.end(), 0);
  for (const CodedDimension& dimension : coded) values[dimension.index] = dimension.table.decode(decoder);
}

// A small value: a copy is a point to go on from. The coded bytes and the tables must outlive it.
class LatentReader {
 public:
  LatentReader(RangeDecoder decoder, const PayloadHeader& header, std::size_t coded_size,
               const QuantiserTables& tables, std::size_t max_latents, std::int64_t stop_bits) noexcept
      : decoder_(decoder),
        header_(header),
        tables_(&tables),
        end_tell_(static_cast<std::int64_t>(8 * coded_size) - stop_bits),
        limit_(std::min(max_latents, kMaxLatents)) {}

  // clause: DRED-stop, DRED-last-latent, DRED-decode-all
  [[nodiscard]] bool has_next() const noexcept {
    return count_ < limit_ && static_cast<std::int64_t>(decoder_.tell()) < end_tell_;
  }
  // clause: DRED-latents
  void read(std::span<std::int32_t> symbols) noexcept {
    decode_row(decoder_, tables_->coded(latent_level(header_, count_)), symbols);
    ++count_;
  }

  [[nodiscard]] const PayloadHeader& header() const noexcept { return header_; }
  [[nodiscard]] std::size_t count() const noexcept { return count_; }  // of latents read so far
  [[nodiscard]] const RangeDecoder& decoder() const noexcept { return decoder_; }

 private:
  RangeDecoder decoder_;
  PayloadHeader header_;
  const QuantiserTables* tables_;
  std::int64_t end_tell_;
  std::size_t limit_;
  std::size_t count_ = 0;
};

// Reads header and state; `coded` is all that the range coder reads, without prefix.
// clause: DRED-state
[[nodiscard]] inline LatentReader open_payload(Bytes coded, const ModelTables& tables,
                                               const DecodeOptions& options,
                                               std::span<std::int32_t> state) noexcept {
  RangeDecoder start(coded);
  const PayloadHeader header = read_header(start);
  RangeDecoder decoder = start;  // a copy whose address goes nowhere, so that it lives in registers
  decode_row(decoder, tables.state.coded(static_cast<std::size_t>(header.q0)), state);
  return {decoder, header, coded.size(), tables.latent, options.max_latents, options.stop_bits};
}

}  // namespace dred
