// The vocoder over a whole file of features.
#include <algorithm>
#include <array>
#include <cmath>

#include "dred/vocoder.hpp"

namespace dred {
namespace {

using S = VocoderSizes;

// What the vocoder is ahead of the frames that it reads.
constexpr std::size_t kDelay = S::kFrame / 2;

}  // namespace

// clause: VOC-integer
std::int16_t to_sample(float value) noexcept {
  return static_cast<std::int16_t>(std::floor(0.5F + std::clamp(32768 * value, -32767.0F, 32767.0F)));
}

// clause: VOC-flow
void synthesise(const VocoderNetwork& network, std::span<const float> features,
                std::span<std::int16_t> samples) noexcept {
  const std::size_t count = features.size() / S::kFeatures;
  if (count == 0) return;
  const auto frame_at = [&](std::size_t index) {
    return VocoderFeatures(features.data() + std::min(index, count - 1) * S::kFeatures, S::kFeatures);
  };
  static constexpr std::array<float, kVocoderPastSamples> kSilence{};
  std::array<float, kVocoderPastFrames * S::kFeatures> past;
  for (std::size_t i = 0; i < kVocoderPastFrames; ++i)
    std::copy_n(features.begin(), S::kFeatures, past.begin() + static_cast<std::ptrdiff_t>(i * S::kFeatures));
  Vocoder vocoder(network);
  vocoder.start(kSilence, past);
  std::array<float, S::kFrame> made;
  std::size_t written = 0;
  std::size_t skipped = kDelay;
  for (std::size_t index = 1; written < samples.size(); ++index) {
    vocoder.frame(frame_at(index), made);
    for (std::size_t n = skipped; n < S::kFrame && written < samples.size(); ++n)
      samples[written++] = to_sample(made[n]);
    skipped = 0;
  }
}

}  // namespace dred
