#include "dred/range_encoder.hpp"

#include <cstring>

namespace dred {

// clause: RFC6716-5.1.1-symbol
void RangeEncoder::encode(std::uint32_t low, std::uint32_t high, std::uint32_t total) noexcept {
  narrow(range_ / total, low, high, total);
}

// clause: RFC6716-5.1.2-alternates
void RangeEncoder::encode_bin(std::uint32_t low, std::uint32_t high, unsigned bits) noexcept {
  narrow(range_ >> bits, low, high, std::uint32_t{1} << bits);
}

// clause: RFC6716-5.1.1-symbol, RFC6716-5.1-init
void RangeEncoder::narrow(std::uint32_t unit, std::uint32_t low, std::uint32_t high,
                          std::uint32_t total) noexcept {
  if (low > 0) {
    low_ += range_ - unit * (total - low);
    range_ = unit * (high - low);
  } else {
    range_ -= unit * (total - high);
  }
  normalise();
}

// clause: RFC6716-5.1.2-alternates
void RangeEncoder::bit_logp(bool value, unsigned logp) noexcept {
  const std::uint32_t split = range_ >> logp;
  const std::uint32_t rest = range_ - split;
  if (value) low_ += rest;
  range_ = value ? split : rest;
  normalise();
}

// clause: RFC6716-5.1.2-alternates
bool RangeEncoder::icdf(std::uint32_t symbol, std::span<const std::uint32_t> table, unsigned bits) noexcept {
  const std::uint32_t unit = range_ >> bits;
  const std::uint32_t above = symbol > 0 ? table[symbol - 1] : std::uint32_t{1} << bits;
  if (above == table[symbol]) return false;
  if (symbol > 0) {
    low_ += range_ - unit * above;
    range_ = unit * (above - table[symbol]);
  } else {
    range_ -= unit * table[symbol];
  }
  normalise();
  return true;
}

// clause: RFC6716-5.1.4-uint
void RangeEncoder::uniform(std::uint32_t value, std::uint32_t total) noexcept {
  const std::uint32_t last = total - 1;
  const unsigned length = bit_length(last);
  if (length <= kUintBits) {
    encode(value, value + 1, total);
    return;
  }
  const unsigned low_bits = length - kUintBits;
  const std::uint32_t high = value >> low_bits;
  encode(high, high + 1, (last >> low_bits) + 1);
  raw_bits(value & ((std::uint32_t{1} << low_bits) - 1), low_bits);
}

// clause: RFC6716-5.1.3-raw
void RangeEncoder::raw_bits(std::uint32_t value, unsigned count) noexcept {
  if (raw_used_ + count > 32) {
    do {
      put_at_end(raw_window_ & kSymbolMax);
      raw_window_ >>= 8;
      raw_used_ -= 8;
    } while (raw_used_ >= 8);
  }
  if (count > 0) raw_window_ |= value << raw_used_;
  raw_used_ += count;
  total_bits_ += count;
}

// clause: RFC6716-5.1.1.1-renorm
void RangeEncoder::normalise() noexcept {
  while (range_ <= kCodeBottom) {
    carry_out(low_ >> kCodeShift);
    low_ = (low_ << 8) & kCodeMask;
    range_ <<= 8;
    total_bits_ += 8;
  }
}

// A byte of 255 waits until it is known whether a carry turns it into 0.
// clause: RFC6716-5.1.1.2-carry
void RangeEncoder::carry_out(std::uint32_t symbol) noexcept {
  if (symbol == kSymbolMax) {
    ++pending_count_;
    return;
  }
  const std::uint32_t carry = symbol >> 8;
  if (buffered_ >= 0) put(static_cast<std::uint32_t>(buffered_) + carry);
  for (; pending_count_ > 0; --pending_count_) put(kSymbolMax + carry);
  buffered_ = static_cast<int>(symbol & kSymbolMax);
}

void RangeEncoder::put(std::uint32_t byte) noexcept {
  if (position_ + end_position_ >= storage_) {
    has_overflowed_ = true;
    return;
  }
  buffer_[position_++] = static_cast<std::uint8_t>(byte & kSymbolMax);
}

void RangeEncoder::put_at_end(std::uint32_t byte) noexcept {
  if (position_ + end_position_ >= storage_) {
    has_overflowed_ = true;
    return;
  }
  buffer_[storage_ - ++end_position_] = static_cast<std::uint8_t>(byte & kSymbolMax);
}

void RangeEncoder::shrink(std::size_t size) noexcept {
  if (end_position_ > 0)
    std::memmove(buffer_.data() + (size - end_position_), buffer_.data() + (storage_ - end_position_),
                 end_position_);
  storage_ = size;
}

// The shortest value whose continuation, whatever it is, stays inside the final range.
// clause: RFC6716-5.1.5-finalise
void RangeEncoder::finish() noexcept {
  int bits = 32 - static_cast<int>(bit_length(range_));
  std::uint32_t mask = kCodeMask >> bits;
  std::uint32_t end = (low_ + mask) & ~mask;
  if ((end | mask) >= low_ + range_) {
    ++bits;
    mask >>= 1;
    end = (low_ + mask) & ~mask;
  }
  for (; bits > 0; bits -= 8) {
    carry_out(end >> kCodeShift);
    end = (end << 8) & kCodeMask;
  }
  if (buffered_ >= 0 || pending_count_ > 0) {
    carry_out(0);
    buffered_ = -1;
  }
  finish_raw_bits(static_cast<unsigned>(-bits));
}

// `spare_bits` of the last range coded byte are free: raw bits that do not fill a byte may share it.
// clause: RFC6716-5.1.5-finalise, RFC6716-4.1.4-overlap
void RangeEncoder::finish_raw_bits(unsigned spare_bits) noexcept {
  for (; raw_used_ >= 8; raw_used_ -= 8) {
    put_at_end(raw_window_ & kSymbolMax);
    raw_window_ >>= 8;
  }
  if (has_overflowed_) return;
  for (std::size_t i = position_; i < storage_ - end_position_; ++i) buffer_[i] = 0;
  if (raw_used_ == 0) return;
  if (end_position_ >= storage_) {
    has_overflowed_ = true;
    return;
  }
  if (position_ + end_position_ >= storage_ && spare_bits < raw_used_) {
    raw_window_ &= (std::uint32_t{1} << spare_bits) - 1;
    has_overflowed_ = true;
  }
  std::uint8_t& last = buffer_[storage_ - end_position_ - 1];
  last = static_cast<std::uint8_t>(last | raw_window_);
}

}  // namespace dred
