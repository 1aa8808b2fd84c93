#include "operations/payload_source.hpp"

#include <algorithm>

#include "dred/location.hpp"
#include "operations/error.hpp"

namespace dred {
namespace {

constexpr std::int64_t kMaxFrameOffset = 1 << 20;
constexpr std::int64_t kMaxStopBits = 1 << 20;

[[noreturn]] void refuse(const char* message) {
  throw Error(refusal(Rule::W1, Stage::payload, message));
}

}  // namespace

DecodeOptions to_decode_options(const SourceOptions& options) {
  if (options.max_latents && *options.max_latents < 0) refuse("the number of latents is negative");
  if (options.frame_offset_2p5ms < -kMaxFrameOffset || options.frame_offset_2p5ms > kMaxFrameOffset)
    refuse("the frame offset is not in -1048576..1048576");
  if (options.stop_bits < -kMaxStopBits || options.stop_bits > kMaxStopBits)
    refuse("the number of bits to stop at is not in -1048576..1048576");
  const auto capacity = static_cast<std::int64_t>(kMaxLatents);
  const std::int64_t limit = std::min(options.max_latents.value_or(capacity), capacity);
  return {options.frame_offset_2p5ms, static_cast<std::size_t>(limit), options.stop_bits};
}

// clause: DRED-decode-all
void decode_payload_source(Bytes payload, const WireProfile& wire, const SourceOptions& options,
                           PayloadDecoder& decoder) {
  throw_if_failed(decoder.decode(payload, wire, to_decode_options(options)));
}

// clause: DRED-frame-offset
std::optional<std::size_t> decode_packet_source(Bytes packet, const WireProfile& wire,
                                                const SourceOptions& options, PayloadDecoder& decoder) {
  DecodeOptions decode_options = to_decode_options(options);
  Location location;
  throw_if_failed(find_dred(packet, wire, location));
  if (!location.is_found) return std::nullopt;
  decode_options.frame_offset_2p5ms = location.frame_offset_2p5ms;
  throw_if_failed(decoder.decode(location.payload, wire, decode_options));
  return location.frame;
}

// The offset decides how many latents are read, so the header is decoded first.
// clause: DRED-availability, DRED-availability-end, DRED-availability-1.6.1
Availability packet_availability(Bytes packet, const WireProfile& wire, std::int64_t sampling_rate,
                                 std::int64_t max_samples, AvailabilityRule rule, PayloadDecoder& decoder) {
  if (sampling_rate < 1 || sampling_rate > kMaxSamplingRate) refuse("the sampling rate is not in 1..192000");
  if (max_samples < 0 || max_samples > kMaxRequestedSamples) refuse("the samples are not in 0..2147483647");
  SourceOptions options;
  options.max_latents = 0;
  if (!decode_packet_source(packet, wire, options, decoder)) return {};
  const std::int64_t offset = decoder.result().offset_2p5ms;
  options.max_latents = static_cast<std::int64_t>(wanted_latents(rule, sampling_rate, max_samples, offset));
  (void)decode_packet_source(packet, wire, options, decoder);
  return available_samples(decoder.result().latent_count, offset, sampling_rate);
}

}  // namespace dred
