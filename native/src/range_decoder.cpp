#include "dred/range_decoder.hpp"

#include <algorithm>

namespace dred {

// The text starts with 7 bits and scales up at once: 31 bits of difference, 33 bits counted.
// clause: RFC6716-4.1.1-init
RangeDecoder::RangeDecoder(Bytes data) noexcept : data_(data) {
  std::uint64_t next = 0;
  for (std::size_t i = 0; i < sizeof(next); ++i) next = next << 8 | (i < data.size() ? data[i] : 0U);
  window_ = ~next;
  position_ = std::min(data.size(), sizeof(next) - 1);
  ahead_ = 25;
}

// clause: RFC6716-4.1.2.1-zero
std::uint64_t RangeDecoder::read_tail(Bytes data, std::size_t position) noexcept {
  std::uint64_t next = 0;
  unsigned shift = 64;
  for (std::size_t i = position; i < data.size() && shift > 0; ++i) {
    shift -= 8;
    next |= std::uint64_t{data[i]} << shift;
  }
  return next;
}

// clause: RFC6716-4.1.2-symbol
std::uint32_t RangeDecoder::decode(std::uint32_t total) noexcept {
  unit_ = range_ / total;
  return total - std::min(difference() / unit_ + 1, total);
}

// clause: RFC6716-4.1.3.1-bin
std::uint32_t RangeDecoder::decode_bin(unsigned bits) noexcept {
  unit_ = range_ >> bits;
  const std::uint32_t total = std::uint32_t{1} << bits;
  return total - std::min(difference() / unit_ + 1, total);
}

// clause: RFC6716-4.1.2-symbol
void RangeDecoder::update(std::uint32_t low, std::uint32_t high, std::uint32_t total) noexcept {
  const std::uint32_t taken = unit_ * (total - high);
  narrow(taken, low > 0 ? unit_ * (high - low) : range_ - taken);
}

// clause: RFC6716-4.1.3.2-logp
bool RangeDecoder::bit_logp(unsigned logp) noexcept {
  const std::uint32_t split = range_ >> logp;
  const bool value = difference() < split;
  narrow(value ? 0 : split, value ? split : range_ - split);
  return value;
}

// clause: RFC6716-4.1.3.3-icdf
std::uint32_t RangeDecoder::icdf(std::span<const std::uint32_t> table, unsigned bits) noexcept {
  const std::uint32_t unit = range_ >> bits;
  const std::uint32_t value = difference();
  std::uint32_t upper = range_;
  std::uint32_t lower = unit * table[0];
  std::uint32_t symbol = 0;
  while (value < lower) {
    upper = lower;
    lower = unit * table[++symbol];
  }
  narrow(lower, upper - lower);
  return symbol;
}

// clause: RFC6716-4.1.5-uint, RFC6716-4.1.5-range
std::uint32_t RangeDecoder::uniform(std::uint32_t total) noexcept {
  const std::uint32_t last = total - 1;
  const unsigned length = bit_length(last);
  if (length <= kUintBits) {
    const std::uint32_t value = decode(total);
    update(value, value + 1, total);
    return value;
  }
  const unsigned low_bits = length - kUintBits;
  const std::uint32_t high_total = (last >> low_bits) + 1;
  const std::uint32_t high = decode(high_total);
  update(high, high + 1, high_total);
  const std::uint32_t value = high << low_bits | raw_bits(low_bits);
  if (value <= last) return value;
  has_uniform_error_ = true;
  return last;
}

// clause: RFC6716-4.1.4-raw, RFC6716-4.1.4-overlap, RFC6716-4.1.2.1-raw
std::uint32_t RangeDecoder::raw_bits(unsigned count) noexcept {
  if (raw_available_ < count) {
    do {
      raw_window_ |= read_from_end() << raw_available_;
      raw_available_ += 8;
    } while (raw_available_ <= 24);
  }
  const std::uint32_t value = raw_window_ & ((std::uint32_t{1} << count) - 1);
  raw_window_ >>= count;
  raw_available_ -= count;
  total_bits_ += count;
  return value;
}

std::uint32_t RangeDecoder::read_from_end() noexcept {
  return end_position_ < data_.size() ? data_[data_.size() - ++end_position_] : 0U;
}

}  // namespace dred
