#include "layer_numbers.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <vector>

#include "dred/fixed_point.hpp"

namespace dred {
namespace {

[[nodiscard]] Status refuse(const char* layer, std::size_t row, const char* message) noexcept {
  return {.rule = Rule::N2,
          .stage = Stage::feature,
          .message = message,
          .layer = layer,
          .row = static_cast<std::int64_t>(row)};
}

// floor(factor * number * 2^bits + 1/2) of a float32 number. The product has 31 bits at most, so it is exact;
// where the sum with 1/2 is not, it is far from the next integer. What exceeds 2^40 exceeds every bound.
// clause: FIX-round
[[nodiscard]] std::int64_t nearest(Bytes floats, std::size_t index, int factor, unsigned bits) noexcept {
  constexpr double kBeyondAllBounds = 0x1p40;
  const double number = std::bit_cast<float>(read_word(floats, index));
  const double scaled = std::ldexp(number * factor, static_cast<int>(bits));
  return static_cast<std::int64_t>(std::floor(std::clamp(scaled, -kBeyondAllBounds, kBeyondAllBounds) + 0.5));
}

// clause: FIX-bias
[[nodiscard]] std::int64_t bias_of(Bytes biases, std::size_t row) noexcept {
  return biases.empty() ? 0 : nearest(biases, row, 1, kPreactivationBits);
}

// Sums of the absolute weights of the eight rows of a group. Blocks at the same place add up before that, so
// the weights go into a dense scratch first, which is left as zeros.
class RowSums {
 public:
  explicit RowSums(const RawInt8Layer& layer)
      : layer_(&layer),
        scratch_(kRowsPerGroup * layer.inputs),
        block_count_(layer.inputs / kColumnsPerBlock) {}

  // Of the next group.
  // clause: FIX-int8-layer
  [[nodiscard]] std::array<std::int64_t, kRowsPerGroup> next() {
    const bool is_sparse = !layer_->index.empty();
    const std::size_t count = is_sparse ? read_word(layer_->index, index_position_++) : block_count_;
    const auto column = [&](std::size_t block) -> std::size_t {
      return is_sparse ? read_word(layer_->index, index_position_ + block) : block * kColumnsPerBlock;
    };
    for (std::size_t block = 0; block < count; ++block) {
      std::int64_t* const place = scratch_.data() + kRowsPerGroup * column(block);
      for (std::size_t i = 0; i < kWeightsPerBlock; ++i)
        place[i] += static_cast<std::int8_t>(layer_->weights[weight_position_++]);
    }
    std::array<std::int64_t, kRowsPerGroup> sums{};
    for (std::size_t block = 0; block < count; ++block) {
      std::int64_t* const place = scratch_.data() + kRowsPerGroup * column(block);
      for (std::size_t i = 0; i < kWeightsPerBlock; ++i) {
        sums[i / kColumnsPerBlock] += std::abs(place[i]);
        place[i] = 0;
      }
    }
    if (is_sparse) index_position_ += count;
    return sums;
  }

 private:
  const RawInt8Layer* layer_;
  std::vector<std::int64_t> scratch_;
  std::size_t block_count_;
  std::size_t index_position_ = 0;
  std::size_t weight_position_ = 0;
};

}  // namespace

// clause: FIX-float-weight, FIX-bounds
Status to_numbers(const RawFloatLayer& layer, FloatLayerNumbers& numbers) {
  const std::size_t groups = (layer.outputs + kRowsPerGroup - 1) / kRowsPerGroup;
  numbers.weights.assign(groups * layer.inputs * kRowsPerGroup, 0);
  numbers.biases.assign(groups * kRowsPerGroup, 0);
  for (std::size_t row = 0; row < layer.outputs; ++row) {
    const std::size_t first = row / kRowsPerGroup * layer.inputs * kRowsPerGroup + row % kRowsPerGroup;
    std::int64_t sum = 0;
    for (std::size_t j = 0; j < layer.inputs; ++j) {
      const std::int64_t weight = nearest(layer.weights, j * layer.outputs + row, 1, kFloatWeightBits);
      sum += std::abs(weight);
      if (sum > kLargestLayerSum) return refuse(layer.name, row, "the weights are too large");
      numbers.weights[first + j * kRowsPerGroup] = static_cast<std::int32_t>(weight);
    }
    const std::int64_t bias = bias_of(layer.bias, row);
    if (std::abs(bias) > kLargestPreactivation) return refuse(layer.name, row, "the bias is too large");
    numbers.biases[row] = static_cast<std::int32_t>(bias);
  }
  return {};
}

// clause: FIX-multiplier, FIX-bounds
Status to_numbers(const RawInt8Layer& layer, Int8LayerNumbers& numbers) {
  numbers.multipliers.assign(layer.outputs, 0);
  numbers.biases.assign(layer.outputs, 0);
  RowSums row_sums(layer);
  for (std::size_t first = 0; first < layer.outputs; first += kRowsPerGroup) {
    const auto sums = row_sums.next();
    for (std::size_t r = 0; r < kRowsPerGroup; ++r) {
      const std::size_t row = first + r;
      const std::int64_t largest = kLargestActivation * sums[r];
      if (largest > kLargestLayerSum) return refuse(layer.name, row, "the weights are too large");
      const std::int64_t multiplier = nearest(layer.scale, row, kUnitSteps, kMultiplierBits);
      if (std::abs(multiplier) > kLargestLayerSum) return refuse(layer.name, row, "the scale is too large");
      const std::int64_t bias = bias_of(layer.bias, row);
      const std::int64_t scaled = round_shift(largest * std::abs(multiplier), kInt8LayerShift);
      if (scaled + std::abs(bias) > kLargestPreactivation)
        return refuse(layer.name, row, "the preactivation may become too large");
      numbers.multipliers[row] = static_cast<std::int32_t>(multiplier);
      numbers.biases[row] = static_cast<std::int32_t>(bias);
    }
  }
  return {};
}

}  // namespace dred
