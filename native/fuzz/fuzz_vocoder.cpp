// Loads weights of a vocoder, sound and damaged: both paths refuse the same, and what they load makes the
// same samples, all of them numbers.

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <vector>

#include "dred/kernel_path.hpp"
#include "dred/vocoder.hpp"
#include "fuzz/fuzz_input.hpp"
#include "tests/synthetic_vocoder.hpp"

using dred::fuzz::require;
using S = dred::VocoderSizes;

namespace {

constexpr std::size_t kRecordHeader = 64;
constexpr std::size_t kRecordSizes = 12;  // two words of a header that say how long the record is
constexpr std::size_t kMostChanges = 8;

struct SoundBlob {
  dred::testing::Blob bytes;
  std::vector<std::size_t> records;  // where each begins
};

const SoundBlob& sound_blob() {
  static const SoundBlob sound = [] {
    dred::testing::Generator generator(3);
    SoundBlob made{dred::testing::VocoderMaker(generator).make(), {}};
    for (std::size_t i = 0; i + kRecordHeader <= made.bytes.size();) {
      made.records.push_back(i);
      std::uint32_t filled = 0;
      std::memcpy(&filled, made.bytes.data() + i + kRecordSizes + 4, sizeof(filled));
      i += kRecordHeader + filled;
    }
    return made;
  }();
  return sound;
}

// A change at the begin of a record, in its header or its first values, or anywhere.
void change(dred::fuzz::Input& input, dred::testing::Blob& blob) {
  const auto& records = sound_blob().records;
  std::size_t place = input.below(static_cast<std::uint32_t>(records.size()));
  if (input.below(4) == 0)
    place = input.word() % blob.size();
  else
    place = records[place] + input.below(kRecordHeader + 16);
  blob[place] = input.byte();
}

dred::testing::Blob choose_blob(dred::fuzz::Input& input) {
  const SoundBlob& sound = sound_blob();
  const std::size_t changes = input.below(kMostChanges + 4);
  if (changes > kMostChanges + 2) {
    const dred::Bytes bytes = input.bytes(512);
    return {bytes.begin(), bytes.end()};
  }
  dred::testing::Blob blob = sound.bytes;
  for (std::size_t i = 0; i < std::min(changes, kMostChanges); ++i) change(input, blob);
  if (changes <= kMostChanges) return blob;
  // A record less, or twice as it is.
  const std::size_t index = input.below(static_cast<std::uint32_t>(sound.records.size() - 1));
  const auto begin = blob.begin() + static_cast<std::ptrdiff_t>(sound.records[index]);
  const auto end = blob.begin() + static_cast<std::ptrdiff_t>(sound.records[index + 1]);
  if (changes == kMostChanges + 1) {
    blob.erase(begin, end);
  } else {
    const dred::testing::Blob record(begin, end);
    blob.insert(blob.begin(), record.begin(), record.end());
  }
  if (input.below(8) == 0) blob.resize(input.word() % blob.size());
  return blob;
}

// Any bits but those of what is no number.
float read_number(dred::fuzz::Input& input) {
  if (input.below(4) != 0) return static_cast<float>(input.byte()) / 64.0F - 2.0F;
  const auto value = std::bit_cast<float>(input.word());
  return std::isfinite(value) ? value : 0.0F;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dred::fuzz::Input input(data, size);
  const dred::testing::Blob blob = choose_blob(input);
  const bool speaks = input.below(4) == 0;  // which takes longer than loading
  std::array<float, dred::kVocoderPastFrames * S::kFeatures> features;
  std::array<float, dred::kVocoderPastSamples> past{};
  for (float& value : features) value = read_number(input);
  for (std::size_t i = 0; i < 16; ++i) past[past.size() - 1 - i * i] = read_number(input) / 1e4F;
  dred::Status first;
  std::array<float, S::kFrame> expected{};
  for (const dred::KernelPath path : dred::available_paths()) {
    dred::VocoderNetwork network;
    const dred::Status status = dred::load_vocoder_network(blob, path, network);
    require(status.ok() || (status.rule == dred::Rule::N1 && status.stage == dred::Stage::audio));
    if (path == dred::KernelPath::scalar) first = status;
    require(status.rule == first.rule && std::strcmp(status.layer, first.layer) == 0 &&
            std::strcmp(status.message, first.message) == 0);
    require(!status.ok() || dred::has_vocoder_network(blob));
    if (status.ok() && !speaks) break;  // one load is slow enough
    if (!status.ok()) continue;
    dred::Vocoder vocoder(network);
    std::array<float, S::kFrame> samples{};
    vocoder.start(past, features);
    vocoder.frame(dred::VocoderFeatures(features.data(), S::kFeatures), samples);
    for (const float sample : samples) require(std::isfinite(sample));
    if (path == dred::KernelPath::scalar) expected = samples;
    require(samples == expected);
  }
  return 0;
}
