#include "dred/extension_writer.hpp"

#include <algorithm>
#include <array>
#include <cstring>

#include "dred/extension_reader.hpp"
#include "dred/packet.hpp"

namespace dred {
namespace {

constexpr std::size_t kNone = static_cast<std::size_t>(-1);
constexpr std::uint8_t kPaddingByte = 0x01;
constexpr std::uint8_t kNextFrame = 0x02;
constexpr std::uint8_t kMoveFrames = 0x03;
constexpr std::uint8_t kRepeatLast = 0x04;
constexpr std::uint8_t kRepeatMore = 0x05;

class ExtensionWriter {
 public:
  ExtensionWriter(std::span<const ExtensionInput> extensions, unsigned frame_count, MutableBytes out) noexcept
      : extensions_(extensions), frame_count_(frame_count), out_(out) {}

  // False when the area is too small.
  [[nodiscard]] bool write() noexcept;
  [[nodiscard]] std::size_t size() const noexcept { return size_; }

 private:
  // The prefix of a frame's extensions that every later frame carries too.
  struct Repeat {
    std::size_t count = 0;
    std::size_t trigger = kNone;         // the last extension of the prefix
    std::size_t last_long_copy = kNone;  // the copy of its last long extension in the last frame
  };

  void index_frames() noexcept;
  [[nodiscard]] bool write_frame(unsigned frame) noexcept;
  [[nodiscard]] Repeat find_repeat(unsigned frame) noexcept;
  [[nodiscard]] bool is_on_every_later_frame(std::size_t index) const noexcept;
  [[nodiscard]] bool write_separator(unsigned frame) noexcept;
  [[nodiscard]] bool write_extension(const ExtensionInput& extension, bool is_very_last) noexcept;
  [[nodiscard]] bool write_copies(unsigned frame, const Repeat& repeat) noexcept;
  [[nodiscard]] bool write_payload(const ExtensionInput& extension, bool has_length) noexcept;
  [[nodiscard]] std::size_t next_of_frame(std::size_t index, unsigned frame) const noexcept;

  [[nodiscard]] bool is_of_frame(std::size_t index, unsigned frame) const noexcept {
    return extensions_[index].frame == static_cast<std::int64_t>(frame);
  }
  [[nodiscard]] bool has_room(std::size_t size) const noexcept { return size <= out_.size() - size_; }
  void put(std::size_t byte) noexcept { out_[size_++] = static_cast<std::uint8_t>(byte); }

  std::span<const ExtensionInput> extensions_;
  unsigned frame_count_;
  MutableBytes out_;
  std::size_t size_ = 0;
  std::size_t written_count_ = 0;
  unsigned current_frame_ = 0;
  std::array<std::size_t, kMaxFrames> first_{};  // first extension of a frame that is not yet written
  std::array<std::size_t, kMaxFrames> stop_{};   // one past its last extension
  std::array<std::size_t, kMaxFrames> copy_{};   // R[g]: the next candidate for a repeat
};

bool ExtensionWriter::write() noexcept {
  index_frames();
  for (unsigned frame = 0; frame < frame_count_; ++frame) {
    if (!write_frame(frame)) return false;
  }
  return true;
}

void ExtensionWriter::index_frames() noexcept {
  first_.fill(extensions_.size());
  for (std::size_t i = 0; i < extensions_.size(); ++i) {
    const auto frame = static_cast<std::size_t>(extensions_[i].frame);
    first_[frame] = std::min(first_[frame], i);
    stop_[frame] = i + 1;
  }
}

// clause: EXT-write
bool ExtensionWriter::write_frame(unsigned frame) noexcept {
  const Repeat repeat = find_repeat(frame);
  for (std::size_t i = first_[frame]; i < stop_[frame]; i = next_of_frame(i, frame)) {
    if (!write_separator(frame)) return false;
    if (!write_extension(extensions_[i], written_count_ + 1 == extensions_.size())) return false;
    ++written_count_;
    if (i == repeat.trigger && !write_copies(frame, repeat)) return false;
  }
  return true;
}

// clause: EXT-write-repeat
ExtensionWriter::Repeat ExtensionWriter::find_repeat(unsigned frame) noexcept {
  Repeat repeat;
  if (frame + 1 >= frame_count_) return repeat;
  copy_ = first_;
  for (std::size_t i = first_[frame]; i < stop_[frame]; i = next_of_frame(i, frame)) {
    if (!is_on_every_later_frame(i)) break;
    if (extensions_[i].id >= kFirstLongId) repeat.last_long_copy = copy_[frame_count_ - 1];
    for (unsigned later = frame + 1; later < frame_count_; ++later)
      copy_[later] = next_of_frame(copy_[later], later);
    ++repeat.count;
    repeat.trigger = i;
  }
  return repeat;
}

bool ExtensionWriter::is_on_every_later_frame(std::size_t index) const noexcept {
  const ExtensionInput& original = extensions_[index];
  for (auto later = static_cast<std::size_t>(original.frame) + 1; later < frame_count_; ++later) {
    if (copy_[later] >= stop_[later]) return false;
    const ExtensionInput& copy = extensions_[copy_[later]];
    if (copy.id != original.id) return false;
    if (copy.id < kFirstLongId && copy.payload.size() != original.payload.size()) return false;
  }
  return true;
}

// Two bytes of room are asked for even where one is written.
// clause: EXT-write-separator
bool ExtensionWriter::write_separator(unsigned frame) noexcept {
  if (frame == current_frame_) return true;
  if (!has_room(2)) return false;
  const unsigned increment = frame - current_frame_;
  if (increment == 1) {
    put(kNextFrame);
  } else {
    put(kMoveFrames);
    put(increment);
  }
  current_frame_ = frame;
  return true;
}

// clause: EXT-write-last
bool ExtensionWriter::write_extension(const ExtensionInput& extension, bool is_very_last) noexcept {
  if (!has_room(1)) return false;
  const auto id = static_cast<std::size_t>(extension.id);
  const bool is_long = id >= kFirstLongId;
  const bool flag = is_long ? !is_very_last : !extension.payload.empty();
  put(id << 1 | (flag ? 1U : 0U));
  return write_payload(extension, is_long && flag);
}

// clause: EXT-write-repeat
bool ExtensionWriter::write_copies(unsigned frame, const Repeat& repeat) noexcept {
  const std::size_t copy_count = repeat.count * (frame_count_ - 1 - frame);
  const bool ends_all = written_count_ + copy_count == extensions_.size();
  const bool ends_frame = repeat.last_long_copy == kNone && repeat.trigger + 1 >= stop_[frame];
  const bool is_last = ends_all || ends_frame;
  if (!has_room(1)) return false;
  put(is_last ? kRepeatLast : kRepeatMore);
  for (unsigned later = frame + 1; later < frame_count_; ++later) {
    for (std::size_t i = first_[later]; i < copy_[later]; i = next_of_frame(i, later)) {
      const bool is_long = extensions_[i].id >= kFirstLongId;
      const bool takes_rest = is_last && i == repeat.last_long_copy;
      if (!write_payload(extensions_[i], is_long && !takes_rest)) return false;
      ++written_count_;
    }
    first_[later] = copy_[later];
  }
  if (is_last) ++current_frame_;
  return true;
}

bool ExtensionWriter::write_payload(const ExtensionInput& extension, bool has_length) noexcept {
  const std::size_t length = extension.payload.size();
  const std::size_t lacing = has_length ? length / 255 + 1 : 0;
  if (!has_room(length) || !has_room(length + lacing)) return false;
  if (has_length) {
    for (std::size_t i = 1; i < lacing; ++i) put(255);
    put(length % 255);
  }
  if (length > 0) std::memcpy(out_.data() + size_, extension.payload.data(), length);
  size_ += length;
  return true;
}

std::size_t ExtensionWriter::next_of_frame(std::size_t index, unsigned frame) const noexcept {
  do {
    ++index;
  } while (index < stop_[frame] && !is_of_frame(index, frame));
  return index;
}

// clause: EXT-write-limits
[[nodiscard]] Status check(std::span<const ExtensionInput> extensions, std::int64_t frame_count) noexcept {
  const auto refuse = [](const char* message) { return refusal(Rule::W1, Stage::extension, message); };
  if (frame_count < 1 || frame_count > static_cast<std::int64_t>(kMaxFrames))
    return refuse("the frame count is not in 1..48");
  for (const ExtensionInput& extension : extensions) {
    if (extension.frame < 0 || extension.frame >= frame_count) return refuse("the packet has no such frame");
    if (extension.id < kFirstShortId || extension.id > kLastId)
      return refuse("an extension id that is not in 3..127");
    if (extension.id < kFirstLongId && extension.payload.size() > 1)
      return refuse("a short extension with more than one byte");
  }
  return {};
}

// clause: EXT-write-pad
void move_to_end(MutableBytes out, std::size_t size) noexcept {
  const std::size_t room = out.size() - size;
  if (size > 0) std::memmove(out.data() + room, out.data(), size);
  std::fill_n(out.begin(), room, kPaddingByte);
}

}  // namespace

std::size_t extensions_size_bound(std::span<const ExtensionInput> extensions) noexcept {
  // A frame adds at most a separator and an RTE; an extension its id byte, lacing and payload.
  std::size_t bound = 3 * kMaxFrames;
  for (const ExtensionInput& extension : extensions)
    bound += 2 + extension.payload.size() + extension.payload.size() / 255;
  return bound;
}

// clause: EXT-write, EXT-write-limits
Status write_extensions(std::span<const ExtensionInput> extensions, std::int64_t frame_count, bool pad,
                        MutableBytes out, std::size_t& written) noexcept {
  written = 0;
  if (const Status status = check(extensions, frame_count); !status.ok()) return status;
  ExtensionWriter writer(extensions, static_cast<unsigned>(frame_count), out);
  if (!writer.write()) return refusal(Rule::W2, Stage::extension, "the extensions do not fit the given size");
  written = writer.size();
  if (pad && written < out.size()) {
    move_to_end(out, written);
    written = out.size();
  }
  return {};
}

}  // namespace dred
