// RFC 6716 section 4.1: the range decoder.
//
// The difference `val` of the text lives in the top 31 bits of a 64-bit window; below it wait up to 33 bits
// that were read ahead. Scaling up is one shift, and bytes are fetched several at a time. Every result equals
// that of the text.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "dred/bytes.hpp"
#include "dred/range_coder_constants.hpp"

namespace dred {

class RangeDecoder {
 public:
  explicit RangeDecoder(Bytes data) noexcept;

  // Callers keep to the ranges: 1 <= total <= kMaxTotal, 0 <= low < high <= total, the total of update()
  // being that of decode(), and the decoded value lying in [low, high).
  [[nodiscard]] std::uint32_t decode(std::uint32_t total) noexcept;
  [[nodiscard]] std::uint32_t decode_bin(unsigned bits) noexcept;  // total 1 << bits, bits <= 23
  void update(std::uint32_t low, std::uint32_t high, std::uint32_t total) noexcept;

  [[nodiscard]] bool bit_logp(unsigned logp) noexcept;  // 1 <= logp <= 23
  // `table` does not increase, starts at or below 1 << bits and ends with 0; bits <= 16.
  [[nodiscard]] std::uint32_t icdf(std::span<const std::uint32_t> table, unsigned bits) noexcept;
  [[nodiscard]] std::uint32_t uniform(std::uint32_t total) noexcept;  // uint, total >= 2
  [[nodiscard]] std::uint32_t raw_bits(unsigned count) noexcept;      // count <= 25

  [[nodiscard]] std::uint64_t tell() const noexcept { return bits_used(total_bits_, range_); }
  [[nodiscard]] std::uint64_t tell_frac() const noexcept { return eighth_bits_used(total_bits_, range_); }
  // clause: RFC6716-6-range
  [[nodiscard]] std::uint32_t range() const noexcept { return range_; }  // rng
  [[nodiscard]] bool has_uniform_error() const noexcept { return has_uniform_error_; }

  // The pieces that symbol decoders of this library are made of.
  [[nodiscard]] std::uint32_t difference() const noexcept {  // val
    return static_cast<std::uint32_t>(window_ >> kDifferenceShift);
  }
  // Leaves [taken, taken + range) of the current range.
  // clause: RFC6716-4.1.2.1-renorm
  void narrow(std::uint32_t taken, std::uint32_t range) noexcept {
    window_ -= std::uint64_t{taken} << kDifferenceShift;
    // The fewest whole bytes that lift the range above kCodeBottom: 0 to 3.
    const unsigned shift = (static_cast<unsigned>(std::countl_zero(range - 1)) - 1) & ~7U;
    window_ <<= shift;
    range_ = range << shift;
    ahead_ -= static_cast<int>(shift);
    total_bits_ += shift;
    if (ahead_ < kLeastAhead) refill();
  }

 private:
  static constexpr unsigned kDifferenceShift = 33;
  static constexpr int kLeastAhead = 24;  // the longest shift

  // clause: RFC6716-4.1.2.1-zero
  void refill() noexcept {
    std::uint64_t next = 0;
    if (data_.size() - position_ >= sizeof(next)) {
      std::memcpy(&next, data_.data() + position_, sizeof(next));
      if constexpr (std::endian::native == std::endian::little) next = __builtin_bswap64(next);
    } else {
      next = read_tail(data_, position_);
    }
    // Bits beyond the counted ones are set too: the next refill sets them again to the same values.
    window_ |= ~next >> (static_cast<unsigned>(ahead_) + 31);
    const unsigned count = (kDifferenceShift - static_cast<unsigned>(ahead_)) >> 3;
    ahead_ += static_cast<int>(8 * count);
    position_ = data_.size() - position_ < count ? data_.size() : position_ + count;
  }
  // Takes values: a decoder whose address goes nowhere can live in registers.
  [[nodiscard]] static std::uint64_t read_tail(Bytes data, std::size_t position) noexcept;
  [[nodiscard]] std::uint32_t read_from_end() noexcept;

  Bytes data_;
  std::size_t position_ = 0;
  std::uint64_t window_ = 0;
  int ahead_ = 0;
  std::uint32_t range_ = kCodeTop;
  std::uint32_t unit_ = 0;  // ext: the range per unit of the frequency total
  std::uint64_t total_bits_ = 33;
  std::size_t end_position_ = 0;  // bytes that the raw bits took from the end
  std::uint32_t raw_window_ = 0;
  unsigned raw_available_ = 0;
  bool has_uniform_error_ = false;
};

}  // namespace dred
