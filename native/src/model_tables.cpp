#include "dred/model_tables.hpp"

#include <utility>

namespace dred {

// clause: DRED-symbol-skip
QuantiserTables::QuantiserTables(std::size_t dimension, RawTables raw)
    : dimension_(dimension), raw_(std::move(raw)) {
  for (std::size_t level = 0; level < kLevels; ++level) {
    first_[level] = coded_.size();
    for (std::size_t index = 0; index < dimension_; ++index) {
      if (!is_coded(level, index)) continue;
      const std::uint32_t p0_q15 = std::uint32_t{raw_.p0_q8[level * dimension_ + index]} << 7;
      const std::uint32_t decay_q15 = std::uint32_t{raw_.r_q8[level * dimension_ + index]} << 7;
      coded_.push_back({LaplaceTable(p0_q15, decay_q15), static_cast<std::uint32_t>(index)});
    }
  }
  first_[kLevels] = coded_.size();
}

// clause: DRED-symbol-skip
bool QuantiserTables::is_coded(std::size_t level, std::size_t index) const noexcept {
  const std::size_t entry = level * dimension_ + index;
  return raw_.r_q8[entry] != 0 && raw_.p0_q8[entry] != 255;
}

}  // namespace dred
