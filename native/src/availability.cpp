#include "dred/availability.hpp"

#include <algorithm>

namespace dred {
namespace {

constexpr std::int64_t kMaxFeatureFrames = 104;  // of 10 ms: 26 latents

}  // namespace

std::optional<AvailabilityRule> find_availability_rule(std::string_view name) noexcept {
  if (name == "2026-06") return AvailabilityRule::june_2026;
  if (name == "1.6.1") return AvailabilityRule::release_1_6_1;
  return std::nullopt;
}

// All divisions truncate toward zero.
// clause: DRED-availability, DRED-availability-1.6.1
std::size_t wanted_latents(AvailabilityRule rule, std::int64_t sampling_rate, std::int64_t max_samples,
                           std::int64_t offset_2p5ms) noexcept {
  std::int64_t frames = 0;  // 10 ms feature frames
  if (rule == AvailabilityRule::release_1_6_1) {
    frames = std::min(2 + 100 * max_samples / sampling_rate, kMaxFeatureFrames);
  } else {
    const std::int64_t wanted = (100 * max_samples + sampling_rate - 1) / sampling_rate;
    frames = std::max<std::int64_t>(0, (4 * wanted + offset_2p5ms + 3) / 4);
  }
  const std::int64_t chunks = std::min<std::int64_t>(52, (frames + 1) / 2);  // of 20 ms
  return static_cast<std::size_t>((chunks + 1) / 2);
}

// clause: DRED-availability, DRED-availability-end
Availability available_samples(std::size_t latent_count, std::int64_t offset_2p5ms,
                               std::int64_t sampling_rate) noexcept {
  const std::int64_t coded = static_cast<std::int64_t>(latent_count) * sampling_rate / 25;
  const std::int64_t offset = offset_2p5ms * sampling_rate / 400;
  return {std::max<std::int64_t>(0, coded - offset), std::max<std::int64_t>(0, -offset)};
}

}  // namespace dred
