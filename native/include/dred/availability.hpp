// How much past audio the DRED of a packet covers, by the rules of two libopus versions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace dred {

enum class AvailabilityRule : std::uint8_t { june_2026, release_1_6_1 };

[[nodiscard]] std::optional<AvailabilityRule> find_availability_rule(std::string_view name) noexcept;

inline constexpr std::int64_t kMaxSamplingRate = 192000;
inline constexpr std::int64_t kMaxRequestedSamples = 0x7FFFFFFF;

// Latents that the decoder reads at most when `max_samples` are wanted.
[[nodiscard]] std::size_t wanted_latents(AvailabilityRule rule, std::int64_t sampling_rate,
                                         std::int64_t max_samples, std::int64_t offset_2p5ms) noexcept;

struct Availability {
  std::int64_t samples = 0;   // before the packet: start of the oldest decoded latent
  std::int64_t dred_end = 0;  // before the packet: end of the newest, silence follows
};

[[nodiscard]] Availability available_samples(std::size_t latent_count, std::int64_t offset_2p5ms,
                                             std::int64_t sampling_rate) noexcept;

}  // namespace dred
