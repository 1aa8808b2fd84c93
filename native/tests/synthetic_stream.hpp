// Packets with DRED in the wire profile draft-32, for tests and fuzzers: any bytes are a payload.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dred/bytes.hpp"

namespace dred::testing {

struct PacketMakeUp {
  std::uint8_t config = 0;
  bool is_stereo = false;
  std::size_t frames = 1;
  std::size_t frame_size = 2;
  std::uint8_t first_byte = 0;  // of every frame, where it has any
  std::size_t dred_frame = 0;
};

// Code 3, all frames alike. The payload is at most 200 bytes; without one there is no DRED.
inline std::vector<std::uint8_t> make_packet(const PacketMakeUp& made, Bytes payload) {
  std::vector<std::uint8_t> packet;
  packet.push_back(static_cast<std::uint8_t>(made.config << 3 | (made.is_stereo ? 4 : 0) | 3));
  packet.push_back(static_cast<std::uint8_t>((payload.empty() ? 0 : 0x40) | made.frames));
  std::vector<std::uint8_t> padding;
  if (!payload.empty()) {
    constexpr std::uint8_t kNextFrame = 2;
    constexpr std::uint8_t kToTheEnd = 32 << 1;
    padding.assign(made.dred_frame, kNextFrame);
    padding.push_back(kToTheEnd);
    padding.insert(padding.end(), payload.begin(), payload.end());
    packet.push_back(static_cast<std::uint8_t>(padding.size()));
  }
  for (std::size_t i = 0; i < made.frames * made.frame_size; ++i)
    packet.push_back(i % made.frame_size == 0 ? made.first_byte : std::uint8_t{0});
  packet.insert(packet.end(), padding.begin(), padding.end());
  return packet;
}

}  // namespace dred::testing
