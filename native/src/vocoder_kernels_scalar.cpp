// The kernels of the vocoder in portable C++.
#include <algorithm>
#include <array>
#include <bit>

#include "dred/vocoder_kernels.hpp"

namespace dred {
namespace {

// The order of the comparisons decides what is no number.
[[nodiscard]] float limit(float value, float size) noexcept {
  const float above = value > -size ? value : -size;
  return above < size ? above : size;
}

[[nodiscard]] float tanh_of(float value) noexcept {
  const float x = limit(value, kLargestTanhInput);
  const float square = x * x;
  const float numerator =
      (kTanhNumerator[2] * square + kTanhNumerator[1]) * square + kTanhNumerator[0];  // num
  const float denominator =
      (kTanhDenominator[2] * square + kTanhDenominator[1]) * square + kTanhDenominator[0];  // den
  return limit(numerator * x / denominator, 1);
}

[[nodiscard]] float sigmoid_of(float value) noexcept {
  return 0.5F + 0.5F * tanh_of(0.5F * value);
}

// The sum with 1.5 * 2^23 has the rounded number in its lowest bits: no call of a library per value.
void quantise(const float* values, std::size_t count, std::int8_t* activations) {
  constexpr float kRounding = 12582912;
  constexpr auto kRoundingBits = std::bit_cast<std::int32_t>(kRounding);
  for (std::size_t i = 0; i < count; ++i) {
    const float shifted = limit(values[i], 1) * kQuantisedOne + kRounding;
    activations[i] = static_cast<std::int8_t>(std::bit_cast<std::int32_t>(shifted) - kRoundingBits);
  }
}

// With one factor in 16 bits the compiler finds the instruction that multiplies and adds pairs.
void int8_layer(const VocoderLayer& layer, const std::int8_t* activations, float* outputs) {
  std::array<std::int16_t, kWidestVocoderInput> wide;
  std::copy_n(activations, layer.inputs, wide.begin());
  const std::int8_t* weights = layer.weights;
  for (std::size_t row = 0; row < layer.outputs; ++row, weights += layer.inputs) {
    std::int32_t sum = 0;
    for (std::size_t j = 0; j < layer.inputs; ++j) sum += std::int32_t{weights[j]} * std::int32_t{wide[j]};
    outputs[row] = static_cast<float>(sum) * layer.scales[row] + layer.biases[row];
  }
}

void tanh_layer(float* values, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) values[i] = tanh_of(values[i]);
}

void gru_layer(const float* input, const float* recurrent, std::size_t count, float* state) {
  for (std::size_t i = 0; i < count; ++i) {
    const float update = sigmoid_of(input[i] + recurrent[i]);                 // z
    const float reset = sigmoid_of(input[count + i] + recurrent[count + i]);  // r
    const float candidate = tanh_of(input[2 * count + i] + reset * recurrent[2 * count + i]);
    state[i] = update * state[i] + (1 - update) * candidate;
  }
}

void glu_layer(const float* preactivations, const float* state, std::size_t count, float* outputs) {
  for (std::size_t i = 0; i < count; ++i) outputs[i] = state[i] * sigmoid_of(preactivations[i]);
}

constexpr VocoderKernels kKernels = {WeightOrder::rows, quantise,  int8_layer,
                                     tanh_layer,        gru_layer, glu_layer};

}  // namespace

const VocoderKernels& scalar_vocoder_kernels() noexcept {
  return kKernels;
}

const VocoderKernels& vocoder_kernels_of(KernelPath path) noexcept {
  const VocoderKernels* const avx2 = path == KernelPath::avx2 ? avx2_vocoder_kernels() : nullptr;
  return avx2 != nullptr ? *avx2 : kKernels;
}

}  // namespace dred
