// Parses packets; what parses must be writable, and read the same when it is written.

#include <algorithm>
#include <vector>

#include "dred/location.hpp"
#include "dred/packet.hpp"
#include "fuzz/fuzz_input.hpp"

using dred::Bytes;
using dred::fuzz::require;

namespace {

[[nodiscard]] bool is_same(Bytes a, Bytes b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end());
}

void check_layout(const dred::Packet& packet, Bytes data, bool self_delimited) {
  require(packet.frame_count >= 1 && packet.frame_count <= dred::kMaxFrames);
  std::size_t end = packet.frames[0].offset;
  for (std::size_t i = 0; i < packet.frame_count; ++i) {
    require(packet.frames[i].offset == end && packet.frames[i].size <= dred::kMaxFrameSize);
    end += packet.frames[i].size;
  }
  require(packet.padding_offset == end && packet.consumed == end + packet.padding_size);
  require(self_delimited ? packet.consumed <= data.size() : packet.consumed == data.size());
}

void check_rewritten(const dred::Packet& packet, Bytes data, bool self_delimited) {
  std::vector<Bytes> frames;
  for (std::size_t i = 0; i < packet.frame_count; ++i) frames.push_back(packet.frame(data, i));
  dred::PacketParts parts;
  parts.config = packet.config;
  parts.stereo = packet.stereo;
  parts.code = packet.code;
  parts.frames = frames;
  parts.vbr = packet.vbr;
  parts.has_padding = packet.padding_flag;
  parts.padding = packet.padding(data);
  parts.self_delimited = self_delimited;
  std::vector<std::uint8_t> written(dred::packet_size_bound(parts));
  std::size_t size = 0;
  require(dred::write_packet(parts, written, size).ok() && size <= packet.consumed);
  const Bytes again(written.data(), size);
  dred::Packet reread;
  require(dred::parse_packet(again, self_delimited, reread).ok() && reread.consumed == size);
  require(reread.config == packet.config && reread.stereo == packet.stereo && reread.code == packet.code);
  require(reread.frame_count == packet.frame_count && is_same(reread.padding(again), packet.padding(data)));
  for (std::size_t i = 0; i < packet.frame_count; ++i) require(is_same(reread.frame(again, i), frames[i]));
}

void check_location(Bytes data, const dred::WireProfile& wire) {
  dred::Location location;
  const dred::Status status = dred::find_dred(data, wire, location);
  require(status.ok() || !location.is_found);
  if (!location.is_found) return;
  require(location.payload.data() >= data.data());
  require(location.payload.data() + location.payload.size() <= data.data() + data.size());
  require(wire.accepts(location.payload) && location.frame < dred::kMaxFrames);
  require(location.frame_offset_2p5ms >= 0 && location.frame_offset_2p5ms < 48);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(data, size);
  for (const bool self_delimited : {false, true}) {
    dred::Packet packet;
    const dred::Status status = dred::parse_packet(bytes, self_delimited, packet);
    if (!status.ok()) {
      require(status.has_position && status.position <= size);
      continue;
    }
    check_layout(packet, bytes, self_delimited);
    check_rewritten(packet, bytes, self_delimited);
  }
  for (const dred::WireProfile& wire : dred::wire_profiles()) check_location(bytes, wire);
  return 0;
}
