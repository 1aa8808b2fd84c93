// Lists of range coder calls, for looking at the coder without a payload around it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include "dred/bytes.hpp"

namespace dred {

// ["icdf", 2, [5, 3, 0], 4]: the name, the numbers in order, and the one list with the place where it stands.
struct RangeStep {
  std::string name;
  std::vector<std::int64_t> numbers;
  std::vector<std::int64_t> table;
  std::optional<std::size_t> table_place;  // numbers before the list
};

// A step of unknown name, or with other arguments than its name asks for.
class MalformedStep : public std::invalid_argument {
 public:
  using std::invalid_argument::invalid_argument;
};

struct RangeTrace {
  std::vector<std::int64_t> values;  // decoding: one per step
  std::vector<std::uint8_t> data;    // encoding: the finished buffer
  std::vector<std::uint64_t> tells;
  std::vector<std::uint64_t> tell_fracs;
  std::vector<std::uint32_t> ranges;
  bool has_failed = false;  // decoding: an integer out of range; encoding: the buffer was too small
};

// Both throw Error W1 for arguments out of range, MalformedStep for steps of the wrong shape.
[[nodiscard]] RangeTrace decode_steps(Bytes data, std::span<const RangeStep> steps);
[[nodiscard]] RangeTrace encode_steps(std::int64_t size, std::span<const RangeStep> steps);

}  // namespace dred
