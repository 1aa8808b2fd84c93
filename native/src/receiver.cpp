#include "dred/receiver.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <tuple>
#include <utility>

namespace dred {
namespace {

constexpr std::int64_t kBlock = 480;

}  // namespace

std::string_view source_name(SoundSource source) noexcept {
  static constexpr std::array<std::string_view, 4> kNames = {"regular", "lbrr", "dred", "concealment"};
  return kNames[static_cast<std::size_t>(source)];
}

Receiver::Receiver(std::span<const Arrival> arrivals, const ReceiverSettings& settings,
                   const ModelTables& tables, const WireProfile& wire)
    : settings_(settings),
      packets_(packets_on_time(arrivals, settings.delay_48k)),
      search_(packets_, tables, wire),
      by_hand_(packets_.size()) {
  std::iota(by_hand_.begin(), by_hand_.end(), std::size_t{0});
  const auto key = [&](std::size_t index) { return std::tuple(packets_[index].at_hand_48k, index); };
  std::sort(by_hand_.begin(), by_hand_.end(), [&](std::size_t a, std::size_t b) { return key(a) < key(b); });
  std::vector<std::size_t> storage;
  storage.reserve(packets_.size());
  at_hand_ = decltype(at_hand_)({}, std::move(storage));
}

bool Receiver::next(Decision& decision) noexcept {
  if (cursor_ >= settings_.duration_48k) return false;
  while (next_packet_ < packets_.size() && packets_[next_packet_].timestamp_48k < cursor_) ++next_packet_;
  decision = decide();
  cursor_ = decision.start_48k + decision.duration_48k;
  decision.duration_48k = std::min(cursor_, settings_.duration_48k) - decision.start_48k;
  return true;
}

// Its duration may go beyond the end.
// clause: RX-regular, RX-block, RX-lbrr, RX-dred, RX-concealment
Decision Receiver::decide() noexcept {
  std::int64_t end = cursor_ + kBlock;
  if (next_packet_ < packets_.size()) {
    const ReceivedPacket& packet = packets_[next_packet_];
    if (packet.timestamp_48k == cursor_)
      return {cursor_, packet.end_48k - cursor_, SoundSource::regular, cursor_, {}};
    end = std::min(end, packet.timestamp_48k);
  }
  if (const ReceivedPacket* const packet = settings_.lbrr ? next_at_hand() : nullptr; packet != nullptr) {
    const std::optional<std::int64_t> start = packet->lbrr_start_48k;
    if (start == cursor_)
      return {cursor_, packet->timestamp_48k - cursor_, SoundSource::lbrr, packet->timestamp_48k, {}};
    if (start > cursor_) end = std::min(end, *start);
  }
  Decision decision{cursor_, end - cursor_, SoundSource::concealment, {}, {}};
  if (const auto known = settings_.dred ? search_.find(cursor_) : std::nullopt; known) {
    decision.source = SoundSource::dred;
    decision.packet_48k = packets_[known->packet].timestamp_48k;
    decision.feature = known->feature;
  }
  return decision;
}

const ReceivedPacket* Receiver::next_at_hand() noexcept {
  for (; next_by_hand_ < by_hand_.size(); ++next_by_hand_) {
    const std::size_t index = by_hand_[next_by_hand_];
    if (packets_[index].at_hand_48k > cursor_) break;
    if (index >= next_packet_) at_hand_.push(index);
  }
  while (!at_hand_.empty() && packets_[at_hand_.top()].timestamp_48k <= cursor_) at_hand_.pop();
  return at_hand_.empty() ? nullptr : &packets_[at_hand_.top()];
}

}  // namespace dred
