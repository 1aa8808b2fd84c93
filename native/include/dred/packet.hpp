// RFC 6716 section 3: the framing of an Opus packet, and its self-delimiting variant (Appendix B).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "dred/bytes.hpp"
#include "dred/status.hpp"

namespace dred {

inline constexpr std::size_t kMaxFrames = 48;          // 120 ms of 2.5 ms frames
inline constexpr std::size_t kMaxFrameSize = 1275;     // largest size a length code can say
inline constexpr unsigned kMaxPacketSamples48 = 5760;  // 120 ms at 48 kHz

struct FrameSpan {
  std::size_t offset = 0;
  std::size_t size = 0;
};

struct Packet {
  std::uint8_t config = 0;
  bool stereo = false;
  std::uint8_t code = 0;
  bool vbr = false;
  bool padding_flag = false;
  std::size_t frame_count = 0;
  std::array<FrameSpan, kMaxFrames> frames{};
  std::size_t padding_offset = 0;
  std::size_t padding_size = 0;  // without the padding length bytes
  std::size_t consumed = 0;

  [[nodiscard]] Bytes frame(Bytes packet, std::size_t index) const noexcept {
    return packet.subspan(frames[index].offset, frames[index].size);
  }
  [[nodiscard]] Bytes padding(Bytes packet) const noexcept {
    return packet.subspan(padding_offset, padding_size);
  }
};

// Samples of one frame of a configuration at 48 kHz (120 to 2880).
[[nodiscard]] unsigned frame_samples48(unsigned config) noexcept;

[[nodiscard]] Status parse_packet(Bytes data, bool self_delimited, Packet& packet) noexcept;

struct PacketParts {
  std::int64_t config = 0;
  bool stereo = false;
  std::int64_t code = 0;
  std::span<const Bytes> frames;
  bool vbr = false;
  bool has_padding = false;
  Bytes padding;
  bool self_delimited = false;
};

// The largest packet that the parts can make; buffers of write_packet need no more.
[[nodiscard]] std::size_t packet_size_bound(const PacketParts& parts) noexcept;

[[nodiscard]] Status write_packet(const PacketParts& parts, MutableBytes out, std::size_t& written) noexcept;

// 1 or 2 bytes; the size must be at most kMaxFrameSize. Returns the number of bytes.
std::size_t write_frame_length(std::size_t size, std::uint8_t* out) noexcept;

}  // namespace dred
