// The layers of the decoder network as the blob has them, after the checks N1.
#pragma once

#include <array>
#include <cstddef>

#include "dred/bytes.hpp"
#include "dred/network.hpp"
#include "dred/status.hpp"
#include "dred/weight_blob.hpp"

namespace dred {

struct RawFloatLayer {
  const char* name = "";
  Bytes weights;
  Bytes bias;  // empty: 0
  std::size_t inputs = 0;
  std::size_t outputs = 0;
};

struct RawInt8Layer {
  const char* name = "";
  Bytes weights;
  Bytes index;  // empty: dense
  Bytes scale;
  Bytes bias;  // empty: 0
  std::size_t inputs = 0;
  std::size_t outputs = 0;
};

struct RawBlock {
  RawInt8Layer gru_input;
  RawInt8Layer gru_recurrent;
  RawInt8Layer glu;
  RawInt8Layer conv_dense;
  RawInt8Layer conv;
};

struct RawNetwork {
  RawFloatLayer hidden_init;
  RawInt8Layer gru_init;
  RawFloatLayer dense1;
  std::array<RawBlock, kNetworkBlocks> blocks;
  RawInt8Layer output;
  std::size_t gru_width = 0;
};

// N1 or success.
[[nodiscard]] Status read_network(const WeightBlob& blob, std::size_t latent_dim, std::size_t state_dim,
                                  RawNetwork& network);

}  // namespace dred
