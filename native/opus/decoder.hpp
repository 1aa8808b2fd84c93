// A decoder of libopus with checked arguments; one thread at a time.
#pragma once

#include <opus.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string_view>
#include <vector>

namespace dred::opus {

struct DecoderDeleter {
  void operator()(OpusDecoder* decoder) const noexcept { opus_decoder_destroy(decoder); }
};

class Decoder {
 public:
  Decoder(int sampling_rate, int channels);

  [[nodiscard]] int sampling_rate() const noexcept { return sampling_rate_; }
  [[nodiscard]] int channels() const noexcept { return channels_; }

  // Without a packet: concealment. With `fec`: what the packet holds of the one before it. Both need
  // frame_size.
  template <typename Sample>
  [[nodiscard]] std::vector<Sample> decode(std::optional<std::string_view> packet,
                                           std::optional<int> frame_size, bool fec);

  void reset();
  [[nodiscard]] std::uint32_t final_range();
  [[nodiscard]] int last_packet_duration();

 private:
  [[nodiscard]] int room(std::optional<std::string_view> packet, std::optional<int> frame_size,
                         bool fec) const;

  int sampling_rate_;
  int channels_;
  std::unique_ptr<OpusDecoder, DecoderDeleter> decoder_;
  std::mutex mutex_;
};

extern template std::vector<std::int16_t> Decoder::decode(std::optional<std::string_view> packet,
                                                          std::optional<int> frame_size, bool fec);
extern template std::vector<float> Decoder::decode(std::optional<std::string_view> packet,
                                                   std::optional<int> frame_size, bool fec);

}  // namespace dred::opus
