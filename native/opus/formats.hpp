// What libopus takes, tested before it is asked: it does not promise to refuse everything else.
#pragma once

#include <string>

#include "opus/errors.hpp"

namespace dred::opus {

inline void check_format(int sampling_rate, int channels) {
  switch (sampling_rate) {
    case 8000:
    case 12000:
    case 16000:
    case 24000:
    case 48000:
      break;
    default:
      refuse("sampling_rate is " + std::to_string(sampling_rate) +
             "; libopus takes 8000, 12000, 16000, 24000 and 48000");
  }
  if (channels != 1 && channels != 2)
    refuse("channels is " + std::to_string(channels) + "; libopus takes 1 and 2");
}

}  // namespace dred::opus
