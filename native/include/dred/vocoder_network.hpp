// The networks of the vocoder (FARGAN): one conditions on the features of 10 ms, one makes 2.5 ms of signal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dred/aligned_vector.hpp"
#include "dred/bytes.hpp"
#include "dred/status.hpp"
#include "dred/vocoder_kernels.hpp"

namespace dred {

// All sizes are fixed.
struct VocoderSizes {
  static constexpr std::size_t kFeatures = 20;
  static constexpr std::size_t kShortestPeriod = 32;  // of the embedding; of its 224 rows the first
  static constexpr std::size_t kPeriods = 224;
  static constexpr std::size_t kEmbedding = 12;
  static constexpr std::size_t kConditionInput = kFeatures + kEmbedding;
  static constexpr std::size_t kConvolutionInput = 64;
  static constexpr std::size_t kConvolutionTaps = 3;
  static constexpr std::size_t kConvolution = 128;
  static constexpr std::size_t kSubframe = 40;
  static constexpr std::size_t kSubframes = 4;
  static constexpr std::size_t kFrame = kSubframe * kSubframes;
  static constexpr std::size_t kCondition = 80;  // of a subframe
  static constexpr std::size_t kPrediction = kSubframe + 4;
  static constexpr std::size_t kSignalInput = kCondition + kPrediction + kSubframe;
  static constexpr std::size_t kHidden = 192;
  static constexpr std::size_t kState1 = 160;
  static constexpr std::size_t kState2 = 128;
  static constexpr std::size_t kState3 = 128;
  static constexpr std::size_t kSkip = 128;
  static constexpr std::size_t kPitchGains = 4;
  static constexpr std::size_t kSignals = 2 * kSubframe;  // gained prediction and previous subframe
  static constexpr std::size_t kSkipInput = kState1 + kState2 + kState3 + kHidden + kSignals;
};
static_assert(VocoderSizes::kSkipInput == kWidestVocoderInput);

// The weight of input j and output i is at j * outputs + i.
struct VocoderFloatLayer {
  const float* weights = nullptr;
  const float* biases = nullptr;
  std::size_t inputs = 0;
  std::size_t outputs = 0;
};

struct VocoderGru {
  VocoderLayer input;
  VocoderLayer recurrent;
  VocoderLayer gate;  // of the GLU behind it
};

// Takes all its memory when it is loaded and never changes afterwards. The layers point into its storage.
class VocoderNetwork {
 public:
  VocoderFloatLayer period_embedding;  // pembed
  VocoderFloatLayer condition_in;      // fdense1
  VocoderLayer condition_conv;         // fconv1
  VocoderLayer condition_out;          // fdense2

  VocoderFloatLayer gain;        // cond_gain_dense
  VocoderLayer hidden;           // fwc0_conv
  VocoderLayer hidden_gate;      // fwc0_glu_gate
  VocoderFloatLayer pitch_gain;  // gain_dense_out
  VocoderGru gru1;
  VocoderGru gru2;
  VocoderGru gru3;
  VocoderLayer skip;       // skip_dense
  VocoderLayer skip_gate;  // skip_glu_gate
  VocoderLayer signal;     // sig_dense_out

  KernelPath path = KernelPath::scalar;
  struct Storage {
    std::vector<AlignedVector<std::int8_t>> weights;
    std::vector<AlignedVector<float>> numbers;
  };
  Storage storage;

  VocoderNetwork() = default;
  VocoderNetwork(VocoderNetwork&&) = default;
  VocoderNetwork& operator=(VocoderNetwork&&) = default;
  VocoderNetwork(const VocoderNetwork&) = delete;
  VocoderNetwork& operator=(const VocoderNetwork&) = delete;
  ~VocoderNetwork() = default;

  [[nodiscard]] std::size_t memory_bytes() const noexcept;
};

// Whether there is an array of the vocoder, or a blob so broken that nobody knows.
[[nodiscard]] bool has_vocoder_network(Bytes blob);

// N1; then `network` is not to be used. Throws std::bad_alloc only.
[[nodiscard]] Status load_vocoder_network(Bytes blob, KernelPath path, VocoderNetwork& network);

}  // namespace dred
