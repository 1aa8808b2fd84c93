// Decodes a payload that is given as such, or inside a packet.
#pragma once

#include <cstdint>
#include <optional>

#include "dred/availability.hpp"
#include "dred/bytes.hpp"
#include "dred/payload_decoder.hpp"
#include "dred/wire_profile.hpp"

namespace dred {

struct SourceOptions {
  std::int64_t frame_offset_2p5ms = 0;  // payloads; for packets it follows from the packet
  std::optional<std::int64_t> max_latents;
  std::int64_t stop_bits = 7;
};

// Throws Error W1.
[[nodiscard]] DecodeOptions to_decode_options(const SourceOptions& options);

// Both throw Error.
void decode_payload_source(Bytes payload, const WireProfile& wire, const SourceOptions& options,
                           PayloadDecoder& decoder);
// The frame that carries the DRED, or nothing where the packet has none.
[[nodiscard]] std::optional<std::size_t> decode_packet_source(Bytes packet, const WireProfile& wire,
                                                              const SourceOptions& options,
                                                              PayloadDecoder& decoder);

[[nodiscard]] Availability packet_availability(Bytes packet, const WireProfile& wire,
                                               std::int64_t sampling_rate, std::int64_t max_samples,
                                               AvailabilityRule rule, PayloadDecoder& decoder);

}  // namespace dred
