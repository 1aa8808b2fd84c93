// A model as the payload and latent stages see it.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "dred/model_tables.hpp"

namespace dred {

struct Model {
  std::string name;
  ModelTables tables;
};

// In the order of tables_sha256: quant_scales, dead_zone, r, p0 of the latents, then of the state.
using EightTables = std::array<std::vector<std::uint8_t>, 8>;

// Throws Error W1 on dimensions outside 1..256 or tables of another size.
[[nodiscard]] Model make_model(std::string name, std::int64_t latent_dim, std::int64_t state_dim,
                               EightTables tables);

}  // namespace dred
