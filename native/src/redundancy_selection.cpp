#include "dred/redundancy_selection.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace dred {
namespace {

constexpr std::int64_t kUnitsPerStep = 8;    // of 2.5 ms in 20 ms
constexpr std::size_t kUnitsPerLatent = 16;  // of 2.5 ms in 40 ms
constexpr std::uint8_t kActive = 1;

// Far beyond any that can be signalled, so that sums of a few of them cannot overflow.
constexpr std::int64_t kBeyondOffsets = std::int64_t{1} << 20;

constexpr std::array<std::pair<std::string_view, RedundancyRule>, 3> kRules{{
    {"deployed", RedundancyRule::deployed},
    {"corrected", RedundancyRule::corrected},
    {"kept", RedundancyRule::kept},
}};

}  // namespace

std::optional<RedundancyRule> find_redundancy_rule(std::string_view name) noexcept {
  for (const auto& [known, rule] : kRules)
    if (known == name) return rule;
  return std::nullopt;
}

// clause: ENC-activity-voice
bool is_voice_active(Bytes activity, std::size_t step) noexcept {
  const std::size_t begin = std::min(activity.size(), step * static_cast<std::size_t>(kUnitsPerStep));
  const std::size_t end = std::min(activity.size(), begin + kUnitsPerLatent);
  const Bytes window = activity.subspan(begin, end - begin);
  return std::ranges::find(window, kActive) != window.end();
}

// clause: ENC-write-skip, ENC-write-offset, ENC-write-delayed, ENC-corrected-offset, ENC-kept-onset,
// ENC-kept-history, ENC-history
RedundancyStart select_start(const SpeechTimes& times, RedundancyRule rule, std::size_t last_extra) noexcept {
  const bool is_kept = rule == RedundancyRule::kept;
  RedundancyStart start;
  start.count = std::min(times.count, is_kept ? kLongestHistory : kDeployedHistory);
  const std::size_t newest = std::min(times.latent_offset, kLongestHistory);
  // In the first payload after silence deployed encoders repeat where they were in the last one.
  const bool is_delayed = !is_kept && times.activity.front() != 0 && last_extra > 0;
  start.first = is_delayed ? std::min(last_extra, kLongestHistory) : newest;
  while (start.first + 1 < start.count && !is_voice_active(times.activity, start.first)) {
    ++start.first;
    ++start.skipped;
  }
  start.last_extra = is_delayed ? 0 : start.skipped;

  // Deployed encoders forget what the delay skipped.
  const std::int64_t steps = rule == RedundancyRule::deployed
                                 ? static_cast<std::int64_t>(start.skipped)
                                 : static_cast<std::int64_t>(start.first) - static_cast<std::int64_t>(newest);
  start.offset_2p5ms =
      std::clamp(times.dred_offset_2p5ms, -kBeyondOffsets, kBeyondOffsets) - kUnitsPerStep * steps;
  return start;
}

// clause: ENC-write-trim
std::size_t without_silent_end(Bytes activity, std::size_t first, std::size_t count) noexcept {
  const auto is_active = [&](std::size_t latent) { return is_voice_active(activity, first + 2 * latent); };
  while (count > 0 && !is_active(count - 1) && !(count > 1 && is_active(count - 2))) --count;
  return count;
}

}  // namespace dred
