// RFC 6716 section 5.1: the range encoder. The buffer is the caller's; a copy of the encoder is a point to
// return to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "dred/bytes.hpp"
#include "dred/range_coder_constants.hpp"

namespace dred {

class RangeEncoder {
 public:
  RangeEncoder() noexcept = default;  // without room: the place of a point to return to
  explicit RangeEncoder(MutableBytes buffer) noexcept : buffer_(buffer), storage_(buffer.size()) {}

  // Callers keep to the ranges: 0 <= low < high <= total, 1 <= total <= kMaxTotal.
  void encode(std::uint32_t low, std::uint32_t high, std::uint32_t total) noexcept;
  void encode_bin(std::uint32_t low, std::uint32_t high, unsigned bits) noexcept;
  void bit_logp(bool value, unsigned logp) noexcept;
  // False, and nothing is coded, when the symbol has no share of the range.
  [[nodiscard]] bool icdf(std::uint32_t symbol, std::span<const std::uint32_t> table, unsigned bits) noexcept;
  void uniform(std::uint32_t value, std::uint32_t total) noexcept;
  void raw_bits(std::uint32_t value, unsigned count) noexcept;

  [[nodiscard]] std::uint64_t tell() const noexcept { return bits_used(total_bits_, range_); }
  [[nodiscard]] std::uint64_t tell_frac() const noexcept { return eighth_bits_used(total_bits_, range_); }
  [[nodiscard]] std::uint32_t range() const noexcept { return range_; }
  [[nodiscard]] bool has_overflowed() const noexcept { return has_overflowed_; }
  [[nodiscard]] std::size_t storage() const noexcept { return storage_; }

  // Bytes that are written so far; shrink() cannot go below them.
  [[nodiscard]] std::size_t written() const noexcept { return position_ + end_position_; }
  void shrink(std::size_t size) noexcept;
  void finish() noexcept;

 private:
  void narrow(std::uint32_t unit, std::uint32_t low, std::uint32_t high, std::uint32_t total) noexcept;
  void normalise() noexcept;
  void carry_out(std::uint32_t symbol) noexcept;
  void put(std::uint32_t byte) noexcept;
  void put_at_end(std::uint32_t byte) noexcept;
  void finish_raw_bits(unsigned spare_bits) noexcept;

  MutableBytes buffer_;
  std::size_t storage_ = 0;
  std::size_t position_ = 0;      // offs
  std::size_t end_position_ = 0;  // end_offs
  std::uint32_t raw_window_ = 0;
  unsigned raw_used_ = 0;
  std::uint64_t total_bits_ = 33;
  std::uint32_t range_ = kCodeTop;
  std::uint32_t low_ = 0;            // val
  std::uint64_t pending_count_ = 0;  // ext: bytes of 255 that a carry may still change
  int buffered_ = -1;                // rem: the byte before them
  bool has_overflowed_ = false;
};

}  // namespace dred
