// The kernels in portable C++. Sums are kept modulo 2^32, as two blocks at the same place may cancel; every
// row's own sum fits.
#include <algorithm>
#include <cstring>

#include "dred/fixed_point.hpp"
#include "dred/kernels.hpp"
#include "dred/tanh_table.hpp"

namespace dred {
namespace {

constexpr std::int32_t kLargestTanhArgument = (1 << 19) - 1;
constexpr std::int32_t kLargestSigmoidArgument = (1 << 20) - 1;

// 2^bits * T[k] + f * (T[k + 1] - T[k]), k being the argument without its lowest bits and f these bits.
// clause: FIX-tanh, FIX-sigmoid
template <unsigned kBits>
[[nodiscard]] std::int32_t interpolate(std::uint32_t argument) noexcept {
  const std::uint32_t entry = packed_tanh_table()[argument >> kBits];
  const std::uint32_t fraction = argument & ((std::uint32_t{1} << kBits) - 1);
  return static_cast<std::int32_t>((entry >> kTanhStepBits << kBits) + fraction * (entry & kTanhStepMask));
}

// clause: FIX-tanh, FIX-activation
[[nodiscard]] std::int16_t tanh_q15(std::int32_t preactivation) noexcept {
  const std::int32_t size =
      std::min(preactivation < 0 ? -preactivation : preactivation, kLargestTanhArgument);
  const std::int32_t value = interpolate<9>(static_cast<std::uint32_t>(size));
  const std::int32_t rounded = std::min((value + (1 << 11)) >> 12, kLargestActivation);
  return static_cast<std::int16_t>(preactivation < 0 ? -rounded : rounded);
}

// clause: FIX-sigmoid
[[nodiscard]] std::int32_t sigmoid_q15(std::int32_t preactivation) noexcept {
  const std::int32_t size =
      std::min(preactivation < 0 ? -preactivation : preactivation, kLargestSigmoidArgument);
  const std::int32_t value = interpolate<10>(static_cast<std::uint32_t>(size));
  return ((1 << 28) + (preactivation < 0 ? -value : value) + (1 << 13)) >> 14;
}

// clause: FIX-product
[[nodiscard]] std::int32_t product(std::int32_t gate, std::int32_t number) noexcept {
  return static_cast<std::int32_t>(round_shift(std::int64_t{gate} * number, kActivationBits));
}

// Inputs that are 0 add nothing to an exact sum.
// clause: FIX-float-layer
void float_layer(const FloatLayer& layer, const std::int32_t* values, const KernelScratch& scratch,
                 std::int32_t* preactivations) {
  std::uint32_t* const used = scratch.used;
  std::size_t used_count = 0;
  for (std::size_t j = 0; j < layer.inputs; ++j) {
    used[used_count] = static_cast<std::uint32_t>(j);
    used_count += values[j] != 0 ? 1 : 0;
  }
  for (std::size_t group = 0; group < layer.group_count; ++group) {
    const std::int32_t* const weights = layer.weights + group * layer.inputs * kRowsPerGroup;
    std::int64_t sums[kRowsPerGroup] = {};
    for (std::size_t i = 0; i < used_count; ++i)
      for (std::size_t r = 0; r < kRowsPerGroup; ++r)
        sums[r] += std::int64_t{weights[used[i] * kRowsPerGroup + r]} * values[used[i]];
    for (std::size_t r = 0; r < kRowsPerGroup; ++r) {
      const std::size_t row = group * kRowsPerGroup + r;
      const std::int64_t sum = round_shift(sums[r], kFloatLayerShift) + layer.biases[row];
      preactivations[row] = static_cast<std::int32_t>(std::clamp(sum, -kFloatLayerLimit, kFloatLayerLimit));
    }
  }
}

[[nodiscard]] std::size_t whole_pieces(std::size_t columns) noexcept {
  return (columns + kColumnsPerPiece - 1) / kColumnsPerPiece * kColumnsPerPiece;
}

// The activations of a group's blocks one after the other. What fills up the last piece meets weights of 0.
void gather(const std::int16_t* activations, const std::uint32_t* columns, std::size_t count,
            std::int16_t* gathered) noexcept {
  constexpr std::size_t kBlockSize = kColumnsPerBlock * sizeof(std::int16_t);
  for (std::size_t block = 0; block < count; ++block)
    std::memcpy(gathered + block * kColumnsPerBlock, activations + columns[block], kBlockSize);
}

// `count` is a multiple of kColumnsPerPiece.
[[nodiscard]] std::int32_t dot_product(const std::int8_t* weights, const std::int16_t* activations,
                                       std::size_t count) noexcept {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < count / kColumnsPerPiece * kColumnsPerPiece; ++i)
    sum += static_cast<std::uint32_t>(std::int32_t{weights[i]} * std::int32_t{activations[i]});
  return static_cast<std::int32_t>(sum);
}

// clause: FIX-int8-layer
void int8_layer(const Int8Layer& layer, const std::int16_t* activations, const KernelScratch& scratch,
                std::int32_t* preactivations) {
  std::int16_t* const gathered = scratch.gathered;
  const std::int16_t* source = gathered;
  if (layer.is_dense && layer.inputs % kColumnsPerPiece == 0) {
    source = activations;
  } else if (layer.is_dense) {
    std::memcpy(gathered, activations, layer.inputs * sizeof(std::int16_t));
  }
  for (std::size_t g = 0; g < layer.group_count; ++g) {
    const Int8Group& group = layer.groups[g];
    if (!layer.is_dense) gather(activations, layer.columns + group.first_block, group.block_count, gathered);
    const std::size_t row_size = whole_pieces(group.block_count * kColumnsPerBlock);
    for (std::size_t r = 0; r < kRowsPerGroup; ++r) {
      const std::size_t row = g * kRowsPerGroup + r;
      const std::int64_t sum =
          dot_product(layer.weights + group.first_weight + r * row_size, source, row_size);
      preactivations[row] =
          static_cast<std::int32_t>(round_shift(sum * layer.multipliers[row], kInt8LayerShift)) +
          layer.biases[row];
    }
  }
}

void tanh_layer(const std::int32_t* preactivations, std::size_t count, std::int16_t* activations) {
  for (std::size_t i = 0; i < count; ++i) activations[i] = tanh_q15(preactivations[i]);
}

// clause: FIX-gru
void gru_layer(const std::int32_t* input, const std::int32_t* recurrent, std::size_t count,
               std::int16_t* state) {
  for (std::size_t i = 0; i < count; ++i) {
    const std::int32_t update = sigmoid_q15(input[i] + recurrent[i]);                 // z
    const std::int32_t reset = sigmoid_q15(input[count + i] + recurrent[count + i]);  // r
    const std::int32_t candidate =
        tanh_q15(input[2 * count + i] + product(reset, recurrent[2 * count + i]));  // c
    state[i] = static_cast<std::int16_t>(candidate + product(update, state[i] - candidate));
  }
}

// clause: FIX-glu
void glu_layer(const std::int32_t* preactivations, const std::int16_t* state, std::size_t count,
               std::int16_t* activations) {
  for (std::size_t i = 0; i < count; ++i)
    activations[i] = static_cast<std::int16_t>(product(sigmoid_q15(preactivations[i]), state[i]));
}

constexpr Kernels kKernels = {WeightOrder::rows, float_layer, int8_layer, tanh_layer, gru_layer, glu_layer};

}  // namespace

const Kernels& scalar_kernels() noexcept {
  return kKernels;
}

}  // namespace dred
