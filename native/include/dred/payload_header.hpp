// The header of a DRED payload and the quantiser schedule that it sets.
#pragma once

#include <cstddef>
#include <cstdint>

#include "dred/range_decoder.hpp"
#include "dred/range_encoder.hpp"
#include "dred/status.hpp"

namespace dred {

inline constexpr std::int32_t kNewestOffset = 16;  // units of 2.5 ms
inline constexpr std::int32_t kOldestOffset = 16 - 31 - 32 * 255;
inline constexpr std::uint32_t kMaxLevel = 15;

struct PayloadHeader {
  std::int64_t q0 = 0;
  std::int64_t dq = 0;  // dQ
  std::int64_t qmax = 0;
  std::int64_t offset_2p5ms = 0;  // as coded: without the offset of the frame in its packet
};

[[nodiscard]] PayloadHeader read_header(RangeDecoder& decoder) noexcept;

// W1 unless the header can be written and read back.
[[nodiscard]] Status check_levels(const PayloadHeader& header, Stage stage) noexcept;
[[nodiscard]] Status check_header(const PayloadHeader& header) noexcept;
// For headers that check_header() accepts.
void write_header(RangeEncoder& encoder, const PayloadHeader& header) noexcept;

// The quantiser level of latent `index`, 0 being the newest.
[[nodiscard]] std::size_t latent_level(const PayloadHeader& header, std::size_t index) noexcept;

}  // namespace dred
