// The extensions of a padding area, one at a time, in bitstream order.
#pragma once

#include <cstddef>
#include <cstdint>

#include "dred/bytes.hpp"
#include "dred/status.hpp"

namespace dred {

inline constexpr std::uint8_t kFirstShortId = 3;
inline constexpr std::uint8_t kFirstLongId = 32;
inline constexpr std::uint8_t kLastId = 127;

struct Extension {
  std::uint8_t id = 0;
  std::uint8_t frame = 0;
  bool repeated = false;   // its id byte stands elsewhere, in front of an RTE
  std::size_t offset = 0;  // of the payload in the area
  std::size_t size = 0;

  [[nodiscard]] Bytes payload(Bytes area) const noexcept { return area.subspan(offset, size); }
};

class ExtensionReader {
 public:
  // A frame count outside 1..48 makes the reader fail with W1.
  ExtensionReader(Bytes area, std::int64_t frame_count) noexcept;

  // False at the end and after an error; status() tells which. What was returned before stays valid.
  [[nodiscard]] bool next(Extension& extension) noexcept;
  [[nodiscard]] const Status& status() const noexcept { return status_; }

 private:
  struct Content {
    std::size_t offset = 0;
    std::size_t size = 0;
  };

  [[nodiscard]] bool next_in_stream(Extension& extension) noexcept;
  [[nodiscard]] bool next_repeated(Extension& extension) noexcept;
  [[nodiscard]] bool move_frame(std::size_t header_position, bool has_increment) noexcept;
  [[nodiscard]] bool read_content(std::uint8_t header, std::size_t& position, std::size_t fault_position,
                                  std::size_t reserved, Content& content) noexcept;
  void start_repeat(bool more_follow) noexcept;
  void finish_repeat() noexcept;
  bool fail(Rule rule, std::size_t position, const char* message) noexcept;

  Bytes area_;
  unsigned frame_count_ = 0;
  unsigned frame_ = 0;
  std::size_t position_ = 0;
  std::size_t source_start_ = 0;    // repeat_start: where S begins
  std::size_t last_long_end_ = 0;   // end of the last long extension of S; 0 = none
  std::size_t trailing_short_ = 0;  // payload bytes of the short extensions behind it

  bool is_repeating_ = false;
  bool repeat_is_last_ = false;  // RTE with L = 0
  unsigned repeat_frame_ = 0;
  std::size_t source_end_ = 0;
  std::size_t source_position_ = 0;
  Status status_;
};

}  // namespace dred
