// Writes the redundancy of the latest speech, and tells what latents cost.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "dred/redundancy_writer.hpp"
#include "operations/model.hpp"

namespace dred {

// Numbers as a caller gives them.
struct RedundancyRequest {
  std::int64_t dred_offset_2p5ms = 0;
  std::int64_t latent_offset = 0;
  std::int64_t last_extra = 0;
  std::int64_t max_latents = 0;
  std::int64_t max_bytes = 0;  // of range coded data
  std::int64_t q0 = 0;
  std::int64_t dq = 0;
  std::int64_t qmax = 0;
  std::string rule;
};

struct RedundancyData {
  std::vector<std::uint8_t> bytes;  // without prefix
  WrittenRedundancy written;
};

// Throws Error W1, also for a value that would not be sent.
[[nodiscard]] RedundancyData write_redundancy(const Model& model, std::span<const float> latents,
                                              std::span<const float> states, Bytes activity,
                                              const RedundancyRequest& request);

// Bits of each row at each level, row-major. Throws Error W1.
[[nodiscard]] std::vector<double> costs_bits(const QuantiserTables& tables, std::span<const float> rows);

}  // namespace dred
