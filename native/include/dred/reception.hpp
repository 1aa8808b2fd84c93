// What arrives of a stream of packets, and from when on a receiver has each packet. All times are in samples
// of 48 kHz.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "dred/bytes.hpp"
#include "dred/status.hpp"

namespace dred {

struct Arrival {
  std::int64_t timestamp_48k = 0;  // of the packet's first sample
  std::int64_t arrival_48k = 0;    // by any clock
  Bytes packet;
};

struct ReceiverSettings {
  std::int64_t duration_48k = 0;
  std::optional<std::int64_t> delay_48k;  // none: the receiver waits as long as it takes
  bool lbrr = true;
  bool dred = true;
};

inline constexpr std::int64_t kMaxReceiverTime = std::int64_t{1} << 53;            // and its opposite
inline constexpr std::int64_t kMaxReceiverDuration = std::int64_t{36000} * 48000;  // 10 hours

// W1 for times and durations beyond these limits.
[[nodiscard]] Status check_reception(std::span<const Arrival> arrivals,
                                     const ReceiverSettings& settings) noexcept;

// A packet that is there when its own time comes. A later one plays no part.
struct ReceivedPacket {
  std::int64_t timestamp_48k = 0;
  std::int64_t end_48k = 0;
  std::int64_t at_hand_48k = 0;                // the first time at which it is
  std::optional<std::int64_t> lbrr_start_48k;  // of the speech that it holds once more
  Bytes packet;
};

// In the order of their timestamps, each of which is there once. The arrivals passed check_reception(), and
// are in the order in which they came. Throws std::bad_alloc only.
[[nodiscard]] std::vector<ReceivedPacket> packets_on_time(std::span<const Arrival> arrivals,
                                                          std::optional<std::int64_t> delay_48k);

}  // namespace dred
