// Symbols and injected values as what the network takes: Q16 integers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "dred/model_tables.hpp"

namespace dred {

// The values of a row of symbols.
void symbols_to_q16(const QuantiserTables& tables, std::size_t level, std::span<const std::int32_t> symbols,
                    std::span<std::int32_t> values) noexcept;
// The same with the level value after them: `values` has one entry more.
void latent_to_q16(const QuantiserTables& tables, std::size_t level, std::span<const std::int32_t> symbols,
                   std::span<std::int32_t> values) noexcept;

// Index of the first value that is no finite number, or the number of values.
[[nodiscard]] std::size_t floats_to_q16(std::span<const float> floats,
                                        std::span<std::int32_t> values) noexcept;

}  // namespace dred
