// A model as the stages see it: tables, and for the feature stage a network.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "dred/model_tables.hpp"
#include "operations/model_network.hpp"

namespace dred {

struct Model {
  std::string name;
  ModelTables tables;
  std::shared_ptr<const ModelNetwork> network;  // null without weights

  [[nodiscard]] bool has_network() const noexcept { return network != nullptr && network->is_present(); }
  [[nodiscard]] bool has_vocoder() const noexcept { return network != nullptr && network->has_vocoder(); }
  // Throws Error N1 or N2.
  [[nodiscard]] std::shared_ptr<const Network> prepared_network(KernelPath path) const;
  // Throws Error N1.
  [[nodiscard]] std::shared_ptr<const VocoderNetwork> prepared_vocoder(KernelPath path) const;
};

// In the order of tables_sha256: quant_scales, dead_zone, r, p0 of the latents, then of the state.
using EightTables = std::array<std::vector<std::uint8_t>, 8>;

// Throws Error W1 on dimensions outside 1..256 or tables of another size. The weights are a DNNw blob, which
// is looked at when a decoder is made.
[[nodiscard]] Model make_model(std::string name, std::int64_t latent_dim, std::int64_t state_dim,
                               EightTables tables, std::optional<std::vector<std::uint8_t>> weights = {});

}  // namespace dred
