// The whole chain: packet, extension, symbols, features. As far as the caller wants, and later on.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "dred/bytes.hpp"
#include "dred/feature_decoder.hpp"
#include "dred/latent_reader.hpp"
#include "dred/model_tables.hpp"
#include "dred/status.hpp"
#include "dred/wire_profile.hpp"

namespace dred {

class PacketFeatureDecoder {
 public:
  // Tables and network must outlive the decoder; both are of one model.
  PacketFeatureDecoder(const ModelTables& tables, const Network& network);

  // The bytes must stay until the last step(). A packet without DRED is no error: has_payload() tells.
  [[nodiscard]] Status load_packet(Bytes packet, const WireProfile& wire,
                                   const DecodeOptions& options) noexcept;
  [[nodiscard]] Status load_payload(Bytes payload, const WireProfile& wire,
                                    const DecodeOptions& options) noexcept;

  [[nodiscard]] bool has_payload() const noexcept { return reader_.has_value(); }
  // These four only while there is a payload.
  [[nodiscard]] const PayloadHeader& header() const noexcept { return reader_->header(); }
  [[nodiscard]] std::int64_t offset_2p5ms() const noexcept { return offset_2p5ms_; }
  [[nodiscard]] std::size_t frame() const noexcept { return frame_; }                   // of load_packet()
  [[nodiscard]] std::size_t latent_count() const noexcept { return reader_->count(); }  // decoded so far

  [[nodiscard]] bool has_next() const noexcept { return has_payload() && reader_->has_next(); }
  // The features of the next latent, newest first; only where has_next().
  void step(LatentFeatures features) noexcept;

  [[nodiscard]] std::size_t memory_bytes() const noexcept;

 private:
  const ModelTables* tables_;
  FeatureDecoder decoder_;
  std::optional<LatentReader> reader_;
  std::int64_t offset_2p5ms_ = 0;
  std::size_t frame_ = 0;
  bool is_started_ = false;
  std::vector<std::int32_t> state_;    // symbols
  std::vector<std::int32_t> symbols_;  // of a latent
  std::vector<std::int32_t> values_;   // Q16
};

}  // namespace dred
