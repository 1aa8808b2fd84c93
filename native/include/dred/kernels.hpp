// The inner loops of the decoder network, once per instruction set. All compute the same integers.
//
// Only plain structures and pointers here: a file compiled for AVX2 must not emit inline functions that the
// linker could then choose for processors without it.
#pragma once

#include <cstddef>
#include <cstdint>

namespace dred {

inline constexpr std::size_t kRowsPerGroup = 8;
inline constexpr std::size_t kColumnsPerBlock = 4;
inline constexpr std::size_t kWeightsPerBlock = kRowsPerGroup * kColumnsPerBlock;
// The portable kernel reads rows in pieces of this many weights, the last filled up with zeros.
inline constexpr std::size_t kColumnsPerPiece = 16;

// A layer of float weights. Rows are filled up with zeros to whole groups; row r of group g has the weight of
// input j at (g * inputs + j) * 8 + r.
struct FloatLayer {
  const std::int32_t* weights = nullptr;  // Q24
  const std::int32_t* biases = nullptr;   // Q16
  std::size_t inputs = 0;
  std::size_t outputs = 0;
  std::size_t group_count = 0;
};

struct Int8Group {
  std::size_t first_weight = 0;
  std::uint32_t first_block = 0;
  std::uint32_t block_count = 0;
};

// The order of the weights of a group is that of the kernels, see arrange_weights().
struct Int8Layer {
  const std::int8_t* weights = nullptr;
  const std::int32_t* multipliers = nullptr;  // Q31
  const std::int32_t* biases = nullptr;       // Q16
  std::size_t inputs = 0;
  std::size_t outputs = 0;
  std::size_t group_count = 0;
  bool is_dense = false;                   // every group has all blocks, in order; then there are no columns
  const std::uint32_t* columns = nullptr;  // first input of each block
  const Int8Group* groups = nullptr;
};

enum class WeightOrder : std::uint8_t { rows, blocks };

// Memory of a decoder that kernels write to and forget.
struct KernelScratch {
  std::uint32_t* used = nullptr;     // indices of all inputs of a float layer
  std::int16_t* gathered = nullptr;  // WeightOrder::rows: the columns of a group, in whole pieces
};

// Arrays of activations and preactivations have room for whole groups of 8; what lies between the outputs of
// a layer and the end of its last group is written, too.
struct Kernels {
  WeightOrder order = WeightOrder::rows;
  void (*float_layer)(const FloatLayer& layer, const std::int32_t* values, const KernelScratch& scratch,
                      std::int32_t* preactivations) = nullptr;
  void (*int8_layer)(const Int8Layer& layer, const std::int16_t* activations, const KernelScratch& scratch,
                     std::int32_t* preactivations) = nullptr;
  void (*tanh)(const std::int32_t* preactivations, std::size_t count, std::int16_t* activations) = nullptr;
  // Input and recurrent part hold the gates z, r and the candidate one after the other.
  void (*gru)(const std::int32_t* input, const std::int32_t* recurrent, std::size_t count,
              std::int16_t* state) = nullptr;
  void (*glu)(const std::int32_t* preactivations, const std::int16_t* state, std::size_t count,
              std::int16_t* activations) = nullptr;
};

enum class KernelPath : std::uint8_t { scalar, avx2 };

[[nodiscard]] const Kernels& scalar_kernels() noexcept;
// Null where this build has none.
[[nodiscard]] const Kernels* avx2_kernels() noexcept;

}  // namespace dred
