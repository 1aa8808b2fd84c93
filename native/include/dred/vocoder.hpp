// Acoustic features to speech of 16 kHz: the vocoder FARGAN in float32. It goes on from past speech, 10 ms
// at a time. Nothing here allocates.
//
// Signals are within about -1..1. Whatever the features and the past, as long as they are numbers, so is
// what comes out.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "dred/vocoder_network.hpp"

namespace dred {

inline constexpr std::size_t kVocoderPastSamples = 2 * VocoderSizes::kFrame;
inline constexpr std::size_t kVocoderPastFrames = 5;

using VocoderFeatures = std::span<const float, VocoderSizes::kFeatures>;
using VocoderPast = std::span<const float, kVocoderPastSamples>;
using VocoderPastFeatures = std::span<const float, kVocoderPastFrames * VocoderSizes::kFeatures>;
using VocoderSamples = std::span<float, VocoderSizes::kFrame>;

class Vocoder {
 public:
  // The network must outlive the vocoder and stay where it is.
  explicit Vocoder(const VocoderNetwork& network) noexcept;

  [[nodiscard]] const VocoderNetwork& network() const noexcept { return *network_; }

  // As it was when it was made.
  void reset() noexcept;
  // Goes on after 320 samples whose features are these 5 frames, the oldest first; the last two frames may
  // lie behind the samples. The states of the recurrent layers stay what they were.
  void start(VocoderPast past, VocoderPastFeatures features) noexcept;
  void frame(VocoderFeatures features, VocoderSamples samples) noexcept;

 private:
  using S = VocoderSizes;

  static constexpr std::size_t kPitchMemory = 256;
  static constexpr std::size_t kGruMost = 3 * S::kState1;

  // What a subframe hears of the past, in units of its gain.
  struct Prediction {
    std::array<float, S::kPrediction> signal{};  // pred
    std::array<float, S::kSubframe> previous{};  // prev
  };
  using Condition = std::span<const float, S::kCondition>;

  void condition(VocoderFeatures features, int period) noexcept;
  void subframe(Condition condition) noexcept;
  void predict(float inverse_gain, Prediction& prediction) const noexcept;
  void hide(Condition condition, const Prediction& prediction) noexcept;
  float* put_signals(float* target, std::size_t gain, const Prediction& prediction) const noexcept;
  void run_gru(const VocoderGru& gru, float* state, float* output) noexcept;
  void run(const VocoderLayer& layer, const float* input, float* output) noexcept;

  const VocoderNetwork* network_;
  const VocoderKernels* kernels_;

  // The state.
  std::array<float, kPitchMemory> pitch_memory_{};                        // pitch_buf: pre-emphasised
  float deemphasis_ = 0;                                                  // deemph_mem
  int last_period_ = 1;                                                   // of the frame before
  std::array<float, S::kConvolutionTaps * S::kConvolutionInput> taps_{};  // cond_conv1_state, and the input
  std::array<float, 2 * S::kSignalInput> signal_input_{};                 // fwc0_mem, and the input
  std::array<float, S::kState1> state1_{};
  std::array<float, S::kState2> state2_{};
  std::array<float, S::kState3> state3_{};

  // Within a frame or a subframe.
  std::array<float, S::kSubframes * S::kCondition> conditions_{};  // cond
  std::array<float, S::kHidden> hidden_{};                         // h
  std::array<float, kRowsPerGroup> pitch_gains_{};                 // pg
  std::array<float, S::kState1> output1_{};                        // o1
  std::array<float, S::kState2> output2_{};                        // o2
  std::array<float, S::kState3> output3_{};                        // o3
  std::array<float, S::kSkipInput> input_{};
  std::array<float, kGruMost> first_sums_{};
  std::array<float, kGruMost> second_sums_{};
  std::array<std::int8_t, S::kSkipInput> activations_{};
};

// Of 16 bits.
[[nodiscard]] std::int16_t to_sample(float value) noexcept;

// Of a whole file: 160 samples per frame, aligned with the features. `samples` has room for exactly these.
void synthesise(const VocoderNetwork& network, std::span<const float> features,
                std::span<std::int16_t> samples) noexcept;

}  // namespace dred
