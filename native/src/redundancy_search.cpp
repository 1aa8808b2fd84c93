#include "dred/redundancy_search.hpp"

#include <algorithm>

#include "dred/latent_reader.hpp"
#include "dred/location.hpp"
#include "dred/payload_header.hpp"

namespace dred {
namespace {

constexpr std::int64_t kUnit = 120;          // 2.5 ms
constexpr std::int64_t kFeatureFrame = 480;  // 10 ms
constexpr std::int64_t kFeatureFramesPerLatent = 4;
constexpr std::int64_t kAhead = 2;  // feature frames that the vocoder reads before the one that it makes
constexpr std::int64_t kFarthestReach =
    kFeatureFrame * (kFeatureFramesPerLatent * static_cast<std::int64_t>(kMaxLatents) + kAhead) -
    kUnit * kOldestOffset;

template <typename Queue>
[[nodiscard]] Queue with_room(std::size_t count) {
  typename Queue::container_type storage;
  storage.reserve(count);
  return Queue(typename Queue::value_compare(), std::move(storage));
}

}  // namespace

RedundancySearch::RedundancySearch(std::span<const ReceivedPacket> packets, const ModelTables& tables,
                                   const WireProfile& wire)
    : packets_(packets),
      tables_(&tables),
      wire_(&wire),
      state_(tables.state.dimension()),
      latent_(tables.latent.dimension()),
      waiting_(with_room<decltype(waiting_)>(packets.size())),
      serving_(with_room<decltype(serving_)>(packets.size())) {
  reaches_.reserve(packets.size());
  for (const ReceivedPacket& packet : packets) {
    Reach reach;
    reach.first = std::max(packet.at_hand_48k, packet.timestamp_48k - kFarthestReach);
    reach.last = packet.timestamp_48k - 1;
    waiting_.emplace(reach.first, reaches_.size());
    reaches_.push_back(reach);
  }
}

// With x from a time to the end of the newest features, frame x / 480 - 2 is there from 0 to 4 n - 1.
// clause: RX-dred, DRED-decode-all, DRED-frame-offset
void RedundancySearch::measure(std::size_t index) noexcept {
  const ReceivedPacket& packet = packets_[index];
  Reach& reach = reaches_[index];
  reach.is_measured = true;
  reach.last = reach.first - 1;
  Location location;
  Bytes coded;
  // What is broken behind the redundancy, or lacks it, is no error here.
  (void)find_dred(packet.packet, *wire_, location);
  if (!location.is_found || !strip_prefix(location.payload, *wire_, coded).ok()) return;
  LatentReader reader = open_payload(coded, *tables_, {}, state_);
  while (reader.has_next()) reader.read(latent_);
  const std::int64_t offset = reader.header().offset_2p5ms + location.frame_offset_2p5ms;
  const auto frames = kFeatureFramesPerLatent * static_cast<std::int64_t>(reader.count());
  reach.newest_end = packet.timestamp_48k + kUnit * offset;
  reach.first = std::max(packet.at_hand_48k, reach.newest_end - kFeatureFrame * (frames + kAhead) + 1);
  reach.last = std::min(packet.timestamp_48k - 1, reach.newest_end - kFeatureFrame * kAhead);
}

// clause: RX-dred
std::optional<KnownFeature> RedundancySearch::find(std::int64_t time) noexcept {
  for (; !waiting_.empty() && waiting_.top().first <= time; waiting_.pop())
    if (reaches_[waiting_.top().second].last >= time) serving_.push(waiting_.top().second);
  for (; !serving_.empty(); serving_.pop()) {
    const std::size_t index = serving_.top();
    const Reach& reach = reaches_[index];
    if (reach.last < time) continue;
    if (!reach.is_measured) measure(index);
    if (reach.last < time) continue;
    if (reach.first <= time) return KnownFeature{index, (reach.newest_end - time) / kFeatureFrame - kAhead};
    waiting_.emplace(reach.first, index);
  }
  return std::nullopt;
}

}  // namespace dred
