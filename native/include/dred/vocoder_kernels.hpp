// The inner loops of the vocoder, once per instruction set. All compute the same float32 numbers: sums of
// int8 products are exact, and everything else rounds once per operation in the same order.
//
// Only plain structures and pointers here, for the same reason as in kernels.hpp.
#pragma once

#include <cstddef>
#include <cstdint>

#include "dred/kernels.hpp"

namespace dred {

inline constexpr std::size_t kWidestVocoderInput = 688;

// A dense layer of int8 weights, in the order of the kernels; outputs are a multiple of 8, inputs of 4.
struct VocoderLayer {
  const std::int8_t* weights = nullptr;
  const float* scales = nullptr;  // of the product of a weight and an activation in 1/127
  const float* biases = nullptr;
  std::size_t inputs = 0;
  std::size_t outputs = 0;
};

// Rational approximation of tanh; sigmoid(x) is (1 + tanh(x / 2)) / 2. Beyond the limit it is 1.
// Arrays are no inline variables: without optimisation these would be symbols that files share.
constexpr float kTanhNumerator[] = {952.52801514F, 96.39235687F, 0.60863042F};
constexpr float kTanhDenominator[] = {952.72399902F, 413.36801147F, 11.88600922F};
inline constexpr float kLargestTanhInput = 20;
inline constexpr float kQuantisedOne = 127;

// Counts are multiples of 8. What is no number counts as the lower limit of where it goes.
struct VocoderKernels {
  WeightOrder order = WeightOrder::rows;
  // To the nearest 1/127; values are within -1..1.
  void (*quantise)(const float* values, std::size_t count, std::int8_t* activations) = nullptr;
  void (*layer)(const VocoderLayer& layer, const std::int8_t* activations, float* outputs) = nullptr;
  void (*tanh)(float* values, std::size_t count) = nullptr;
  // Input and recurrent part hold the gates z, r and the candidate one after the other.
  void (*gru)(const float* input, const float* recurrent, std::size_t count, float* state) = nullptr;
  void (*glu)(const float* preactivations, const float* state, std::size_t count, float* outputs) = nullptr;
};

[[nodiscard]] const VocoderKernels& scalar_vocoder_kernels() noexcept;
// Null where this build has none.
[[nodiscard]] const VocoderKernels* avx2_vocoder_kernels() noexcept;
[[nodiscard]] const VocoderKernels& vocoder_kernels_of(KernelPath path) noexcept;

}  // namespace dred
