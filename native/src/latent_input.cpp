#include "dred/latent_input.hpp"

#include <bit>

#include "dred/fixed_point.hpp"

namespace dred {

// clause: FIX-input, DRED-dequantise
void symbols_to_q16(const QuantiserTables& tables, std::size_t level, std::span<const std::int32_t> symbols,
                    std::span<std::int32_t> values) noexcept {
  const Bytes scales = tables.scales(level);
  for (std::size_t i = 0; i < symbols.size(); ++i) values[i] = symbol_to_q16(symbols[i], scales[i]);
}

// clause: FIX-input, DRED-level-input
void latent_to_q16(const QuantiserTables& tables, std::size_t level, std::span<const std::int32_t> symbols,
                   std::span<std::int32_t> values) noexcept {
  symbols_to_q16(tables, level, symbols, values);
  values[symbols.size()] = level_to_q16(level);
}

// clause: FIX-input
std::size_t floats_to_q16(std::span<const float> floats, std::span<std::int32_t> values) noexcept {
  for (std::size_t i = 0; i < floats.size(); ++i) {
    const auto value = float_bits_to_q16(std::bit_cast<std::uint32_t>(floats[i]));
    if (!value) return i;
    values[i] = *value;
  }
  return floats.size();
}

}  // namespace dred
