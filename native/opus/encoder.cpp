#include "opus/encoder.hpp"

#include <algorithm>
#include <array>
#include <type_traits>

#include "opus/errors.hpp"
#include "opus/formats.hpp"
#include "opus/names.hpp"

namespace dred::opus {
namespace {

// In units of 2.5 ms: what opus_encode takes at once.
constexpr std::array kDurations{1, 2, 4, 8, 16, 24, 32, 40, 48};
constexpr int kLargestPacket = 61440;  // 48 frames of 1275 bytes, lengths and header

}  // namespace

Encoder::Encoder(int sampling_rate, int channels, const std::string& application)
    : sampling_rate_(sampling_rate), channels_(channels) {
  check_format(sampling_rate, channels);
  int error = OPUS_OK;
  encoder_.reset(opus_encoder_create(sampling_rate, channels,
                                     value_of(kApplications, application, "application"), &error));
  checked(error, "opus_encoder_create");
}

void Encoder::check_duration(int frame_size) const {
  const int unit = sampling_rate_ / 400;
  const bool is_whole = frame_size % unit == 0;
  if (!is_whole || std::ranges::find(kDurations, frame_size / unit) == kDurations.end())
    refuse("pcm has " + std::to_string(frame_size) +
           " samples per channel; a packet lasts 2.5, 5, 10, 20, 40, 60, 80, 100 or 120 ms");
}

template <typename Sample>
std::string Encoder::encode(const std::vector<Sample>& samples, int max_bytes) {
  const int frame_size = static_cast<int>(samples.size()) / channels_;
  check_duration(frame_size);
  if (max_bytes < 1 || max_bytes > kLargestPacket)
    refuse("max_bytes is " + std::to_string(max_bytes) + "; it is 1 to " + std::to_string(kLargestPacket));
  std::string packet(static_cast<std::size_t>(max_bytes), '\0');
  auto* const data = reinterpret_cast<unsigned char*>(packet.data());
  const std::scoped_lock lock(mutex_);
  opus_int32 length = 0;
  if constexpr (std::is_same_v<Sample, float>) {
    length = opus_encode_float(encoder_.get(), samples.data(), frame_size, data, max_bytes);
  } else {
    length = opus_encode(encoder_.get(), samples.data(), frame_size, data, max_bytes);
  }
  packet.resize(static_cast<std::size_t>(checked(length, "opus_encode")));
  return packet;
}

void Encoder::reset() {
  const std::scoped_lock lock(mutex_);
  checked(opus_encoder_ctl(encoder_.get(), OPUS_RESET_STATE), "OPUS_RESET_STATE");
}

void Encoder::set(int request, int value, const char* name) {
  const std::scoped_lock lock(mutex_);
  const int answer = opus_encoder_ctl(encoder_.get(), request, static_cast<opus_int32>(value));
  if (answer != OPUS_OK)
    throw Failure(answer, std::string(name) + " is " + std::to_string(value) +
                              ", which libopus refuses: " + opus_strerror(answer));
}

int Encoder::get(int request, const char* name) {
  const std::scoped_lock lock(mutex_);
  opus_int32 value = 0;
  checked(opus_encoder_ctl(encoder_.get(), request, &value), name);
  return value;
}

std::uint32_t Encoder::final_range() {
  const std::scoped_lock lock(mutex_);
  opus_uint32 range = 0;
  checked(opus_encoder_ctl(encoder_.get(), OPUS_GET_FINAL_RANGE(&range)), "OPUS_GET_FINAL_RANGE");
  return range;
}

template std::string Encoder::encode(const std::vector<std::int16_t>& samples, int max_bytes);
template std::string Encoder::encode(const std::vector<float>& samples, int max_bytes);

}  // namespace dred::opus
