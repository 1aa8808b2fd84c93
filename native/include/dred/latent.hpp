// Symbols to float32 values and back. The only floating point of this library, each operation rounded to
// float32.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "dred/model_tables.hpp"

namespace dred {

[[nodiscard]] float dequantise(std::int32_t symbol, std::uint8_t scale_q8) noexcept;
void dequantise_row(const QuantiserTables& tables, std::size_t level, std::span<const std::int32_t> symbols,
                    std::span<float> values) noexcept;
// The conditioning input of the networks that goes with a latent.
[[nodiscard]] float level_input(std::size_t level) noexcept;

// Scales are below 1, so a value within this limit has a symbol that can be coded.
inline constexpr float kLargestValue = 1048576.0F;

// False when a value is no number or beyond kLargestValue.
[[nodiscard]] bool quantise_row(const QuantiserTables& tables, std::size_t level,
                                std::span<const float> values, std::span<std::int32_t> symbols) noexcept;

}  // namespace dred
