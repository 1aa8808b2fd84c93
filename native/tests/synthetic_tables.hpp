// Quantiser tables made of a seed, for tests and fuzzers that must not depend on any model.
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "dred/model_tables.hpp"

namespace dred::testing {

class Generator {  // xorshift64*
 public:
  explicit Generator(std::uint64_t seed) : state_(seed * 0x9E3779B97F4A7C15U + 1) {}

  std::uint32_t next() noexcept {
    state_ ^= state_ >> 12;
    state_ ^= state_ << 25;
    state_ ^= state_ >> 27;
    return static_cast<std::uint32_t>((state_ * 0x2545F4914F6CDD1DU) >> 32);
  }
  std::uint32_t below(std::uint32_t limit) noexcept { return next() % limit; }
  std::uint8_t byte() noexcept { return static_cast<std::uint8_t>(next() & 255); }

 private:
  std::uint64_t state_;
};

// Now and then the entries that stop a dimension from being coded, and the extremes.
inline std::vector<std::uint8_t> make_table(Generator& generator, std::size_t dimension) {
  std::vector<std::uint8_t> table(kLevels * dimension);
  for (std::uint8_t& entry : table) {
    const std::uint32_t kind = generator.below(12);
    entry = kind == 0 ? std::uint8_t{0} : kind == 1 ? std::uint8_t{255} : generator.byte();
  }
  return table;
}

inline QuantiserTables make_quantiser(Generator& generator, std::size_t dimension) {
  RawTables raw;
  raw.quant_scales_q8 = make_table(generator, dimension);
  raw.dead_zone_q8 = make_table(generator, dimension);
  raw.r_q8 = make_table(generator, dimension);
  raw.p0_q8 = make_table(generator, dimension);
  return {dimension, std::move(raw)};
}

inline ModelTables make_tables(std::uint64_t seed) {
  Generator generator(seed);
  const std::size_t latent_dim = 1 + generator.below(24);
  const std::size_t state_dim = 1 + generator.below(48);
  QuantiserTables latent = make_quantiser(generator, latent_dim);
  return {std::move(latent), make_quantiser(generator, state_dim)};
}

// The same with a code for every value: no probability of 0.
inline QuantiserTables with_codes(const QuantiserTables& tables) {
  RawTables raw = tables.raw();
  for (std::uint8_t& entry : raw.p0_q8) entry = entry == 0 ? std::uint8_t{1} : entry;
  return {tables.dimension(), std::move(raw)};
}

inline ModelTables make_tables_with_codes(std::uint64_t seed) {
  const ModelTables tables = make_tables(seed);
  return {with_codes(tables.latent), with_codes(tables.state)};
}

}  // namespace dred::testing
