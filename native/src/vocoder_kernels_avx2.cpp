// The kernels of the vocoder for AVX2. Compiled with its own options, so nothing of the standard library is
// used, see kernels_avx2.cpp. No fused multiply-add: the numbers are those of the portable kernels.
#include "dred/vocoder_kernels.hpp"

#if defined(__AVX2__)

#include <immintrin.h>

namespace dred {
namespace {

using Integers = __m256i;
using Floats = __m256;

constexpr std::size_t kLanes = 8;

template <typename T>
[[nodiscard]] inline Integers load_bytes(const T* memory) noexcept {
  return _mm256_loadu_si256(reinterpret_cast<const Integers*>(memory));
}

// Of two operands that do not compare, min and max take the second: that decides what is no number.
[[nodiscard]] inline Floats limit(Floats values, float size) noexcept {
  return _mm256_min_ps(_mm256_max_ps(values, _mm256_set1_ps(-size)), _mm256_set1_ps(size));
}

[[nodiscard]] inline Floats polynomial(const float (&coefficients)[3], Floats square) noexcept {
  const Floats inner =
      _mm256_add_ps(_mm256_mul_ps(_mm256_set1_ps(coefficients[2]), square), _mm256_set1_ps(coefficients[1]));
  return _mm256_add_ps(_mm256_mul_ps(inner, square), _mm256_set1_ps(coefficients[0]));
}

[[nodiscard]] inline Floats tanh_of(Floats values) noexcept {
  const Floats x = limit(values, kLargestTanhInput);
  const Floats square = _mm256_mul_ps(x, x);
  const Floats numerator = _mm256_mul_ps(polynomial(kTanhNumerator, square), x);
  return limit(_mm256_div_ps(numerator, polynomial(kTanhDenominator, square)), 1);
}

[[nodiscard]] inline Floats sigmoid_of(Floats values) noexcept {
  const Floats half = _mm256_set1_ps(0.5F);
  return _mm256_add_ps(half, _mm256_mul_ps(half, tanh_of(_mm256_mul_ps(half, values))));
}

void quantise(const float* values, std::size_t count, std::int8_t* activations) {
  for (std::size_t i = 0; i < count; i += kLanes) {
    const Floats scaled = _mm256_mul_ps(limit(_mm256_loadu_ps(values + i), 1), _mm256_set1_ps(kQuantisedOne));
    const Integers rounded = _mm256_cvtps_epi32(scaled);
    const __m128i words =
        _mm_packs_epi32(_mm256_castsi256_si128(rounded), _mm256_extracti128_si256(rounded, 1));
    _mm_storel_epi64(reinterpret_cast<__m128i*>(activations + i), _mm_packs_epi16(words, words));
  }
}

// The instruction multiplies unsigned by signed bytes and adds two products in 16 bits. With the size of the
// activation and a weight that took over its sign the sum is at most 2 * 127 * 127: it never saturates.
[[nodiscard]] inline Integers block_sums(const std::int8_t* weights, Integers activations,
                                         Integers sizes) noexcept {
  const Integers signed_weights = _mm256_sign_epi8(load_bytes(weights), activations);
  return _mm256_madd_epi16(_mm256_maddubs_epi16(sizes, signed_weights), _mm256_set1_epi16(1));
}

// Several groups of 8 outputs share the activations.
template <std::size_t kGroups>
inline void run_groups(const VocoderLayer& layer, std::size_t group, const std::int8_t* activations,
                       float* outputs) noexcept {
  const std::size_t group_size = layer.inputs * kRowsPerGroup;
  const std::int8_t* weights = layer.weights + group * group_size;
  const std::int8_t* const end = activations + layer.inputs;
  Integers sums[kGroups];
  for (Integers& each : sums) each = _mm256_setzero_si256();
  do {
    const Integers block =
        _mm256_broadcastd_epi32(_mm_loadu_si32(reinterpret_cast<const void*>(activations)));
    const Integers sizes = _mm256_abs_epi8(block);
    for (std::size_t i = 0; i < kGroups; ++i)
      sums[i] = _mm256_add_epi32(sums[i], block_sums(weights + i * group_size, block, sizes));
    weights += kWeightsPerBlock;
    activations += kColumnsPerBlock;
  } while (activations != end);
  for (std::size_t i = 0; i < kGroups; ++i) {
    const std::size_t row = (group + i) * kRowsPerGroup;
    const Floats scaled = _mm256_mul_ps(_mm256_cvtepi32_ps(sums[i]), _mm256_loadu_ps(layer.scales + row));
    _mm256_storeu_ps(outputs + row, _mm256_add_ps(scaled, _mm256_loadu_ps(layer.biases + row)));
  }
}

void int8_layer(const VocoderLayer& layer, const std::int8_t* activations, float* outputs) {
  const std::size_t group_count = layer.outputs / kRowsPerGroup;
  std::size_t group = 0;
  for (; group_count - group >= 4; group += 4) run_groups<4>(layer, group, activations, outputs);
  for (; group < group_count; ++group) run_groups<1>(layer, group, activations, outputs);
}

void tanh_layer(float* values, std::size_t count) {
  for (std::size_t i = 0; i < count; i += kLanes)
    _mm256_storeu_ps(values + i, tanh_of(_mm256_loadu_ps(values + i)));
}

void gru_layer(const float* input, const float* recurrent, std::size_t count, float* state) {
  for (std::size_t i = 0; i < count; i += kLanes) {
    const auto both = [&](std::size_t first) {
      return _mm256_add_ps(_mm256_loadu_ps(input + first), _mm256_loadu_ps(recurrent + first));
    };
    const Floats update = sigmoid_of(both(i));         // z
    const Floats reset = sigmoid_of(both(count + i));  // r
    const Floats kept = _mm256_mul_ps(reset, _mm256_loadu_ps(recurrent + 2 * count + i));
    const Floats candidate = tanh_of(_mm256_add_ps(_mm256_loadu_ps(input + 2 * count + i), kept));
    const Floats rest = _mm256_mul_ps(_mm256_sub_ps(_mm256_set1_ps(1), update), candidate);
    _mm256_storeu_ps(state + i, _mm256_add_ps(_mm256_mul_ps(update, _mm256_loadu_ps(state + i)), rest));
  }
}

void glu_layer(const float* preactivations, const float* state, std::size_t count, float* outputs) {
  for (std::size_t i = 0; i < count; i += kLanes)
    _mm256_storeu_ps(outputs + i, _mm256_mul_ps(_mm256_loadu_ps(state + i),
                                                sigmoid_of(_mm256_loadu_ps(preactivations + i))));
}

constexpr VocoderKernels kKernels = {WeightOrder::blocks, quantise,  int8_layer,
                                     tanh_layer,          gru_layer, glu_layer};

}  // namespace

const VocoderKernels* avx2_vocoder_kernels() noexcept {
  return &kKernels;
}

}  // namespace dred

#else

namespace dred {

const VocoderKernels* avx2_vocoder_kernels() noexcept {
  return nullptr;
}

}  // namespace dred

#endif
