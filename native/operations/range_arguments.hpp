// Reads the arguments of one range coder step, with their limits.
#pragma once

#include <cstdint>
#include <vector>

#include "dred/range_coder_constants.hpp"
#include "operations/range_steps.hpp"

namespace dred {

// The bounds of the protocol (spec-notes/protocol.md); the coder itself would take more.
inline constexpr std::int64_t kMaxStepTotal = 65536;
inline constexpr std::int64_t kMaxLogp = 16;
inline constexpr std::int64_t kMaxBinBits = 16;
inline constexpr std::int64_t kMaxStepP0 = 32767;
inline constexpr std::int64_t kMaxStepDecay = 255 << 7;  // the largest that a table of bytes can hold
inline constexpr std::int64_t kMaxIcdfBits = 16;
inline constexpr std::int64_t kMaxRawBits = 25;
inline constexpr std::int64_t kMaxUniformTotal = 0xFFFFFFFF;

[[noreturn]] void refuse_step(const char* message);

class RangeArguments {
 public:
  // Throws MalformedStep unless the step has that many numbers and, if asked for, a list behind `table_place`
  // of them.
  RangeArguments(const RangeStep& step, std::size_t number_count);
  RangeArguments(const RangeStep& step, std::size_t number_count, std::size_t table_place);

  // The next number; throws Error W1 unless it lies in [least, most].
  [[nodiscard]] std::uint32_t take(std::int64_t least, std::int64_t most);
  // The list as an inverse cumulative table of the total 1 << bits.
  [[nodiscard]] std::vector<std::uint32_t> table(unsigned bits) const;

 private:
  const RangeStep& step_;
  std::size_t next_ = 0;
};

}  // namespace dred
