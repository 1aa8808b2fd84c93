// Int8 weights in the order that a kernel reads them.
#pragma once

#include <cstdint>
#include <vector>

#include "dred/aligned_vector.hpp"
#include "raw_layer.hpp"

namespace dred {

struct ArrangedWeights {
  AlignedVector<std::int8_t> weights;
  std::vector<std::uint32_t> columns;  // empty for dense layers
  std::vector<Int8Group> groups;
  std::size_t widest_gathering = 0;
};

[[nodiscard]] ArrangedWeights arrange_weights(const RawInt8Layer& layer, WeightOrder order);

}  // namespace dred
