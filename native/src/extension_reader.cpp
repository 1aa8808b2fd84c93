#include "dred/extension_reader.hpp"

#include "dred/packet.hpp"

namespace dred {
namespace {

constexpr std::uint8_t kSeparatorId = 1;
constexpr std::uint8_t kRepeatId = 2;

}  // namespace

// clause: EXT-area
ExtensionReader::ExtensionReader(Bytes area, std::int64_t frame_count) noexcept : area_(area) {
  if (frame_count < 1 || frame_count > static_cast<std::int64_t>(kMaxFrames)) {
    status_ = refusal(Rule::W1, Stage::extension, "the frame count is not in 1..48");
    return;
  }
  frame_count_ = static_cast<unsigned>(frame_count);
}

// clause: EXT-order, EXT-error-keeps
bool ExtensionReader::next(Extension& extension) noexcept {
  while (status_.ok()) {
    if (is_repeating_) {
      if (next_repeated(extension)) return true;
    } else {
      if (position_ >= area_.size()) return false;
      if (next_in_stream(extension)) return true;
    }
  }
  return false;
}

// clause: EXT-header, EXT-padding-byte, EXT-padding-rest
bool ExtensionReader::next_in_stream(Extension& extension) noexcept {
  const std::size_t header_position = position_;
  const std::uint8_t header = area_[position_++];
  const auto id = static_cast<std::uint8_t>(header >> 1);
  const bool flag = (header & 1) != 0;  // L
  if (id == kRepeatId) {
    source_end_ = header_position;
    start_repeat(flag);
    return false;
  }
  if (id == kSeparatorId) {
    (void)move_frame(header_position, flag);
    return false;
  }
  Content content;
  if (!read_content(header, position_, header_position, 0, content)) return false;
  if (id == 0) return false;
  if (id >= kFirstLongId) {
    last_long_end_ = position_;
    trailing_short_ = 0;
  } else {
    trailing_short_ += content.size;
  }
  extension = {id, static_cast<std::uint8_t>(frame_), false, content.offset, content.size};
  return true;
}

// clause: EXT-separator-one, EXT-separator-n, EXT-separator-zero, EXT-frame-range
bool ExtensionReader::move_frame(std::size_t header_position, bool has_increment) noexcept {
  unsigned increment = 1;
  if (has_increment) {
    if (position_ >= area_.size())
      return fail(Rule::E2, header_position, "a separator lacks its increment byte");
    increment = area_[position_++];
    if (increment == 0) return true;
  }
  frame_ += increment;
  if (frame_ >= frame_count_)
    return fail(Rule::E4, header_position, "a separator moves past the last frame of the packet");
  source_start_ = position_;
  last_long_end_ = 0;
  trailing_short_ = 0;
  return true;
}

// Reads what belongs to a header, from `position` on. `reserved` bytes at the end of the area are left to
// others. clause: EXT-short, EXT-long-rest, EXT-long-lacing, EXT-fit, EXT-repeat-trailing
bool ExtensionReader::read_content(std::uint8_t header, std::size_t& position, std::size_t fault_position,
                                   std::size_t reserved, Content& content) noexcept {
  const unsigned id = header >> 1;
  const bool flag = (header & 1) != 0;
  const std::size_t left = area_.size() - position;
  if (id < kFirstLongId && (id != 0 || flag)) {
    const std::size_t size = id != 0 && flag ? 1 : 0;  // 0x01 is padding and carries nothing
    if (left < size) return fail(Rule::E1, fault_position, "a short extension lacks its payload byte");
    content = {position, size};
    position += size;
    return true;
  }
  if (!flag) {
    if (left < reserved)
      return fail(Rule::E5, fault_position, "no room for the short payloads behind the last long extension");
    content = {position, left - reserved};
    position += content.size;
    return true;
  }
  std::size_t size = 0;
  std::uint8_t lacing = 0;
  do {
    if (position >= area_.size() || size > left)
      return fail(Rule::E3, fault_position, "the length of a long extension does not fit the area");
    lacing = area_[position++];
    size += lacing;
  } while (lacing == 255);
  if (size > area_.size() - position)
    return fail(Rule::E3, fault_position, "the payload of a long extension does not fit the area");
  content = {position, size};
  position += size;
  return true;
}

// clause: EXT-repeat
void ExtensionReader::start_repeat(bool more_follow) noexcept {
  is_repeating_ = true;
  repeat_is_last_ = !more_follow;
  source_position_ = source_start_;
  const bool is_empty = source_start_ == source_end_;
  repeat_frame_ = is_empty ? frame_count_ : frame_ + 1;
}

// The source is walked once for each later frame. It was read before without an error, so skipping cannot
// fail. clause: EXT-repeat, EXT-repeat-source, EXT-repeat-last-long
bool ExtensionReader::next_repeated(Extension& extension) noexcept {
  for (; repeat_frame_ < frame_count_; ++repeat_frame_, source_position_ = source_start_) {
    while (source_position_ < source_end_) {
      std::uint8_t header = area_[source_position_++];
      const auto id = static_cast<std::uint8_t>(header >> 1);
      Content skipped;
      if (!read_content(header, source_position_, source_position_, 0, skipped)) return false;
      if (id < kFirstShortId) continue;
      const bool is_last_frame = repeat_frame_ + 1 == frame_count_;
      if (repeat_is_last_ && is_last_frame && source_position_ == last_long_end_)
        header = static_cast<std::uint8_t>(header & 0xFE);
      Content content;
      if (!read_content(header, position_, position_, trailing_short_, content)) return false;
      extension = {id, static_cast<std::uint8_t>(repeat_frame_), true, content.offset, content.size};
      return true;
    }
  }
  finish_repeat();
  return false;
}

// clause: EXT-repeat-advance, EXT-repeat-more, EXT-repeat-ignored
void ExtensionReader::finish_repeat() noexcept {
  is_repeating_ = false;
  source_start_ = position_;
  last_long_end_ = 0;
  if (!repeat_is_last_) return;
  ++frame_;
  if (frame_ >= frame_count_) position_ = area_.size();
}

bool ExtensionReader::fail(Rule rule, std::size_t position, const char* message) noexcept {
  status_ = failure_at(rule, Stage::extension, position, message);
  return false;
}

}  // namespace dred
