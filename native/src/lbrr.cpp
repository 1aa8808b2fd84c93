#include "dred/lbrr.hpp"

#include <algorithm>

namespace dred {
namespace {

constexpr unsigned kFirstCeltConfig = 16;
constexpr unsigned kSilkFrame = 960;  // longest, at 48 kHz; a longer Opus frame has two or three of them

}  // namespace

// One flag of voice activity per SILK frame, then that of LBRR; in stereo the side channel has them too.
// clause: RX-lbrr
bool has_lbrr(const Packet& packet, Bytes data) noexcept {
  if (packet.config >= kFirstCeltConfig) return false;
  const Bytes frame = packet.frame(data, 0);
  if (frame.size() <= 1) return false;
  const unsigned activity_flags = std::max(1U, frame_samples48(packet.config) / kSilkFrame);
  const unsigned mid = 0x80U >> activity_flags;
  const unsigned side = packet.stereo ? mid >> (activity_flags + 1) : 0;
  return (frame[0] & (mid | side)) != 0;
}

}  // namespace dred
