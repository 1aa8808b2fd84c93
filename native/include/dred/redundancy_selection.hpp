// Which part of the latest speech a DRED payload carries: where it starts, how old that is, and where it
// ends.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "dred/bytes.hpp"

namespace dred {

enum class RedundancyRule : std::uint8_t {
  deployed,   // as libopus does; its first payload after silence signals a wrong offset
  corrected,  // the same choice with the true offset
  kept,       // nothing is delayed after silence, and no decoder loses the last latent
};

[[nodiscard]] std::optional<RedundancyRule> find_redundancy_rule(std::string_view name) noexcept;

inline constexpr std::size_t kActivityCount = 416;                   // of 2.5 ms each: 1.04 s
inline constexpr std::size_t kDeployedHistory = 52;                  // of 20 ms each: 1.04 s
inline constexpr std::size_t kLongestHistory = 104;                  // of 20 ms each: 2.08 s
inline constexpr std::size_t kMostRedundancy = kLongestHistory / 2;  // latents of 40 ms in one payload

// When the latest speech was, by steps of 20 ms, of which `count` have a latent.
struct SpeechTimes {
  Bytes activity;  // kActivityCount entries of 2.5 ms, newest first: 0 silent, 1 active, others undecided
  std::int64_t dred_offset_2p5ms = 0;  // end of the newest usable step after the start of the packet's audio
  std::size_t latent_offset = 0;       // steps that are newer than that
  std::size_t count = 0;
};

struct RedundancyStart {
  std::size_t count = 0;          // steps of the history that the rule uses; fill
  std::size_t first = 0;          // step of the newest latent; lo
  std::size_t skipped = 0;        // silent steps before it; extra
  std::int64_t offset_2p5ms = 0;  // as signalled, without the offset of the frame in its packet
  std::size_t last_extra = 0;     // for the next payload

  [[nodiscard]] std::size_t available() const noexcept { return first < count ? (count - first + 1) / 2 : 0; }
};

// Whether the 40 ms that begin with this step, going back, have an active moment.
[[nodiscard]] bool is_voice_active(Bytes activity, std::size_t step) noexcept;
[[nodiscard]] RedundancyStart select_start(const SpeechTimes& times, RedundancyRule rule,
                                           std::size_t last_extra) noexcept;
// Of `count` latents those up to the oldest active one, and one behind it.
[[nodiscard]] std::size_t without_silent_end(Bytes activity, std::size_t first, std::size_t count) noexcept;

}  // namespace dred
