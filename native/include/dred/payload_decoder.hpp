// Decodes DRED payloads to symbols. All memory is taken at construction; decode() allocates nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "dred/bytes.hpp"
#include "dred/latent_reader.hpp"
#include "dred/model_tables.hpp"
#include "dred/payload_header.hpp"
#include "dred/status.hpp"
#include "dred/wire_profile.hpp"

namespace dred {

struct DecodedPayload {
  PayloadHeader header;
  std::int64_t offset_2p5ms = 0;  // with the offset of the frame in its packet
  std::size_t latent_count = 0;
  std::uint32_t range = 0;  // rng after the last symbol
  std::uint64_t tell = 0;
};

class PayloadDecoder {
 public:
  // The tables must outlive the decoder.
  explicit PayloadDecoder(const ModelTables& tables, std::size_t capacity = kMaxLatents);

  [[nodiscard]] Status decode(Bytes payload, const WireProfile& wire, const DecodeOptions& options) noexcept;
  // The same without prefix: `coded` is all that the range coder reads.
  void decode_coded(Bytes coded, const DecodeOptions& options) noexcept;

  [[nodiscard]] const ModelTables& tables() const noexcept { return *tables_; }
  [[nodiscard]] const DecodedPayload& result() const noexcept { return result_; }
  [[nodiscard]] std::span<const std::int32_t> state() const noexcept { return state_; }
  // Newest first.
  [[nodiscard]] std::span<const std::int32_t> latent(std::size_t index) const noexcept {
    const std::size_t dimension = tables_->latent.dimension();
    return std::span(latents_).subspan(index * dimension, dimension);
  }
  [[nodiscard]] std::size_t level(std::size_t index) const noexcept {
    return latent_level(result_.header, index);
  }

 private:
  const ModelTables* tables_;
  std::size_t capacity_;
  DecodedPayload result_;
  std::vector<std::int32_t> state_;
  std::vector<std::int32_t> latents_;
};

}  // namespace dred
