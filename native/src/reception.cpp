#include "dred/reception.hpp"

#include <algorithm>
#include <limits>
#include <tuple>

#include "dred/lbrr.hpp"
#include "dred/packet.hpp"

namespace dred {
namespace {

constexpr std::int64_t kAlways = std::numeric_limits<std::int64_t>::min();

[[nodiscard]] bool is_time(std::int64_t time) noexcept {
  return time >= -kMaxReceiverTime && time <= kMaxReceiverTime;
}

[[nodiscard]] Status refuse(const char* message) noexcept {
  return refusal(Rule::W1, Stage::receiver, message);
}

struct Candidate {
  ReceivedPacket packet;
  std::size_t place = 0;  // in the order of arrival
};

// Nothing for what is no packet, or begins before the stream.
// clause: RX-parse
[[nodiscard]] bool read_packet(const Arrival& arrival, ReceivedPacket& received) noexcept {
  Packet packet;
  if (arrival.timestamp_48k < 0 || !parse_packet(arrival.packet, false, packet).ok()) return false;
  const std::int64_t frame = frame_samples48(packet.config);
  received.timestamp_48k = arrival.timestamp_48k;
  received.end_48k = arrival.timestamp_48k + frame * static_cast<std::int64_t>(packet.frame_count);
  if (has_lbrr(packet, arrival.packet)) received.lbrr_start_48k = arrival.timestamp_48k - frame;
  received.packet = arrival.packet;
  return true;
}

}  // namespace

Status check_reception(std::span<const Arrival> arrivals, const ReceiverSettings& settings) noexcept {
  if (settings.duration_48k < 0 || settings.duration_48k > kMaxReceiverDuration)
    return refuse("the duration is not in 0..1728000000, which is 10 hours");
  if (!is_time(settings.delay_48k.value_or(0))) return refuse("the delay is not within 2^53");
  for (const Arrival& arrival : arrivals)
    if (!is_time(arrival.timestamp_48k) || !is_time(arrival.arrival_48k))
      return refuse("a timestamp or a time of arrival is not within 2^53");
  return {};
}

// clause: RX-duplicate, RX-clock
std::vector<ReceivedPacket> packets_on_time(std::span<const Arrival> arrivals,
                                            std::optional<std::int64_t> delay_48k) {
  std::vector<Candidate> candidates;
  candidates.reserve(arrivals.size());
  std::int64_t due_of_0 = 0;  // when the first sample is due
  for (std::size_t place = 0; place < arrivals.size(); ++place) {
    const Arrival& arrival = arrivals[place];
    Candidate candidate{{}, place};
    if (!read_packet(arrival, candidate.packet)) continue;
    if (candidates.empty()) due_of_0 = arrival.arrival_48k - arrival.timestamp_48k + delay_48k.value_or(0);
    candidate.packet.at_hand_48k = delay_48k ? arrival.arrival_48k - due_of_0 : kAlways;
    candidates.push_back(candidate);
  }
  const auto key = [](const Candidate& c) { return std::tuple(c.packet.timestamp_48k, c.place); };
  std::sort(candidates.begin(), candidates.end(),
            [&](const Candidate& a, const Candidate& b) { return key(a) < key(b); });
  const auto is_again = [](const Candidate& a, const Candidate& b) {
    return a.packet.timestamp_48k == b.packet.timestamp_48k;
  };
  candidates.erase(std::unique(candidates.begin(), candidates.end(), is_again), candidates.end());
  std::vector<ReceivedPacket> packets;
  packets.reserve(candidates.size());
  for (const Candidate& candidate : candidates)
    if (candidate.packet.at_hand_48k <= candidate.packet.timestamp_48k) packets.push_back(candidate.packet);
  return packets;
}

}  // namespace dred
