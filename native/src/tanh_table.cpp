// The table is made by the compiler, so that no floating point is left in the program. Its hash is tested.
#include "dred/tanh_table.hpp"

namespace dred {
namespace {

constexpr unsigned kTableBits = 18;
constexpr int kStepsPerOne = 128;

// exp(x) for 0 <= x <= 16, in double precision: the series of a sixteenth of a sixteenth, squared eight
// times.
[[nodiscard]] consteval double exponential(double x) {
  const double small = x / 256;
  double term = 1;
  double sum = 0;  // of exp(small) - 1: nothing is lost where it is small
  for (int n = 1; n < 16; ++n) {
    term *= small / n;
    sum += term;
  }
  for (int i = 0; i < 8; ++i) sum = sum * (sum + 2);
  return sum + 1;
}

// clause: FIX-tanh-table
[[nodiscard]] consteval auto make_table() {
  std::array<std::int32_t, kTanhEntries> table{};
  for (std::size_t k = 0; k < kTanhEntries; ++k) {
    const double power = exponential(2.0 * static_cast<double>(k) / kStepsPerOne);
    const double scaled = (power - 1) / (power + 1) * (1 << kTableBits);
    table[k] = static_cast<std::int32_t>(scaled + 0.5);
  }
  return table;
}

constexpr auto kTable = make_table();

[[nodiscard]] consteval auto make_packed_table() {
  std::array<std::uint32_t, kTanhEntries - 1> packed{};
  for (std::size_t k = 0; k + 1 < kTanhEntries; ++k) {
    const auto entry = static_cast<std::uint32_t>(kTable[k]);
    packed[k] = entry << kTanhStepBits | (static_cast<std::uint32_t>(kTable[k + 1]) - entry);
  }
  return packed;
}

alignas(64) constexpr auto kPacked = make_packed_table();

}  // namespace

const std::array<std::int32_t, kTanhEntries>& tanh_table() noexcept {
  return kTable;
}

const std::uint32_t* packed_tanh_table() noexcept {
  return kPacked.data();
}

}  // namespace dred
