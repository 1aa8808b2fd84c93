// Loads weight blobs, sound and damaged, and decodes payloads with them: both paths must refuse the same and
// compute the same, at once and in pieces.

#include <algorithm>
#include <array>
#include <cstring>
#include <vector>

#include "dred/kernel_path.hpp"
#include "dred/packet_feature_decoder.hpp"
#include "fuzz/fuzz_input.hpp"
#include "tests/synthetic_network.hpp"
#include "tests/synthetic_tables.hpp"

using dred::Bytes;
using dred::fuzz::require;

namespace {

constexpr std::size_t kMostLatents = 2;
constexpr std::size_t kMostChanges = 8;

using Features = std::vector<std::int32_t>;

const dred::ModelTables& tables() {
  static const dred::ModelTables instance = dred::testing::make_tables(12);
  return instance;
}

const dred::testing::Blob& sound_blob() {
  static const dred::testing::Blob blob =
      dred::testing::NetworkMaker(5, 2).make(tables().latent.dimension(), tables().state.dimension());
  return blob;
}

// The sound blob with a few bytes changed, or the bytes of the input themselves.
dred::testing::Blob choose_blob(dred::fuzz::Input& input) {
  const std::size_t changes = input.below(kMostChanges + 2);
  if (changes > kMostChanges) {
    const Bytes bytes = input.bytes(512);
    return {bytes.begin(), bytes.end()};
  }
  dred::testing::Blob blob = sound_blob();
  for (std::size_t i = 0; i < changes; ++i)
    blob[input.below(static_cast<std::uint32_t>(blob.size()))] = input.byte();
  if (input.below(8) == 0) blob.resize(input.below(static_cast<std::uint32_t>(blob.size())));
  return blob;
}

Features decode(const dred::Network& network, Bytes payload, bool in_pieces) {
  dred::PacketFeatureDecoder decoder(tables(), network);
  const dred::WireProfile& wire = *dred::find_wire_profile("draft-32");
  dred::DecodeOptions options;
  options.max_latents = kMostLatents;
  Features features;
  if (!decoder.load_payload(payload, wire, options).ok()) return features;
  while (decoder.has_next()) {
    features.resize(features.size() + dred::kFeaturesPerLatent);
    decoder.step(dred::LatentFeatures(features.end() - dred::kFeaturesPerLatent, features.end()));
    // Another payload between two latents is another payload: going on needs the first one again.
    if (!in_pieces) continue;
    const std::size_t count = decoder.latent_count();
    (void)decoder.load_payload(Bytes(payload).first(1), wire, options);
    require(decoder.load_payload(payload, wire, options).ok());
    std::array<std::int32_t, dred::kFeaturesPerLatent> again{};
    for (std::size_t i = 0; i < count; ++i) {
      require(decoder.has_next());
      decoder.step(again);
    }
    require(std::equal(again.begin(), again.end(), features.end() - dred::kFeaturesPerLatent));
  }
  return features;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dred::fuzz::Input input(data, size);
  const dred::testing::Blob blob = choose_blob(input);
  const bool in_pieces = (input.byte() & 1) != 0;
  const Bytes payload = input.rest();
  Features expected;
  dred::Status first;
  for (const dred::KernelPath path : dred::available_paths()) {
    dred::Network network;
    const dred::Status status =
        dred::load_network(blob, tables().latent.dimension(), tables().state.dimension(), path, network);
    require(status.ok() || status.rule == dred::Rule::N1 || status.rule == dred::Rule::N2);
    if (path == dred::KernelPath::scalar) first = status;
    require(status.rule == first.rule && std::strcmp(status.layer, first.layer) == 0 &&
            status.row == first.row);
    if (!status.ok() || payload.empty()) continue;
    const Features features = decode(network, payload, in_pieces);
    if (path == dred::KernelPath::scalar) expected = features;
    require(features == expected);
  }
  return 0;
}
