// Proves that reading, decoding and writing allocate nothing once a decoder exists: every operator new is
// counted.

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "dred/extension_reader.hpp"
#include "dred/kernel_path.hpp"
#include "dred/latent.hpp"
#include "dred/location.hpp"
#include "dred/packet.hpp"
#include "dred/packet_feature_decoder.hpp"
#include "dred/payload_decoder.hpp"
#include "dred/payload_encoder.hpp"
#include "dred/redundancy_writer.hpp"
#include "tests/counted_allocations.hpp"
#include "tests/synthetic_network.hpp"
#include "tests/synthetic_tables.hpp"

namespace {

using dred::Bytes;

constexpr int kRounds = 20000;

struct Tally {
  std::size_t packets = 0;
  std::size_t extensions = 0;
  std::size_t payloads = 0;
  std::size_t latents = 0;
  std::size_t written = 0;
  std::size_t features = 0;
  std::size_t redundancies = 0;
};

void fill(dred::testing::Generator& generator, std::span<std::uint8_t> bytes) {
  for (std::uint8_t& byte : bytes) byte = generator.byte();
}

void read_packet(Bytes data, Tally& tally) {
  dred::Packet packet;
  if (!dred::parse_packet(data, false, packet).ok()) return;
  ++tally.packets;
  dred::ExtensionReader reader(packet.padding(data), static_cast<std::int64_t>(packet.frame_count));
  for (dred::Extension extension; reader.next(extension);) ++tally.extensions;
  dred::Location location;
  (void)dred::find_dred(data, *dred::find_wire_profile("experimental-12"), location);
}

void read_area(Bytes area, std::int64_t frame_count, Tally& tally) {
  dred::ExtensionReader reader(area, frame_count);
  for (dred::Extension extension; reader.next(extension);) ++tally.extensions;
}

// Decodes, dequantises and writes again into memory that exists already.
void read_payload(Bytes payload, dred::PayloadDecoder& decoder, std::span<float> values,
                  std::span<std::uint8_t> buffer, Tally& tally) {
  const dred::WireProfile& wire = *dred::find_wire_profile("draft-32");
  if (!decoder.decode(payload, wire, {}).ok()) return;
  ++tally.payloads;
  const dred::DecodedPayload& result = decoder.result();
  const dred::QuantiserTables& tables = decoder.tables().latent;
  for (std::size_t i = 0; i < result.latent_count; ++i)
    dred::dequantise_row(tables, decoder.level(i), decoder.latent(i), values.first(tables.dimension()));
  tally.latents += result.latent_count;
  if (result.latent_count == 0) return;
  const dred::PayloadSymbols symbols{result.header, decoder.state(), decoder.latent(0)};
  dred::EncodedPayload encoded;
  if (dred::encode_payload(symbols, decoder.tables(), false, buffer, encoded).ok()) ++tally.written;
}

// Speech of random latents, with a pause somewhere.
class RandomSpeech {
 public:
  explicit RandomSpeech(const dred::ModelTables& tables)
      : tables_(tables),
        latents_(dred::kLongestHistory * tables.latent.dimension()),
        states_(dred::kLongestHistory * tables.state.dimension()) {}

  void write(dred::testing::Generator& generator, std::span<std::uint8_t> buffer, Tally& tally) {
    for (float& value : latents_) value = static_cast<float>(generator.below(1001)) / 100.0F - 5.0F;
    for (float& value : states_) value = static_cast<float>(generator.below(1001)) / 100.0F - 5.0F;
    const std::uint32_t pause = generator.below(dred::kActivityCount);
    for (std::size_t i = 0; i < activity_.size(); ++i)
      activity_[i] = i >= pause && i < pause + 100 ? std::uint8_t{0} : std::uint8_t{1};
    const dred::SpeechHistory history{latents_, states_, activity_, 10, generator.below(3)};
    const auto rule = static_cast<dred::RedundancyRule>(generator.below(3));
    const dred::RedundancyChoice choice{6, 5, 15, 1 + generator.below(30), rule};
    dred::WrittenRedundancy written;
    const std::span<std::uint8_t> room = buffer.first(generator.below(500));
    const dred::Status status = dred::write_redundancy(history, choice, last_extra_, tables_, room, written);
    if (status.ok()) last_extra_ = written.last_extra;
    if (written.size > 0) ++tally.redundancies;
  }

 private:
  const dred::ModelTables& tables_;
  std::vector<float> latents_;
  std::vector<float> states_;
  std::array<std::uint8_t, dred::kActivityCount> activity_{};
  std::size_t last_extra_ = 0;
};

// A packet of one frame with a payload in its padding, from there to features.
void decode_packet(Bytes payload, dred::PacketFeatureDecoder& decoder, std::span<std::uint8_t> buffer,
                   Tally& tally) {
  constexpr std::size_t kLongest = 200;
  const Bytes data = payload.first(std::min(payload.size(), kLongest));
  // TOC of code 3, one frame and padding, the padding's length, the frame, the header of extension 32.
  const std::array<std::uint8_t, 5> head = {0x0b, 0x41, static_cast<std::uint8_t>(data.size() + 1), 0xaa,
                                            0x40};
  std::copy(head.begin(), head.end(), buffer.begin());
  std::copy(data.begin(), data.end(), buffer.begin() + head.size());
  const Bytes packet = Bytes(buffer).first(head.size() + data.size());
  if (!decoder.load_packet(packet, *dred::find_wire_profile("draft-32"), {}).ok()) return;
  std::array<std::int32_t, dred::kFeaturesPerLatent> features{};
  for (int latents = 0; latents < 3 && decoder.has_next(); ++latents) {
    decoder.step(features);
    ++tally.features;
  }
}

}  // namespace

int main() {
  const std::size_t at_start = allocation_count;
  const std::vector<int> control(1);
  if (allocation_count != at_start + 1 || control.size() != 1) {
    std::puts("FAIL: allocations are not counted");
    return EXIT_FAILURE;
  }

  dred::testing::Generator generator(2026);
  const dred::ModelTables tables = dred::testing::make_tables(12);
  dred::PayloadDecoder decoder(tables);
  const auto blob = dred::testing::NetworkMaker(5).make(tables.latent.dimension(), tables.state.dimension());
  std::vector<dred::Network> networks(dred::available_paths().size());
  std::vector<dred::PacketFeatureDecoder> chains;
  for (const dred::KernelPath path : dred::available_paths()) {
    dred::Network& network = networks[chains.size()];
    const dred::Status status =
        dred::load_network(blob, tables.latent.dimension(), tables.state.dimension(), path, network);
    if (!status.ok()) {
      std::printf("FAIL: %s: %s\n", status.layer, status.message);
      return EXIT_FAILURE;
    }
    chains.emplace_back(tables, network);
  }
  std::array<float, dred::kMaxDimension> values{};
  std::array<std::uint8_t, 4096> buffer{};
  std::array<std::uint8_t, 300> bytes{};
  const dred::ModelTables coding_tables = dred::testing::make_tables_with_codes(12);
  RandomSpeech speech(coding_tables);
  Tally tally;

  const std::size_t before = allocation_count;
  for (int round = 0; round < kRounds; ++round) {
    const std::size_t size = 1 + generator.below(bytes.size());
    const std::span<std::uint8_t> data = std::span(bytes).first(size);
    fill(generator, data);
    if (generator.below(2) == 0) data[0] |= 3;  // code 3, where padding is
    read_packet(data, tally);
    for (std::uint8_t& byte : data)
      if (generator.below(3) == 0) byte = static_cast<std::uint8_t>(generator.below(8));
    read_area(data, 1 + generator.below(48), tally);
    read_payload(data, decoder, values, buffer, tally);
    if (round % 20 == 0) speech.write(generator, buffer, tally);
    if (round % 20 == 0)
      for (dred::PacketFeatureDecoder& chain : chains) decode_packet(data, chain, buffer, tally);
  }
  const std::size_t allocations = allocation_count - before;

  std::printf(
      "packets %zu, extensions %zu, payloads %zu, latents %zu, written %zu, features %zu, "
      "redundancies %zu, allocations %zu\n",
      tally.packets, tally.extensions, tally.payloads, tally.latents, tally.written, tally.features,
      tally.redundancies, allocations);
  const bool has_run = tally.packets > 1000 && tally.extensions > 1000 && tally.payloads > 1000 &&
                       tally.latents > 1000 && tally.written > 100 && tally.features > 1000 &&
                       tally.redundancies > 500;
  return has_run && allocations == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
