// The bytes of a fuzzer as a source of choices, and the check that stops it.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "dred/bytes.hpp"

namespace dred::fuzz {

inline void require(bool condition) {
  if (!condition) __builtin_trap();
}

class Input {
 public:
  Input(const std::uint8_t* data, std::size_t size) : data_(data, size) {}

  [[nodiscard]] bool is_empty() const noexcept { return position_ == data_.size(); }
  [[nodiscard]] std::uint8_t byte() noexcept { return is_empty() ? std::uint8_t{0} : data_[position_++]; }
  [[nodiscard]] std::uint32_t word() noexcept {
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i) value = value << 8 | byte();
    return value;
  }
  // Below `limit`, which is at least 1; uses as many bytes as it takes.
  [[nodiscard]] std::uint32_t below(std::uint32_t limit) noexcept {
    return (limit <= 256 ? std::uint32_t{byte()} : word()) % limit;
  }
  [[nodiscard]] Bytes bytes(std::size_t count) noexcept {
    const Bytes taken = data_.subspan(position_, std::min(count, data_.size() - position_));
    position_ += taken.size();
    return taken;
  }
  [[nodiscard]] Bytes rest() noexcept { return bytes(data_.size()); }

 private:
  Bytes data_;
  std::size_t position_ = 0;
};

}  // namespace dred::fuzz
