// Decides for hostile streams, with and without delay: what comes covers the duration without gap, and is
// what a receiver decides that looks at every packet for every block.

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "fuzz/fuzz_input.hpp"
#include "tests/literal_receiver.hpp"
#include "tests/synthetic_stream.hpp"
#include "tests/synthetic_tables.hpp"

using dred::Arrival;
using dred::Bytes;
using dred::fuzz::require;

namespace {

constexpr std::size_t kModels = 8;
constexpr std::size_t kMostPackets = 24;
constexpr std::uint32_t kMostDuration = 200000;  // the literal receiver takes its time

const dred::ModelTables& model(std::size_t index) {
  static std::array<std::optional<dred::ModelTables>, kModels> models;
  if (!models[index]) models[index] = dred::testing::make_tables(index);
  return *models[index];
}

// Mostly near the time before; now and then anywhere, beyond the limits too.
std::int64_t read_time(dred::fuzz::Input& input, std::int64_t before) {
  const std::uint8_t kind = input.byte();
  if (kind < 250) return before + 120 * (static_cast<std::int64_t>(kind & 31) - 4) + (kind > 240 ? 7 : 0);
  const std::uint64_t high = input.word();
  const auto any = static_cast<std::int64_t>(high << 32 | input.word());
  if (kind == 250) return any;
  return any >> (kind == 251 ? 10 : 44);
}

std::vector<std::uint8_t> read_packet(dred::fuzz::Input& input) {
  const std::uint8_t kind = input.byte();
  if (kind < 16) {
    const Bytes bytes = input.bytes(kind);
    return {bytes.begin(), bytes.end()};
  }
  dred::testing::PacketMakeUp made;
  made.config = kind & 31;
  made.frames = 1 + input.below(6);
  made.frame_size = input.below(4);
  made.first_byte = input.byte();
  made.is_stereo = (made.first_byte & 1) != 0;
  made.dred_frame = kind >> 5 == 7 ? input.below(6) : 0;
  return dred::testing::make_packet(made, input.bytes(input.below(64)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dred::fuzz::Input input(data, size);
  const dred::ModelTables& tables = model(input.below(kModels));
  const dred::WireProfile& wire = *dred::find_wire_profile("draft-32");
  const std::uint8_t flags = input.byte();
  dred::ReceiverSettings settings;
  settings.lbrr = (flags & 1) == 0;
  settings.dred = (flags & 2) == 0;
  if ((flags & 4) == 0) settings.delay_48k = read_time(input, 480);
  settings.duration_48k = input.word() % kMostDuration;
  std::vector<std::vector<std::uint8_t>> packets;
  std::vector<Arrival> arrivals;
  std::int64_t timestamp = 0;
  while (!input.is_empty() && arrivals.size() < kMostPackets) {
    timestamp = read_time(input, timestamp > 1'000'000'000'000 ? 0 : timestamp);
    const std::int64_t arrival = read_time(input, std::clamp<std::int64_t>(timestamp, -1'000'000, 1'000'000));
    packets.push_back(read_packet(input));
    arrivals.push_back({timestamp, arrival, {}});
  }
  for (std::size_t i = 0; i < packets.size(); ++i) arrivals[i].packet = packets[i];

  const dred::Status status = dred::check_reception(arrivals, settings);
  require(status.ok() || (status.rule == dred::Rule::W1 && status.stage == dred::Stage::receiver));
  if (!status.ok()) return 0;
  const auto wanted = dred::testing::LiteralReceiver(arrivals, settings, tables, wire).decide();
  dred::Receiver receiver(arrivals, settings, tables, wire);
  std::int64_t cursor = 0;
  std::size_t index = 0;
  for (dred::Decision decision; receiver.next(decision); ++index) {
    require(decision.start_48k == cursor && decision.duration_48k > 0);
    cursor += decision.duration_48k;
    require(index < wanted.size() && dred::testing::is_same(decision, wanted[index]));
  }
  require(index == wanted.size() && cursor == settings.duration_48k);
  return 0;
}
