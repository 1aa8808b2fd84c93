#include <algorithm>

#include "dred/packet.hpp"

namespace dred {
namespace {

[[nodiscard]] Status refuse(const char* message) noexcept {
  return refusal(Rule::W1, Stage::packet, message);
}

[[nodiscard]] bool has_equal_sizes(std::span<const Bytes> frames) noexcept {
  return std::all_of(frames.begin(), frames.end(),
                     [&](Bytes frame) { return frame.size() == frames.front().size(); });
}

// clause: RFC6716-3.1-toc, RFC6716-3.2.1-R2, RFC6716-3.2.5-R5, RFC6716-3.2.5-R6
[[nodiscard]] Status check(const PacketParts& parts) noexcept {
  const std::size_t count = parts.frames.size();
  if (parts.config < 0 || parts.config > 31) return refuse("the configuration is not in 0..31");
  if (parts.code < 0 || parts.code > 3) return refuse("the code is not in 0..3");
  if (parts.code == 0 && count != 1) return refuse("code 0 has one frame");
  if ((parts.code == 1 || parts.code == 2) && count != 2) return refuse("codes 1 and 2 have two frames");
  if (count == 0) return refuse("code 3 with no frame");
  if (count * frame_samples48(static_cast<unsigned>(parts.config)) > kMaxPacketSamples48)
    return refuse("more than 120 ms of frames");
  for (const Bytes frame : parts.frames)
    if (frame.size() > kMaxFrameSize) return refuse("a frame larger than 1275 bytes");
  const bool needs_equal = parts.code == 1 || (parts.code == 3 && !parts.vbr);
  if (needs_equal && !has_equal_sizes(parts.frames)) return refuse("frames of unequal size without lengths");
  if (parts.has_padding && parts.code != 3) return refuse("only code 3 can carry padding");
  return {};
}

class PacketBuilder {
 public:
  explicit PacketBuilder(MutableBytes out) noexcept : out_(out) {}

  void put(std::size_t byte) noexcept {
    if (size_ < out_.size()) out_[size_] = static_cast<std::uint8_t>(byte);
    ++size_;
  }
  void put(Bytes bytes) noexcept {
    for (const std::uint8_t byte : bytes) put(std::size_t{byte});
  }
  void put_length(std::size_t size) noexcept {
    std::uint8_t code[2] = {};
    put(Bytes(code, write_frame_length(size, code)));
  }
  void put_padding_length(std::size_t size) noexcept {
    for (; size > 254; size -= 254) put(std::size_t{255});
    put(size);
  }
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  MutableBytes out_;
  std::size_t size_ = 0;
};

}  // namespace

// clause: RFC6716-3.2.1-length
std::size_t write_frame_length(std::size_t size, std::uint8_t* out) noexcept {
  if (size < 252) {
    out[0] = static_cast<std::uint8_t>(size);
    return 1;
  }
  out[0] = static_cast<std::uint8_t>(252 + (size & 3));
  out[1] = static_cast<std::uint8_t>((size - out[0]) >> 2);
  return 2;
}

std::size_t packet_size_bound(const PacketParts& parts) noexcept {
  std::size_t bound = 2 + 2 + parts.padding.size() + parts.padding.size() / 254;
  for (const Bytes frame : parts.frames) bound += 2 + frame.size();
  return bound;
}

// clause: RFC6716-3.2.2-code0, RFC6716-3.2.3-code1, RFC6716-3.2.4-code2
// clause: RFC6716-3.2.5-code3, RFC6716-B-selfdelim
Status write_packet(const PacketParts& parts, MutableBytes out, std::size_t& written) noexcept {
  written = 0;
  if (const Status status = check(parts); !status.ok()) return status;
  const std::size_t count = parts.frames.size();
  const auto code = static_cast<std::size_t>(parts.code);
  PacketBuilder builder(out);
  builder.put(static_cast<std::size_t>(parts.config) << 3 | (parts.stereo ? 4U : 0U) | code);
  if (code == 3) {
    builder.put((parts.vbr ? 0x80U : 0U) | (parts.has_padding ? 0x40U : 0U) | count);
    if (parts.has_padding) builder.put_padding_length(parts.padding.size());
  }
  if (code == 2 || (code == 3 && parts.vbr)) {
    for (const Bytes frame : parts.frames.first(count - 1)) builder.put_length(frame.size());
  }
  if (parts.self_delimited) builder.put_length(parts.frames.back().size());
  for (const Bytes frame : parts.frames) builder.put(frame);
  if (parts.has_padding) builder.put(parts.padding);
  if (builder.size() > out.size()) return refusal(Rule::W2, Stage::packet, "the packet does not fit");
  written = builder.size();
  return {};
}

}  // namespace dred
