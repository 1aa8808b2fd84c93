// Weights, multipliers and biases of a layer as integers, after the bounds N2.
#pragma once

#include <cstdint>

#include "dred/aligned_vector.hpp"
#include "dred/status.hpp"
#include "raw_layer.hpp"

namespace dred {

struct FloatLayerNumbers {
  AlignedVector<std::int32_t> weights;  // in the order of FloatLayer
  AlignedVector<std::int32_t> biases;   // filled up to whole groups
};

struct Int8LayerNumbers {
  AlignedVector<std::int32_t> multipliers;
  AlignedVector<std::int32_t> biases;
};

[[nodiscard]] Status to_numbers(const RawFloatLayer& layer, FloatLayerNumbers& numbers);
[[nodiscard]] Status to_numbers(const RawInt8Layer& layer, Int8LayerNumbers& numbers);

}  // namespace dred
