// An encoder of libopus with checked arguments; one thread at a time.
#pragma once

#include <opus.h>

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace dred::opus {

struct EncoderDeleter {
  void operator()(OpusEncoder* encoder) const noexcept { opus_encoder_destroy(encoder); }
};

class Encoder {
 public:
  // application: "voip", "audio" or "restricted_lowdelay".
  Encoder(int sampling_rate, int channels, const std::string& application);

  [[nodiscard]] int sampling_rate() const noexcept { return sampling_rate_; }
  [[nodiscard]] int channels() const noexcept { return channels_; }

  // One packet of at most max_bytes. The number of samples is the duration: 2.5, 5, 10, 20, 40, .. 120 ms.
  template <typename Sample>
  [[nodiscard]] std::string encode(const std::vector<Sample>& samples, int max_bytes);

  void reset();
  void set(int request, int value, const char* name);
  [[nodiscard]] int get(int request, const char* name);
  [[nodiscard]] std::uint32_t final_range();

 private:
  void check_duration(int frame_size) const;

  int sampling_rate_;
  int channels_;
  std::unique_ptr<OpusEncoder, EncoderDeleter> encoder_;
  std::mutex mutex_;
};

extern template std::string Encoder::encode(const std::vector<std::int16_t>& samples, int max_bytes);
extern template std::string Encoder::encode(const std::vector<float>& samples, int max_bytes);

}  // namespace dred::opus
