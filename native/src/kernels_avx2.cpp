// The kernels for AVX2. Compiled with its own options, so nothing of the standard library is used: an inline
// function emitted here could be chosen for the whole program.
#include "dred/kernels.hpp"

#if defined(__AVX2__)

#include <immintrin.h>

#include "dred/fixed_point.hpp"
#include "dred/tanh_table.hpp"

namespace dred {
namespace {

// Eight 32-bit lanes, or 32-bit numbers in the lower halves of four 64-bit lanes.
using Lanes = __m256i;

constexpr int kLargestTanhArgument = (1 << 19) - 1;
constexpr int kLargestSigmoidArgument = (1 << 20) - 1;
constexpr int kOddLanes = 0xAA;
// The row r of a group is lane r / 2 of the even rows or of the odd rows.
constexpr std::size_t kHalfBlock = kWeightsPerBlock / 2;

template <typename T>
[[nodiscard]] inline Lanes load(const T* memory) noexcept {
  return _mm256_loadu_si256(reinterpret_cast<const Lanes*>(memory));
}
inline void store(std::int32_t* memory, Lanes lanes) noexcept {
  _mm256_storeu_si256(reinterpret_cast<Lanes*>(memory), lanes);
}
[[nodiscard]] inline Lanes load_activations(const std::int16_t* memory) noexcept {
  return _mm256_cvtepi16_epi32(_mm_loadu_si128(reinterpret_cast<const __m128i*>(memory)));
}
inline void store_activations(std::int16_t* memory, Lanes lanes) noexcept {
  const Lanes packed = _mm256_permute4x64_epi64(_mm256_packs_epi32(lanes, lanes), 0b1000);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(memory), _mm256_castsi256_si128(packed));
}

// The odd lanes as the lower halves of 64-bit lanes.
[[nodiscard]] inline Lanes odd(Lanes lanes) noexcept {
  return _mm256_srli_epi64(lanes, 32);
}

// Bits kShift.. of 64-bit numbers whose shifted values fit 32 bits, even and odd ones side by side.
template <int kShift>
[[nodiscard]] inline Lanes merge_shifted(Lanes even_numbers, Lanes odd_numbers) noexcept {
  return _mm256_blend_epi32(_mm256_srli_epi64(even_numbers, kShift),
                            _mm256_slli_epi64(odd_numbers, 32 - kShift), kOddLanes);
}

// Fetched once per layer: a call within a loop would spill every register.
[[nodiscard]] inline const int* tanh_entries() noexcept {
  return reinterpret_cast<const int*>(packed_tanh_table());
}

// Eight loads are faster than the gather instruction of the processors that this was measured on.
[[nodiscard]] inline Lanes look_up(const int* table, Lanes indices) noexcept {
  const __m128i low = _mm256_castsi256_si128(indices);
  const __m128i high = _mm256_extracti128_si256(indices, 1);
  const auto index01 = static_cast<std::uint64_t>(_mm_cvtsi128_si64(low));
  const auto index23 = static_cast<std::uint64_t>(_mm_extract_epi64(low, 1));
  const auto index45 = static_cast<std::uint64_t>(_mm_cvtsi128_si64(high));
  const auto index67 = static_cast<std::uint64_t>(_mm_extract_epi64(high, 1));
  constexpr std::uint64_t kLow = 0xFFFFFFFF;
  __m128i first = _mm_cvtsi32_si128(table[index01 & kLow]);
  __m128i second = _mm_cvtsi32_si128(table[index45 & kLow]);
  first = _mm_insert_epi32(first, table[index01 >> 32], 1);
  second = _mm_insert_epi32(second, table[index45 >> 32], 1);
  first = _mm_insert_epi32(first, table[index23 & kLow], 2);
  second = _mm_insert_epi32(second, table[index67 & kLow], 2);
  first = _mm_insert_epi32(first, table[index23 >> 32], 3);
  second = _mm_insert_epi32(second, table[index67 >> 32], 3);
  return _mm256_inserti128_si256(_mm256_castsi128_si256(first), second, 1);
}

// clause: FIX-tanh, FIX-sigmoid
template <int kBits>
[[nodiscard]] inline Lanes interpolate(Lanes argument, const int* table) noexcept {
  const Lanes entry = look_up(table, _mm256_srli_epi32(argument, kBits));
  const Lanes fraction = _mm256_and_si256(argument, _mm256_set1_epi32((1 << kBits) - 1));
  const Lanes step = _mm256_and_si256(entry, _mm256_set1_epi32(static_cast<int>(kTanhStepMask)));
  const Lanes start = _mm256_slli_epi32(_mm256_srli_epi32(entry, kTanhStepBits), kBits);
  // Both factors are below 2^15: the product of their lower halves is the whole product.
  return _mm256_add_epi32(start, _mm256_madd_epi16(fraction, step));
}

// clause: FIX-tanh, FIX-activation
[[nodiscard]] inline Lanes tanh_q15(Lanes preactivation, const int* table) noexcept {
  const Lanes size =
      _mm256_min_epu32(_mm256_abs_epi32(preactivation), _mm256_set1_epi32(kLargestTanhArgument));
  const Lanes rounded =
      _mm256_srli_epi32(_mm256_add_epi32(interpolate<9>(size, table), _mm256_set1_epi32(1 << 11)), 12);
  const Lanes limited = _mm256_min_epi32(rounded, _mm256_set1_epi32(kLargestActivation));
  return _mm256_sign_epi32(limited, preactivation);
}

// clause: FIX-sigmoid
[[nodiscard]] inline Lanes sigmoid_q15(Lanes preactivation, const int* table) noexcept {
  const Lanes size =
      _mm256_min_epu32(_mm256_abs_epi32(preactivation), _mm256_set1_epi32(kLargestSigmoidArgument));
  const Lanes value = _mm256_sign_epi32(interpolate<10>(size, table), preactivation);
  return _mm256_srli_epi32(_mm256_add_epi32(value, _mm256_set1_epi32((1 << 28) + (1 << 13))), 14);
}

// Of a gate and an activation, or the difference of two: 32 bits hold it.
// clause: FIX-product
[[nodiscard]] inline Lanes short_product(Lanes gate, Lanes number) noexcept {
  const Lanes whole = _mm256_mullo_epi32(gate, number);
  return _mm256_srai_epi32(_mm256_add_epi32(whole, _mm256_set1_epi32(1 << (kActivationBits - 1))),
                           kActivationBits);
}

// Of a gate and a preactivation.
// clause: FIX-product
[[nodiscard]] inline Lanes product(Lanes gate, Lanes number) noexcept {
  const Lanes half = _mm256_set1_epi64x(1 << (kActivationBits - 1));
  return merge_shifted<kActivationBits>(_mm256_add_epi64(_mm256_mul_epi32(gate, number), half),
                                        _mm256_add_epi64(_mm256_mul_epi32(odd(gate), odd(number)), half));
}

// With the bias inside, (A + 2^24 b + 2^23) >> 24 is one shift; limits before it are those after it.
// clause: FIX-float-layer
[[nodiscard]] inline Lanes limit_sum(Lanes sum, Lanes bias) noexcept {
  constexpr long long kLimit = static_cast<long long>(kFloatLayerLimit) << kFloatLayerShift;
  const Lanes most = _mm256_set1_epi64x(kLimit);
  const Lanes least = _mm256_set1_epi64x(-kLimit);
  sum = _mm256_add_epi64(sum, _mm256_mul_epi32(bias, _mm256_set1_epi32(1 << kFloatLayerShift)));
  sum = _mm256_add_epi64(sum, _mm256_set1_epi64x(1 << (kFloatLayerShift - 1)));
  sum = _mm256_blendv_epi8(sum, most, _mm256_cmpgt_epi64(sum, most));
  return _mm256_blendv_epi8(sum, least, _mm256_cmpgt_epi64(least, sum));
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
    Lanes even_sums = _mm256_setzero_si256();
    Lanes odd_sums = even_sums;
    for (std::size_t i = 0; i < used_count; ++i) {
      const Lanes value = _mm256_set1_epi32(values[used[i]]);
      const Lanes row = load(weights + used[i] * kRowsPerGroup);
      even_sums = _mm256_add_epi64(even_sums, _mm256_mul_epi32(row, value));
      odd_sums = _mm256_add_epi64(odd_sums, _mm256_mul_epi32(odd(row), value));
    }
    const Lanes bias = load(layer.biases + group * kRowsPerGroup);
    store(preactivations + group * kRowsPerGroup,
          merge_shifted<kFloatLayerShift>(limit_sum(even_sums, bias), limit_sum(odd_sums, odd(bias))));
  }
}

// Sums of a group: two 32-bit lanes for each of the even and of the odd rows. Lanes wrap, as two blocks at
// the same place may cancel; every row's own sum fits.
struct GroupSums {
  Lanes even_rows;
  Lanes odd_rows;
};

// The activations of a block in every 64-bit lane.
[[nodiscard]] inline Lanes broadcast_block(const std::int16_t* activations) noexcept {
  return _mm256_broadcastq_epi64(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(activations)));
}

[[nodiscard]] inline Lanes load_weights(const std::int8_t* weights) noexcept {
  return _mm256_cvtepi8_epi16(_mm_loadu_si128(reinterpret_cast<const __m128i*>(weights)));
}

inline void add_block(const std::int8_t* weights, Lanes activations, GroupSums& sums) noexcept {
  const Lanes even_rows = _mm256_madd_epi16(load_weights(weights), activations);
  const Lanes odd_rows = _mm256_madd_epi16(load_weights(weights + kHalfBlock), activations);
  sums.even_rows = _mm256_add_epi32(sums.even_rows, even_rows);
  sums.odd_rows = _mm256_add_epi32(sums.odd_rows, odd_rows);
}

// clause: FIX-int8-layer
inline void finish_group(const Int8Layer& layer, std::size_t group, const GroupSums& sums,
                         std::int32_t* preactivations) noexcept {
  const Lanes even_sums = _mm256_add_epi32(sums.even_rows, odd(sums.even_rows));
  const Lanes odd_sums = _mm256_add_epi32(sums.odd_rows, odd(sums.odd_rows));
  const Lanes multiplier = load(layer.multipliers + group * kRowsPerGroup);
  const Lanes half = _mm256_set1_epi64x(1 << (kInt8LayerShift - 1));
  const Lanes scaled =
      merge_shifted<kInt8LayerShift>(_mm256_add_epi64(_mm256_mul_epi32(even_sums, multiplier), half),
                                     _mm256_add_epi64(_mm256_mul_epi32(odd_sums, odd(multiplier)), half));
  store(preactivations + group * kRowsPerGroup,
        _mm256_add_epi32(scaled, load(layer.biases + group * kRowsPerGroup)));
}

// Several groups of a dense layer share the activations. The loop tests its end at the end, as every layer
// has inputs: otherwise the compiler keeps a second copy of the sums.
template <std::size_t kGroups>
inline void run_dense(const Int8Layer& layer, std::size_t group, const std::int16_t* activations,
                      std::int32_t* preactivations) noexcept {
  const std::size_t group_size = layer.inputs * kRowsPerGroup;
  const std::int8_t* weights = layer.weights + group * group_size;
  const std::int8_t* const end = weights + group_size;
  GroupSums sums[kGroups];
  for (GroupSums& each : sums) each = {_mm256_setzero_si256(), _mm256_setzero_si256()};
  do {
    const Lanes inputs = broadcast_block(activations);
    for (std::size_t i = 0; i < kGroups; ++i) add_block(weights + i * group_size, inputs, sums[i]);
    weights += kWeightsPerBlock;
    activations += kColumnsPerBlock;
  } while (weights != end);
  for (std::size_t i = 0; i < kGroups; ++i) finish_group(layer, group + i, sums[i], preactivations);
}

inline void run_sparse(const Int8Layer& layer, std::size_t group, const std::int16_t* activations,
                       std::int32_t* preactivations) noexcept {
  const Int8Group& blocks = layer.groups[group];
  const std::int8_t* weights = layer.weights + blocks.first_weight;
  const std::uint32_t* column = layer.columns + blocks.first_block;
  const std::uint32_t* const end = column + blocks.block_count;
  GroupSums sums = {_mm256_setzero_si256(), _mm256_setzero_si256()};
  for (; end - column >= 4; column += 4, weights += 4 * kWeightsPerBlock)
    for (std::size_t i = 0; i < 4; ++i)
      add_block(weights + i * kWeightsPerBlock, broadcast_block(activations + column[i]), sums);
  for (; column != end; ++column, weights += kWeightsPerBlock)
    add_block(weights, broadcast_block(activations + *column), sums);
  finish_group(layer, group, sums, preactivations);
}

// clause: FIX-int8-layer
void int8_layer(const Int8Layer& layer, const std::int16_t* activations, const KernelScratch& /*scratch*/,
                std::int32_t* preactivations) {
  std::size_t group = 0;
  if (layer.is_dense) {
    for (; layer.group_count - group >= 2; group += 2)
      run_dense<2>(layer, group, activations, preactivations);
    if (group < layer.group_count) run_dense<1>(layer, group, activations, preactivations);
    return;
  }
  for (; group < layer.group_count; ++group) run_sparse(layer, group, activations, preactivations);
}

void tanh_layer(const std::int32_t* preactivations, std::size_t count, std::int16_t* activations) {
  const int* const table = tanh_entries();
  for (std::size_t i = 0; i < count; i += kRowsPerGroup)
    store_activations(activations + i, tanh_q15(load(preactivations + i), table));
}

// clause: FIX-gru
void gru_layer(const std::int32_t* input, const std::int32_t* recurrent, std::size_t count,
               std::int16_t* state) {
  const int* const table = tanh_entries();
  for (std::size_t i = 0; i < count; i += kRowsPerGroup) {
    const auto both = [&](std::size_t first) {
      return _mm256_add_epi32(load(input + first), load(recurrent + first));
    };
    const Lanes update = sigmoid_q15(both(i), table);         // z
    const Lanes reset = sigmoid_q15(both(count + i), table);  // r
    const Lanes kept = product(reset, load(recurrent + 2 * count + i));
    const Lanes candidate = tanh_q15(_mm256_add_epi32(load(input + 2 * count + i), kept), table);  // c
    const Lanes difference = _mm256_sub_epi32(load_activations(state + i), candidate);
    store_activations(state + i, _mm256_add_epi32(candidate, short_product(update, difference)));
  }
}

// clause: FIX-glu
void glu_layer(const std::int32_t* preactivations, const std::int16_t* state, std::size_t count,
               std::int16_t* activations) {
  const int* const table = tanh_entries();
  for (std::size_t i = 0; i < count; i += kRowsPerGroup)
    store_activations(activations + i, short_product(sigmoid_q15(load(preactivations + i), table),
                                                     load_activations(state + i)));
}

constexpr Kernels kKernels = {WeightOrder::blocks, float_layer, int8_layer, tanh_layer, gru_layer, glu_layer};

}  // namespace

const Kernels* avx2_kernels() noexcept {
  return &kKernels;
}

}  // namespace dred

#else

namespace dred {

const Kernels* avx2_kernels() noexcept {
  return nullptr;
}

}  // namespace dred

#endif
