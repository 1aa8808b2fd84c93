// Runs the vocoder with weights made of a seed: nothing allocates, every path makes the same samples, and
// they are numbers whatever the features.

#include "dred/vocoder.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "dred/kernel_path.hpp"
#include "tests/counted_allocations.hpp"
#include "tests/synthetic_vocoder.hpp"

namespace {

using S = dred::VocoderSizes;

constexpr std::size_t kFileFrames = 12;
constexpr int kRounds = 5;

// Of speech, of other planets, and at the ends of what a float is.
[[nodiscard]] float feature(dred::testing::Generator& generator) {
  static constexpr std::array<float, 4> kSizes = {1, 10, 1000, 3e38F};
  const float size = kSizes[generator.below(kSizes.size())];
  return (static_cast<float>(generator.below(2001)) - 1000.0F) / 1000.0F * size;
}

}  // namespace

int main() {
  dred::testing::Generator generator(2026);
  const dred::testing::Blob blob = dred::testing::VocoderMaker(generator).make();
  std::vector<dred::VocoderNetwork> networks(dred::available_paths().size());
  std::vector<dred::Vocoder> vocoders;
  for (const dred::KernelPath path : dred::available_paths()) {
    dred::VocoderNetwork& network = networks[vocoders.size()];
    const dred::Status status = dred::load_vocoder_network(blob, path, network);
    if (!status.ok()) {
      std::printf("FAIL: %s: %s\n", status.layer, status.message);
      return EXIT_FAILURE;
    }
    vocoders.emplace_back(network);
  }
  std::array<float, dred::kVocoderPastSamples> past{};
  std::array<float, dred::kVocoderPastFrames * S::kFeatures> past_features{};
  std::array<float, kFileFrames * S::kFeatures> features{};
  std::vector<std::array<float, S::kFrame>> frames(vocoders.size());
  std::vector<std::array<std::int16_t, kFileFrames * S::kFrame>> files(vocoders.size());
  std::size_t differing = 0;
  std::size_t no_numbers = 0;

  const std::size_t before = allocation_count;
  for (int round = 0; round < kRounds; ++round) {
    for (float& value : past) value = feature(generator);
    for (float& value : past_features) value = feature(generator);
    for (float& value : features) value = feature(generator);
    for (dred::Vocoder& vocoder : vocoders) vocoder.start(past, past_features);
    for (std::size_t i = 0; i < kFileFrames; ++i) {
      for (std::size_t v = 0; v < vocoders.size(); ++v) {
        vocoders[v].frame(dred::VocoderFeatures(features.data() + i * S::kFeatures, S::kFeatures), frames[v]);
        for (const float sample : frames[v]) no_numbers += std::isfinite(sample) ? 0U : 1U;
        differing += frames[v] == frames[0] ? 0U : 1U;
      }
    }
    for (std::size_t v = 0; v < vocoders.size(); ++v) {
      dred::synthesise(networks[v], features, files[v]);
      differing += files[v] == files[0] ? 0U : 1U;
    }
  }
  const std::size_t allocations = allocation_count - before;

  std::printf("paths %zu, no numbers %zu, differing %zu, allocations %zu\n", vocoders.size(), no_numbers,
              differing, allocations);
  return allocations == 0 && no_numbers == 0 && differing == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
