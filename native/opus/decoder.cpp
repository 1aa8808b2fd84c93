#include "opus/decoder.hpp"

#include <string>
#include <type_traits>

#include "opus/errors.hpp"
#include "opus/formats.hpp"

namespace dred::opus {
namespace {

// More than any packet: 48 frames of 1275 bytes with their lengths, and a generous padding.
constexpr std::size_t kLargestPacket = std::size_t{1} << 20;

}  // namespace

Decoder::Decoder(int sampling_rate, int channels) : sampling_rate_(sampling_rate), channels_(channels) {
  check_format(sampling_rate, channels);
  int error = OPUS_OK;
  decoder_.reset(opus_decoder_create(sampling_rate, channels, &error));
  checked(error, "opus_decoder_create");
}

int Decoder::room(std::optional<std::string_view> packet, std::optional<int> frame_size, bool fec) const {
  const int unit = sampling_rate_ / 400;  // 2.5 ms
  const int longest = 48 * unit;
  if (packet && packet->empty()) throw Failure(OPUS_INVALID_PACKET, "the packet is empty; None conceals");
  if (packet && packet->size() > kLargestPacket) refuse("the packet is larger than 1 MiB");
  if (packet && !fec && !frame_size) return longest;
  if (!frame_size) refuse("frame_size is needed: how many samples per channel are missing");
  if (*frame_size < 1 || *frame_size > longest)
    refuse("frame_size is " + std::to_string(*frame_size) + "; it is 1 to " + std::to_string(longest));
  if ((!packet || fec) && *frame_size % unit != 0)
    refuse("frame_size must be a multiple of 2.5 ms, " + std::to_string(unit) + " samples");
  return *frame_size;
}

template <typename Sample>
std::vector<Sample> Decoder::decode(std::optional<std::string_view> packet, std::optional<int> frame_size,
                                    bool fec) {
  const int size = room(packet, frame_size, fec);
  std::vector<Sample> samples(static_cast<std::size_t>(size) * static_cast<std::size_t>(channels_));
  const auto* const data = packet ? reinterpret_cast<const unsigned char*>(packet->data()) : nullptr;
  const auto length = packet ? static_cast<opus_int32>(packet->size()) : 0;
  const std::scoped_lock lock(mutex_);
  int count = 0;
  if constexpr (std::is_same_v<Sample, float>) {
    count = opus_decode_float(decoder_.get(), data, length, samples.data(), size, fec ? 1 : 0);
  } else {
    count = opus_decode(decoder_.get(), data, length, samples.data(), size, fec ? 1 : 0);
  }
  checked(count, "opus_decode");
  samples.resize(static_cast<std::size_t>(count) * static_cast<std::size_t>(channels_));
  return samples;
}

void Decoder::reset() {
  const std::scoped_lock lock(mutex_);
  checked(opus_decoder_ctl(decoder_.get(), OPUS_RESET_STATE), "OPUS_RESET_STATE");
}

std::uint32_t Decoder::final_range() {
  const std::scoped_lock lock(mutex_);
  opus_uint32 range = 0;
  checked(opus_decoder_ctl(decoder_.get(), OPUS_GET_FINAL_RANGE(&range)), "OPUS_GET_FINAL_RANGE");
  return range;
}

int Decoder::last_packet_duration() {
  const std::scoped_lock lock(mutex_);
  opus_int32 duration = 0;
  checked(opus_decoder_ctl(decoder_.get(), OPUS_GET_LAST_PACKET_DURATION(&duration)),
          "OPUS_GET_LAST_PACKET_DURATION");
  return duration;
}

template std::vector<std::int16_t> Decoder::decode(std::optional<std::string_view> packet,
                                                   std::optional<int> frame_size, bool fec);
template std::vector<float> Decoder::decode(std::optional<std::string_view> packet,
                                            std::optional<int> frame_size, bool fec);

}  // namespace dred::opus
