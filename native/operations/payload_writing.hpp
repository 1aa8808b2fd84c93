// Writes a whole DRED payload, and quantises what goes into it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "dred/payload_encoder.hpp"
#include "dred/wire_profile.hpp"
#include "operations/model.hpp"

namespace dred {

struct WrittenPayload {
  std::vector<std::uint8_t> payload;  // prefix included
  std::size_t latent_count = 0;
};

// Without `max_bytes` all latents must be written. Throws Error W1, W2.
[[nodiscard]] WrittenPayload write_payload(const PayloadSymbols& symbols, const Model& model,
                                           const WireProfile& wire, std::optional<std::int64_t> max_bytes,
                                           bool keep_last);

struct QuantisedSymbols {
  std::vector<std::int32_t> state;
  std::vector<std::int32_t> latents;  // one row per latent
};

// Throws Error W1 where the values have no symbols or the levels cannot be signalled.
[[nodiscard]] QuantisedSymbols quantise(const Model& model, const PayloadHeader& levels,
                                        std::span<const float> state, std::span<const float> latents);

}  // namespace dred
