#include "dred/packet.hpp"

namespace dred {
namespace {

// Sizes are signed here: announced padding may exceed the packet, which shows as a negative remainder.
class PacketReader {
 public:
  PacketReader(Bytes data, bool self_delimited, Packet& packet) noexcept
      : data_(data),
        end_(static_cast<std::int64_t>(data.size())),
        is_self_delimited_(self_delimited),
        packet_(packet) {}

  [[nodiscard]] Status read() noexcept;

 private:
  [[nodiscard]] Status read_two_equal() noexcept;
  [[nodiscard]] Status read_two() noexcept;
  [[nodiscard]] Status read_many() noexcept;
  [[nodiscard]] Status read_padding_length() noexcept;
  [[nodiscard]] Status read_vbr_lengths() noexcept;
  [[nodiscard]] Status read_delimiting_length() noexcept;
  [[nodiscard]] bool read_length(std::int64_t& size) noexcept;
  [[nodiscard]] Status check_implicit_size() const noexcept;
  void place_frames() noexcept;

  [[nodiscard]] std::int64_t remaining() const noexcept { return end_ - position_; }
  [[nodiscard]] std::uint8_t take() noexcept { return data_[static_cast<std::size_t>(position_++)]; }
  [[nodiscard]] static Status fail(Rule rule, std::int64_t position, const char* message) noexcept {
    return failure_at(rule, Stage::packet, static_cast<std::size_t>(position), message);
  }
  void set_all_sizes(std::int64_t size) noexcept {
    for (std::size_t i = 0; i < packet_.frame_count; ++i)
      packet_.frames[i].size = static_cast<std::size_t>(size);
  }

  Bytes data_;
  std::int64_t position_ = 0;
  std::int64_t end_;  // where the padding starts, or should
  bool is_self_delimited_;
  bool is_cbr_ = false;
  std::int64_t last_size_ = 0;
  Packet& packet_;
};

// clause: RFC6716-3.1-R1, RFC6716-3.1-toc, RFC6716-3-framing
Status PacketReader::read() noexcept {
  packet_ = Packet{};
  if (data_.empty()) return fail(Rule::R1, 0, "a packet has at least one byte");
  const std::uint8_t toc = take();
  packet_.config = static_cast<std::uint8_t>(toc >> 3);
  packet_.stereo = (toc & 4) != 0;
  packet_.code = toc & 3;
  packet_.frame_count = packet_.code == 0 ? 1 : 2;
  last_size_ = remaining();
  Status status;
  if (packet_.code == 1) status = read_two_equal();
  if (packet_.code == 2) status = read_two();
  if (packet_.code == 3) status = read_many();
  if (!status.ok()) return status;
  status = is_self_delimited_ ? read_delimiting_length() : check_implicit_size();
  if (!status.ok()) return status;
  place_frames();
  return {};
}

// The size of a self-delimited packet is not known here, so only the plain framing can be odd.
// clause: RFC6716-3.2.3-code1, RFC6716-3.2.3-R3
Status PacketReader::read_two_equal() noexcept {
  is_cbr_ = true;
  if (is_self_delimited_) return {};
  if (remaining() % 2 != 0) return fail(Rule::R3, position_, "code 1 with an odd number of bytes");
  last_size_ = remaining() / 2;
  set_all_sizes(last_size_);
  return {};
}

// clause: RFC6716-3.2.4-code2, RFC6716-3.2.4-R4
Status PacketReader::read_two() noexcept {
  const std::int64_t code_position = position_;
  std::int64_t size = 0;
  if (!read_length(size)) return fail(Rule::R4, code_position, "code 2: the first length cannot be read");
  if (size > remaining())
    return fail(Rule::R4, code_position, "code 2: the first frame is larger than what follows its length");
  packet_.frames[0].size = static_cast<std::size_t>(size);
  last_size_ = remaining() - size;
  return {};
}

// clause: RFC6716-3.2.5-code3, RFC6716-3.2.5-count, RFC6716-3.2.5-R5, RFC6716-3.2.5-R6
Status PacketReader::read_many() noexcept {
  if (remaining() < 1)
    return fail(Rule::R6, position_, "code 3: the frame count byte is missing (R6 and R7 name this)");
  const std::uint8_t count_byte = take();
  packet_.vbr = (count_byte & 0x80) != 0;
  packet_.padding_flag = (count_byte & 0x40) != 0;
  const unsigned count = count_byte & 0x3F;  // M
  if (count == 0) return fail(Rule::R5, 1, "code 3 with no frame");
  if (count * frame_samples48(packet_.config) > kMaxPacketSamples48)
    return fail(Rule::R5, 1, "code 3 with more than 120 ms of frames");
  packet_.frame_count = count;
  if (packet_.padding_flag) {
    if (const Status status = read_padding_length(); !status.ok()) return status;
  }
  if (packet_.vbr) return read_vbr_lengths();
  is_cbr_ = true;
  if (is_self_delimited_) return {};
  if (remaining() % static_cast<std::int64_t>(count) != 0)
    return fail(Rule::R6, position_, "code 3 CBR: the rest is not a multiple of the frame count");
  last_size_ = remaining() / static_cast<std::int64_t>(count);
  set_all_sizes(last_size_);
  return {};
}

// A length byte of 255 stands for 254 bytes and another length byte.
// clause: RFC6716-3.2.5-padlen, RFC6716-3.2.5-P, RFC6716-3.2.5-padany
Status PacketReader::read_padding_length() noexcept {
  const Rule rule = packet_.vbr ? Rule::R7 : Rule::R6;
  const std::int64_t first = position_;
  const auto input_end = static_cast<std::int64_t>(data_.size());
  std::uint8_t length_byte = 0;
  std::int64_t total = 0;
  do {
    if (remaining() <= 0) {
      if (position_ == input_end) return fail(rule, position_, "code 3: a padding length byte is missing");
      return fail(rule, first, "code 3: more padding than data");
    }
    length_byte = take();
    const std::int64_t part = length_byte == 255 ? 254 : length_byte;
    total += part;
    end_ -= part;
  } while (length_byte == 255);
  if (remaining() < 0) return fail(rule, first, "code 3: more padding than data");
  packet_.padding_size = static_cast<std::size_t>(total);
  return {};
}

// clause: RFC6716-3.2.5-R7
Status PacketReader::read_vbr_lengths() noexcept {
  std::int64_t code_position = position_;
  last_size_ = remaining();
  for (std::size_t i = 0; i + 1 < packet_.frame_count; ++i) {
    code_position = position_;
    std::int64_t size = 0;
    if (!read_length(size)) return fail(Rule::R7, code_position, "code 3 VBR: a length cannot be read");
    if (size > remaining())
      return fail(Rule::R7, code_position, "code 3 VBR: a frame is larger than what follows its length");
    packet_.frames[i].size = static_cast<std::size_t>(size);
    last_size_ -= position_ - code_position + size;
  }
  if (last_size_ < 0) return fail(Rule::R7, code_position, "code 3 VBR: the lengths exceed the packet");
  return {};
}

// clause: RFC6716-3.2.1-length, RFC6716-3.2.1-zero
bool PacketReader::read_length(std::int64_t& size) noexcept {
  if (remaining() < 1) return false;
  const std::uint8_t first = take();
  if (first < 252) {
    size = first;
    return true;
  }
  if (remaining() < 1) return false;
  size = 4 * std::int64_t{take()} + first;
  return true;
}

// clause: RFC6716-B-selfdelim, RFC6716-3-selfdelim
Status PacketReader::read_delimiting_length() noexcept {
  const std::int64_t code_position = position_;
  std::int64_t size = 0;
  if (!read_length(size)) return fail(Rule::B1, code_position, "the delimiting length cannot be read");
  if (size > remaining())
    return fail(Rule::B1, code_position, "the delimiting length is larger than what follows it");
  if (is_cbr_) {
    if (size * static_cast<std::int64_t>(packet_.frame_count) > remaining())
      return fail(Rule::B2, code_position, "frames of the delimiting length do not fit");
    set_all_sizes(size);
  } else if (position_ - code_position + size > last_size_) {
    return fail(Rule::B3, code_position, "the other frames leave less than the delimiting length");
  }
  last_size_ = size;
  return {};
}

// clause: RFC6716-3.2.1-R2
Status PacketReader::check_implicit_size() const noexcept {
  if (last_size_ <= static_cast<std::int64_t>(kMaxFrameSize)) return {};
  std::int64_t start = position_;
  if (!is_cbr_) {
    for (std::size_t i = 0; i + 1 < packet_.frame_count; ++i)
      start += static_cast<std::int64_t>(packet_.frames[i].size);
  }
  return fail(Rule::R2, start, "a frame larger than 1275 bytes");
}

void PacketReader::place_frames() noexcept {
  packet_.frames[packet_.frame_count - 1].size = static_cast<std::size_t>(last_size_);
  auto offset = static_cast<std::size_t>(position_);
  for (std::size_t i = 0; i < packet_.frame_count; ++i) {
    packet_.frames[i].offset = offset;
    offset += packet_.frames[i].size;
  }
  packet_.padding_offset = offset;
  packet_.consumed = offset + packet_.padding_size;
}

}  // namespace

// clause: RFC6716-3.1-toc
unsigned frame_samples48(unsigned config) noexcept {
  if ((config & 16) != 0) return 120U << (config & 3);              // CELT: 2.5, 5, 10, 20 ms
  if ((config & 12) == 12) return (config & 1) != 0 ? 960U : 480U;  // hybrid: 10, 20 ms
  return (config & 3) == 3 ? 2880U : 480U << (config & 3);          // SILK: 10, 20, 40, 60 ms
}

// clause: RFC6716-3.4-reject
Status parse_packet(Bytes data, bool self_delimited, Packet& packet) noexcept {
  return PacketReader(data, self_delimited, packet).read();
}

}  // namespace dred
