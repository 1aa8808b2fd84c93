// What a receiver plays at each time: the packet that belongs there, what later packets know of it, or
// concealment. One decision after the other, without allocation.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <span>
#include <string_view>
#include <vector>

#include "dred/model_tables.hpp"
#include "dred/reception.hpp"
#include "dred/redundancy_search.hpp"
#include "dred/wire_profile.hpp"

namespace dred {

enum class SoundSource : std::uint8_t { regular, lbrr, dred, concealment };

[[nodiscard]] std::string_view source_name(SoundSource source) noexcept;

struct Decision {
  std::int64_t start_48k = 0;
  std::int64_t duration_48k = 0;
  SoundSource source = SoundSource::concealment;
  std::optional<std::int64_t> packet_48k;  // timestamp of the packet that it comes from
  std::optional<std::int64_t> feature;     // of dred: 0 is the newest
};

class Receiver {
 public:
  // All must have passed check_reception(). Bytes and tables must outlive the receiver.
  Receiver(std::span<const Arrival> arrivals, const ReceiverSettings& settings, const ModelTables& tables,
           const WireProfile& wire);
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;
  ~Receiver() = default;

  // False at the end. Decisions follow one another without gap.
  [[nodiscard]] bool next(Decision& decision) noexcept;

 private:
  [[nodiscard]] Decision decide() noexcept;
  // The packet at hand that comes next after the cursor.
  [[nodiscard]] const ReceivedPacket* next_at_hand() noexcept;

  ReceiverSettings settings_;
  std::vector<ReceivedPacket> packets_;
  RedundancySearch search_;
  std::int64_t cursor_ = 0;
  std::size_t next_packet_ = 0;       // the first whose timestamp is not before the cursor
  std::vector<std::size_t> by_hand_;  // packets in the order in which they come to hand
  std::size_t next_by_hand_ = 0;
  std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> at_hand_;
};

}  // namespace dred
