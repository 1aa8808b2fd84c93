#include "dred/payload_header.hpp"

#include <algorithm>
#include <array>

namespace dred {
namespace {

constexpr std::array<std::uint8_t, 8> kStepsOf16 = {0, 2, 3,  4,
                                                    6, 8, 12, 16};  // levels per 16 latents, by dQ

// Where q0 and dQ leave no choice, nothing is sent and the highest level is 15.
[[nodiscard]] bool has_qmax(const PayloadHeader& header) noexcept {
  return header.q0 < 14 && header.dq > 0;
}

// 15 has one half of the total; the levels q0 + 1 .. 14 share the other.
// clause: DRED-qmax
[[nodiscard]] std::int64_t read_qmax(RangeDecoder& decoder, const PayloadHeader& header) noexcept {
  if (!has_qmax(header)) return kMaxLevel;
  const auto choices = static_cast<std::uint32_t>(14 - header.q0);  // nvals
  const std::uint32_t symbol = decoder.decode(2 * choices);
  if (symbol < choices) {
    decoder.update(0, choices, 2 * choices);
    return kMaxLevel;
  }
  decoder.update(symbol, symbol + 1, 2 * choices);
  return header.q0 + 1 + static_cast<std::int64_t>(symbol - choices);
}

}  // namespace

// clause: DRED-header-q0, DRED-header-dq, DRED-offset-extra, DRED-offset-low, DRED-offset-sign
PayloadHeader read_header(RangeDecoder& decoder) noexcept {
  PayloadHeader header;
  header.q0 = decoder.uniform(16);
  header.dq = decoder.uniform(8);
  const std::int64_t extra = decoder.uniform(2) != 0 ? 32 * std::int64_t{decoder.uniform(256)} : 0;
  header.offset_2p5ms = kNewestOffset - std::int64_t{decoder.uniform(32)} - extra;
  header.qmax = read_qmax(decoder, header);
  return header;
}

// clause: DRED-write-qmax
Status check_levels(const PayloadHeader& header, Stage stage) noexcept {
  const auto refuse = [&](const char* message) { return refusal(Rule::W1, stage, message); };
  if (header.q0 < 0 || header.q0 > 15) return refuse("q0 is not in 0..15");
  if (header.dq < 0 || header.dq > 7) return refuse("dq is not in 0..7");
  if (has_qmax(header)) {
    if (header.qmax <= header.q0 || header.qmax > 15) return refuse("qmax is not in q0 + 1..15");
  } else if (header.qmax != 15) {
    return refuse("qmax is 15 where q0 is 14 or more, or dq is 0");
  }
  return {};
}

// clause: DRED-write-header
Status check_header(const PayloadHeader& header) noexcept {
  if (const Status status = check_levels(header, Stage::payload); !status.ok()) return status;
  if (header.offset_2p5ms > kNewestOffset || header.offset_2p5ms < kOldestOffset)
    return refusal(Rule::W1, Stage::payload, "the offset is not in -8175..16");
  return {};
}

// clause: DRED-write-header, DRED-write-qmax
void write_header(RangeEncoder& encoder, const PayloadHeader& header) noexcept {
  encoder.uniform(static_cast<std::uint32_t>(header.q0), 16);
  encoder.uniform(static_cast<std::uint32_t>(header.dq), 8);
  const auto total_offset = static_cast<std::uint32_t>(kNewestOffset - header.offset_2p5ms);
  encoder.uniform(total_offset > 31 ? 1 : 0, 2);
  if (total_offset > 31) encoder.uniform(total_offset >> 5, 256);
  encoder.uniform(total_offset & 31, 32);
  if (!has_qmax(header)) return;
  const auto choices = static_cast<std::uint32_t>(14 - header.q0);
  if (header.qmax == kMaxLevel) {
    encoder.encode(0, choices, 2 * choices);
    return;
  }
  const std::uint32_t symbol = choices + static_cast<std::uint32_t>(header.qmax - header.q0 - 1);
  encoder.encode(symbol, symbol + 1, 2 * choices);
}

// clause: DRED-schedule
std::size_t latent_level(const PayloadHeader& header, std::size_t index) noexcept {
  const std::size_t steps = (kStepsOf16[static_cast<std::size_t>(header.dq)] * index + 8) >> 4;
  return std::min(static_cast<std::size_t>(header.qmax), static_cast<std::size_t>(header.q0) + steps);
}

}  // namespace dred
