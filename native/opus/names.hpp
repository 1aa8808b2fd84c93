// Words in place of libopus' numbers.
#pragma once

#include <opus.h>

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "opus/errors.hpp"

namespace dred::opus {

struct Name {
  std::string_view word;
  int value;
};

inline constexpr std::array<Name, 3> kApplications{{
    {"voip", OPUS_APPLICATION_VOIP},
    {"audio", OPUS_APPLICATION_AUDIO},
    {"restricted_lowdelay", OPUS_APPLICATION_RESTRICTED_LOWDELAY},
}};

inline constexpr std::array<Name, 6> kBandwidths{{
    {"auto", OPUS_AUTO},
    {"nb", OPUS_BANDWIDTH_NARROWBAND},
    {"mb", OPUS_BANDWIDTH_MEDIUMBAND},
    {"wb", OPUS_BANDWIDTH_WIDEBAND},
    {"swb", OPUS_BANDWIDTH_SUPERWIDEBAND},
    {"fb", OPUS_BANDWIDTH_FULLBAND},
}};

inline constexpr std::array<Name, 3> kSignals{{
    {"auto", OPUS_AUTO},
    {"voice", OPUS_SIGNAL_VOICE},
    {"music", OPUS_SIGNAL_MUSIC},
}};

inline constexpr std::array<Name, 3> kChannelCounts{{
    {"auto", OPUS_AUTO},
    {"mono", 1},
    {"stereo", 2},
}};

template <std::size_t size>
[[nodiscard]] int value_of(const std::array<Name, size>& names, const std::string& word, const char* what) {
  std::string known;
  for (const Name& name : names) {
    if (name.word == word) return name.value;
    if (!known.empty()) known += ", ";
    known += name.word;
  }
  refuse(std::string(what) + " is '" + word + "'; there are " + known);
}

template <std::size_t size>
[[nodiscard]] std::string word_of(const std::array<Name, size>& names, int value) {
  for (const Name& name : names)
    if (name.value == value) return std::string(name.word);
  return std::to_string(value);
}

}  // namespace dred::opus
