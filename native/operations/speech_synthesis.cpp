#include "operations/speech_synthesis.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "operations/error.hpp"

namespace dred {
namespace {

void check_numbers(std::span<const float> values, std::size_t first_position) {
  for (std::size_t i = 0; i < values.size(); ++i)
    if (!std::isfinite(values[i]))
      throw Error(failure_at(Rule::N3, Stage::audio, first_position + i, "a value is not a finite number"));
}

void check_count(std::size_t count, std::size_t wanted, const char* message) {
  if (count != wanted) throw Error(refusal(Rule::N3, Stage::audio, message));
}

}  // namespace

SpeechSynthesis::SpeechSynthesis(const Model& model, KernelPath path)
    : network_(model.prepared_vocoder(path)), vocoder_(*network_) {}

void SpeechSynthesis::start(std::span<const float> past, std::span<const float> features) {
  check_count(past.size(), kVocoderPastSamples, "the past is not 320 samples");
  check_count(features.size(), kVocoderPastFrames * VocoderSizes::kFeatures,
              "the features of the past are not 5 frames of 20");
  check_numbers(past, 0);
  check_numbers(features, past.size());
  vocoder_.start(VocoderPast(past.data(), kVocoderPastSamples),
                 VocoderPastFeatures(features.data(), kVocoderPastFrames * VocoderSizes::kFeatures));
  is_started_ = true;
}

void SpeechSynthesis::frame(std::span<const float> features, VocoderSamples samples) {
  if (!is_started_) throw Error(refusal(Rule::W1, Stage::audio, "speech begins with its past"));
  check_count(features.size(), VocoderSizes::kFeatures, "a frame is not 20 features");
  check_numbers(features, 0);
  vocoder_.frame(VocoderFeatures(features.data(), VocoderSizes::kFeatures), samples);
}

void SpeechSynthesis::check_file(std::span<const float> features) const {
  check_count(features.size() % VocoderSizes::kFeatures, 0, "a frame is not 20 features");
  check_numbers(features, 0);
}

void SpeechSynthesis::reset() noexcept {
  vocoder_.reset();
  is_started_ = false;
}

std::vector<std::int16_t> SpeechSynthesis::file(std::span<const float> features) const {
  check_file(features);
  std::vector<std::int16_t> samples(features.size() / VocoderSizes::kFeatures * VocoderSizes::kFrame);
  synthesise(*network_, features, samples);
  return samples;
}

std::vector<std::int16_t> SpeechSynthesis::continuation(std::span<const std::int16_t> past,
                                                        std::span<const float> features) {
  constexpr std::size_t kPastFeatures = kVocoderPastFrames * VocoderSizes::kFeatures;
  check_file(features);
  std::vector<float> signal;
  for (const std::int16_t sample : past) signal.push_back(static_cast<float>(sample) / 32768.0F);
  reset();
  start(signal, features.first(std::min(features.size(), kPastFeatures)));
  std::vector<std::int16_t> samples;
  samples.reserve((features.size() - kPastFeatures) / VocoderSizes::kFeatures * VocoderSizes::kFrame);
  std::array<float, VocoderSizes::kFrame> made{};
  for (std::size_t i = kPastFeatures; i < features.size(); i += VocoderSizes::kFeatures) {
    frame(features.subspan(i, VocoderSizes::kFeatures), made);
    for (const float value : made) samples.push_back(to_sample(value));
  }
  return samples;
}

}  // namespace dred
