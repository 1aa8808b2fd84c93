// What values cost in bits once they are quantised, for those who choose levels. Floating point, and no part
// of coding: the range coder rounds a little differently.
#pragma once

#include <span>

#include "dred/model_tables.hpp"

namespace dred {

// Of one row at every level: the logarithm of the probability that the tables give its symbols, infinite
// where one has none. False when a value is no number or beyond kLargestValue.
[[nodiscard]] bool row_costs_bits(const QuantiserTables& tables, std::span<const float> values,
                                  std::span<double, kLevels> costs) noexcept;

}  // namespace dred
