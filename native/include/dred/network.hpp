// The decoder network of a model as integers, in the order that the kernels of one path read.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "dred/aligned_vector.hpp"
#include "dred/bytes.hpp"
#include "dred/kernels.hpp"
#include "dred/status.hpp"

namespace dred {

inline constexpr std::size_t kFeaturesPerFrame = 20;
inline constexpr std::size_t kFramesPerLatent = 4;
inline constexpr std::size_t kFeaturesPerLatent = kFeaturesPerFrame * kFramesPerLatent;
inline constexpr std::size_t kNetworkBlocks = 5;
inline constexpr std::size_t kMaxWidth = 65536;

// GRU, GLU and convolution, k = 1..5 of the layer names.
struct NetworkBlock {
  Int8Layer gru_input;
  Int8Layer gru_recurrent;
  Int8Layer glu;
  Int8Layer conv_dense;
  Int8Layer conv;
};

// Takes all its memory when it is loaded and never changes afterwards. The layers point into its storage.
class Network {
 public:
  FloatLayer hidden_init;
  Int8Layer gru_init;
  FloatLayer dense1;
  std::array<NetworkBlock, kNetworkBlocks> blocks;
  Int8Layer output;

  KernelPath path = KernelPath::scalar;
  std::size_t latent_dim = 0;
  std::size_t state_dim = 0;
  std::size_t gru_width = 0;
  std::size_t concatenated_width = 0;  // of everything that dec_output reads
  std::size_t widest_layer = 0;        // outputs, in whole groups
  std::size_t widest_gathering = 0;    // columns of a group, in whole pieces

  struct Storage {
    std::vector<AlignedVector<std::int8_t>> weights;
    std::vector<AlignedVector<std::int32_t>> numbers;
    std::vector<std::vector<std::uint32_t>> columns;
    std::vector<std::vector<Int8Group>> groups;
  };
  Storage storage;

  Network() = default;
  Network(Network&&) = default;
  Network& operator=(Network&&) = default;
  Network(const Network&) = delete;
  Network& operator=(const Network&) = delete;
  ~Network() = default;

  [[nodiscard]] std::size_t memory_bytes() const noexcept;
};

// N1 or N2; then `network` is not to be used. Throws std::bad_alloc only; what it takes is proportional to
// the blob.
[[nodiscard]] Status load_network(Bytes blob, std::size_t latent_dim, std::size_t state_dim, KernelPath path,
                                  Network& network);

}  // namespace dred
