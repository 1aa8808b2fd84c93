// Receivers of random streams decide as one that looks at every packet for every block, and allocate nothing
// once they exist.

#include "dred/receiver.hpp"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "tests/counted_allocations.hpp"
#include "tests/literal_receiver.hpp"
#include "tests/synthetic_stream.hpp"
#include "tests/synthetic_tables.hpp"

namespace {

using dred::testing::Generator;

constexpr int kStreams = 8000;
constexpr std::uint32_t kMostPackets = 40;

struct Stream {
  std::vector<std::vector<std::uint8_t>> packets;
  std::vector<dred::Arrival> arrivals;
  dred::ReceiverSettings settings;
};

[[nodiscard]] std::vector<std::uint8_t> random_packet(Generator& generator) {
  dred::testing::PacketMakeUp made;
  made.config = static_cast<std::uint8_t>(generator.below(32));
  made.is_stereo = generator.below(2) == 0;
  made.frames = 1 + generator.below(generator.below(4) == 0 ? 6 : 2);
  made.frame_size = generator.below(4);
  made.first_byte = generator.byte();
  made.dred_frame = generator.below(static_cast<std::uint32_t>(made.frames));
  std::vector<std::uint8_t> payload(generator.below(3) == 0 ? 0 : generator.below(60));
  for (std::uint8_t& byte : payload) byte = generator.byte();
  // The extra offset makes most payloads too old; without it they are within a tenth of a second.
  if (!payload.empty() && generator.below(8) != 0) payload[0] &= 0xFE;
  return dred::testing::make_packet(made, payload);
}

// Timestamps in units of 2.5 ms, seldom others; arrivals with jitter and in order.
[[nodiscard]] Stream random_stream(Generator& generator) {
  Stream stream;
  const std::uint32_t count = generator.below(kMostPackets);
  const std::int64_t jitter = generator.below(3) == 0 ? 1 : 1 + 120 * generator.below(100);
  const std::uint32_t step = 120 * (1 + generator.below(24));
  const std::int64_t start = 480000 - static_cast<std::int64_t>(generator.below(960000));
  for (std::uint32_t i = 0; i < count; ++i) {
    if (generator.below(2) == 0) continue;
    const std::int64_t odd = generator.below(10) == 0 ? generator.below(200) : 0;
    const std::int64_t timestamp = std::int64_t{step} * i + odd - (generator.below(30) == 0 ? 5000 : 0);
    const std::int64_t arrival = timestamp + start + generator.below(static_cast<std::uint32_t>(jitter));
    stream.packets.push_back(random_packet(generator));
    stream.arrivals.push_back({timestamp, arrival, {}});
  }
  for (std::size_t i = 0; i < stream.packets.size(); ++i) stream.arrivals[i].packet = stream.packets[i];
  std::sort(stream.arrivals.begin(), stream.arrivals.end(),
            [](const dred::Arrival& a, const dred::Arrival& b) { return a.arrival_48k < b.arrival_48k; });
  stream.settings.duration_48k = generator.below(step * kMostPackets + 3000);
  if (generator.below(3) != 0)
    stream.settings.delay_48k = static_cast<std::int64_t>(generator.below(12000)) - 1000;
  stream.settings.lbrr = generator.below(4) != 0;
  stream.settings.dred = generator.below(8) != 0;
  return stream;
}

}  // namespace

int main() {
  const dred::WireProfile& wire = *dred::find_wire_profile("draft-32");
  Generator generator(11);
  std::array<std::size_t, 4> counts{};
  std::size_t differing = 0;
  std::size_t allocations = 0;
  for (int round = 0; round < kStreams; ++round) {
    const dred::ModelTables tables = dred::testing::make_tables(static_cast<std::uint64_t>(round % 50));
    const Stream stream = random_stream(generator);
    if (!dred::check_reception(stream.arrivals, stream.settings).ok()) return EXIT_FAILURE;
    const auto wanted =
        dred::testing::LiteralReceiver(stream.arrivals, stream.settings, tables, wire).decide();
    dred::Receiver receiver(stream.arrivals, stream.settings, tables, wire);
    const std::size_t before = allocation_count;
    std::size_t index = 0;
    for (dred::Decision decision; receiver.next(decision); ++index) {
      if (index >= wanted.size() || !dred::testing::is_same(decision, wanted[index])) ++differing;
      ++counts[static_cast<std::size_t>(decision.source)];
    }
    allocations += allocation_count - before;
    if (index != wanted.size()) ++differing;
  }
  std::printf("regular %zu, lbrr %zu, dred %zu, concealment %zu, differing %zu, allocations %zu\n", counts[0],
              counts[1], counts[2], counts[3], differing, allocations);
  for (const std::size_t count : counts)
    if (count < 1000) return EXIT_FAILURE;
  return differing == 0 && allocations == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
