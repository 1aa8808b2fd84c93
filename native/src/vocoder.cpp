#include "dred/vocoder.hpp"

#include <algorithm>
#include <cmath>

namespace dred {
namespace {

using S = VocoderSizes;

constexpr float kEmphasis = 0.85F;
constexpr std::size_t kPitchFeature = 18;
constexpr std::size_t kPredictionLead = 2;
// Below and above, the prediction is that of the limits. A period of 0 would never leave the past.
constexpr double kShortestPeriod = 1;
constexpr double kLongestPeriod = 4096;
// Far above every gain of speech: with any weights what comes out stays a number.
constexpr float kLargestLogGain = 20;

// The order of the comparisons decides what is no number.
[[nodiscard]] float limit(float value, float size) noexcept {
  const float above = value > -size ? value : -size;
  return above < size ? above : size;
}

// In samples.
// clause: VOC-period
[[nodiscard]] int period_of(VocoderFeatures features) noexcept {
  const double period = std::floor(0.5 + 256 / std::exp2(double{features[kPitchFeature]} + 1.5));
  if (!(period > kShortestPeriod)) return static_cast<int>(kShortestPeriod);
  return static_cast<int>(std::min(period, kLongestPeriod));
}

void run(const VocoderFloatLayer& layer, const float* input, float* output) noexcept {
  std::fill_n(output, layer.outputs, 0.0F);
  for (std::size_t j = 0; j < layer.inputs; ++j)
    for (std::size_t i = 0; i < layer.outputs; ++i)
      output[i] += layer.weights[j * layer.outputs + i] * input[j];
  for (std::size_t i = 0; i < layer.outputs; ++i) output[i] += layer.biases[i];
}

// Where the next values go.
template <typename Range>
float* put(float* target, const Range& values) noexcept {
  return std::copy(values.begin(), values.end(), target);
}

}  // namespace

Vocoder::Vocoder(const VocoderNetwork& network) noexcept
    : network_(&network), kernels_(&vocoder_kernels_of(network.path)) {}

void Vocoder::reset() noexcept {
  *this = Vocoder(*network_);
}

void Vocoder::run(const VocoderLayer& layer, const float* input, float* output) noexcept {
  kernels_->quantise(input, layer.inputs, activations_.data());
  kernels_->layer(layer, activations_.data(), output);
}

// clause: VOC-conditioning
void Vocoder::condition(VocoderFeatures features, int period) noexcept {
  std::array<float, S::kConditionInput> input;
  const int shortest = static_cast<int>(S::kShortestPeriod);
  const int row = std::clamp(period - shortest, 0, static_cast<int>(S::kPeriods) - 1);
  const float* const embedding =
      network_->period_embedding.weights + static_cast<std::size_t>(row) * S::kEmbedding;
  std::copy_n(embedding, S::kEmbedding, put(input.data(), features));
  std::copy(taps_.begin() + S::kConvolutionInput, taps_.end(), taps_.begin());
  float* const newest = taps_.data() + taps_.size() - S::kConvolutionInput;
  dred::run(network_->condition_in, input.data(), newest);
  kernels_->tanh(newest, S::kConvolutionInput);
  std::array<float, S::kConvolution> convolved;
  run(network_->condition_conv, taps_.data(), convolved.data());
  kernels_->tanh(convolved.data(), convolved.size());
  run(network_->condition_out, convolved.data(), conditions_.data());
  kernels_->tanh(conditions_.data(), conditions_.size());
}

// The past one period ago; where that is not over yet, it repeats itself.
// clause: VOC-prediction, VOC-gain
void Vocoder::predict(float inverse_gain, Prediction& prediction) const noexcept {
  const int end = static_cast<int>(kPitchMemory);
  int position = end - last_period_ - static_cast<int>(kPredictionLead);
  for (float& value : prediction.signal) {
    value = limit(inverse_gain * pitch_memory_[static_cast<std::size_t>(std::max(0, position))], 1);
    if (++position == end) position -= last_period_;
  }
  for (std::size_t i = 0; i < S::kSubframe; ++i)
    prediction.previous[i] = limit(inverse_gain * pitch_memory_[kPitchMemory - S::kSubframe + i], 1);
}

// clause: VOC-hidden
void Vocoder::hide(Condition condition, const Prediction& prediction) noexcept {
  std::copy(signal_input_.begin() + S::kSignalInput, signal_input_.end(), signal_input_.begin());
  float* target = put(signal_input_.data() + S::kSignalInput, condition);
  target = put(target, prediction.signal);
  put(target, prediction.previous);
  run(network_->hidden, signal_input_.data(), hidden_.data());
  kernels_->tanh(hidden_.data(), hidden_.size());
  run(network_->hidden_gate, hidden_.data(), first_sums_.data());
  kernels_->glu(first_sums_.data(), hidden_.data(), hidden_.size(), hidden_.data());
}

float* Vocoder::put_signals(float* target, std::size_t gain, const Prediction& prediction) const noexcept {
  for (std::size_t i = 0; i < S::kSubframe; ++i)
    *target++ = pitch_gains_[gain] * prediction.signal[kPredictionLead + i];
  return put(target, prediction.previous);
}

// The input lies in input_.
// clause: VOC-gru
void Vocoder::run_gru(const VocoderGru& gru, float* state, float* output) noexcept {
  const std::size_t width = gru.gate.outputs;
  run(gru.input, input_.data(), first_sums_.data());
  run(gru.recurrent, state, second_sums_.data());
  kernels_->gru(first_sums_.data(), second_sums_.data(), width, state);
  run(gru.gate, state, first_sums_.data());
  kernels_->glu(first_sums_.data(), state, width, output);
}

// clause: VOC-gain, VOC-hidden, VOC-gru, VOC-skip
void Vocoder::subframe(Condition condition) noexcept {
  float log_gain = 0;
  dred::run(network_->gain, condition.data(), &log_gain);
  const float gain = std::exp(limit(log_gain, kLargestLogGain));
  Prediction prediction;
  predict(1 / (1e-5F + gain), prediction);
  hide(condition, prediction);
  std::array<float, kRowsPerGroup> pitch_sums{};
  dred::run(network_->pitch_gain, hidden_.data(), pitch_sums.data());
  static constexpr std::array<float, kRowsPerGroup> kOnes = {1, 1, 1, 1, 1, 1, 1, 1};
  kernels_->glu(pitch_sums.data(), kOnes.data(), kOnes.size(), pitch_gains_.data());

  put_signals(put(input_.data(), hidden_), 0, prediction);
  run_gru(network_->gru1, state1_.data(), output1_.data());
  put_signals(put(input_.data(), output1_), 1, prediction);
  run_gru(network_->gru2, state2_.data(), output2_.data());
  put_signals(put(input_.data(), output2_), 2, prediction);
  run_gru(network_->gru3, state3_.data(), output3_.data());

  float* const after = put(put(put(put(input_.data(), output1_), output2_), output3_), hidden_);
  put_signals(after, 3, prediction);
  std::array<float, S::kSkip> skipped;
  run(network_->skip, input_.data(), skipped.data());
  kernels_->tanh(skipped.data(), skipped.size());
  run(network_->skip_gate, skipped.data(), first_sums_.data());
  kernels_->glu(first_sums_.data(), skipped.data(), skipped.size(), skipped.data());

  std::copy(pitch_memory_.begin() + S::kSubframe, pitch_memory_.end(), pitch_memory_.begin());
  float* const signal = pitch_memory_.data() + kPitchMemory - S::kSubframe;
  run(network_->signal, skipped.data(), signal);
  kernels_->tanh(signal, S::kSubframe);
  for (std::size_t i = 0; i < S::kSubframe; ++i) signal[i] *= gain;
}

// clause: VOC-continuation
void Vocoder::start(VocoderPast past, VocoderPastFeatures features) noexcept {
  std::array<float, kVocoderPastSamples> emphasised;
  emphasised[0] = 0;
  for (std::size_t i = 1; i < past.size(); ++i) emphasised[i] = past[i] - kEmphasis * past[i - 1];
  int period = last_period_;
  for (std::size_t i = 0; i < kVocoderPastFrames; ++i) {
    last_period_ = period;
    const VocoderFeatures frame(features.data() + i * S::kFeatures, S::kFeatures);
    period = period_of(frame);
    this->condition(frame, period);
  }
  // The last frame conditions, but its period is never used: here and in the first frame that follows the
  // signal is predicted with that of the frame before it.
  std::copy_n(emphasised.begin(), S::kFrame, pitch_memory_.end() - S::kFrame);
  for (std::size_t i = 0; i < S::kSubframes; ++i) {
    subframe(Condition(conditions_.data() + i * S::kCondition, S::kCondition));
    std::copy_n(emphasised.begin() + static_cast<std::ptrdiff_t>(S::kFrame + i * S::kSubframe), S::kSubframe,
                pitch_memory_.end() - S::kSubframe);
  }
  deemphasis_ = past.back();
}

// clause: VOC-frame, VOC-output
void Vocoder::frame(VocoderFeatures features, VocoderSamples samples) noexcept {
  const int period = period_of(features);
  condition(features, period);
  for (std::size_t i = 0; i < S::kSubframes; ++i) {
    subframe(Condition(conditions_.data() + i * S::kCondition, S::kCondition));
    const float* const signal = pitch_memory_.data() + kPitchMemory - S::kSubframe;
    for (std::size_t n = 0; n < S::kSubframe; ++n) {
      deemphasis_ = signal[n] + kEmphasis * deemphasis_;
      samples[i * S::kSubframe + n] = deemphasis_;
    }
  }
  last_period_ = period;
}

}  // namespace dred
