#include "operations/range_arguments.hpp"

#include "operations/error.hpp"

namespace dred {

void refuse_step(const char* message) {
  throw Error(refusal(Rule::W1, Stage::payload, message));
}

RangeArguments::RangeArguments(const RangeStep& step, std::size_t number_count) : step_(step) {
  if (step.numbers.size() != number_count || step.table_place)
    throw MalformedStep("a range coder step with the wrong arguments");
}

RangeArguments::RangeArguments(const RangeStep& step, std::size_t number_count, std::size_t table_place)
    : step_(step) {
  if (step.numbers.size() != number_count || step.table_place != table_place)
    throw MalformedStep("a range coder step with the wrong arguments");
}

std::uint32_t RangeArguments::take(std::int64_t least, std::int64_t most) {
  const std::int64_t number = step_.numbers[next_++];
  if (number < least || number > most) refuse_step("an argument of a range coder step is out of its range");
  return static_cast<std::uint32_t>(number);
}

// clause: RFC6716-4.1.3.3-icdf
std::vector<std::uint32_t> RangeArguments::table(unsigned bits) const {
  std::vector<std::uint32_t> table;
  table.reserve(step_.table.size());
  std::int64_t bound = std::int64_t{1} << bits;
  for (const std::int64_t entry : step_.table) {
    if (entry < 0 || entry > bound) refuse_step("an inverse cumulative table that does not decrease to 0");
    bound = entry;
    table.push_back(static_cast<std::uint32_t>(entry));
  }
  if (table.empty() || table.back() != 0) refuse_step("an inverse cumulative table that does not end with 0");
  return table;
}

}  // namespace dred
