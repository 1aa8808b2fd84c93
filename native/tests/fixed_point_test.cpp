// Compares the integer route from symbols and float32 bits to Q16 with the floating-point one: every scale
// with every symbol that does not saturate and many that do, and float32 numbers around every rounding.

#include "dred/fixed_point.hpp"

#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>

#include "dred/latent.hpp"
#include "tests/synthetic_tables.hpp"

namespace {

constexpr double kLargest = 2147483647.0;

// Twice the Q16 number has few enough bits to be exact here, so that nothing but floor() rounds.
[[nodiscard]] std::int32_t by_floating_point(float value) {
  const double scaled = static_cast<double>(value) * 65536.0;
  if (scaled >= kLargest) return static_cast<std::int32_t>(kLargest);
  if (scaled <= -kLargest) return static_cast<std::int32_t>(-kLargest);
  const double whole = std::floor(scaled);
  return static_cast<std::int32_t>(scaled - whole >= 0.5 ? whole + 1 : whole);
}

std::uint64_t checked = 0;
std::uint64_t failed = 0;

void check(bool is_same, const char* what, std::int64_t a, std::int64_t b) {
  ++checked;
  if (is_same) return;
  if (++failed < 10)
    std::printf("FAIL: %s %lld %lld\n", what, static_cast<long long>(a), static_cast<long long>(b));
}

void check_symbol(std::int32_t symbol, int scale) {
  const auto scale_q8 = static_cast<std::uint8_t>(scale);
  const std::int32_t got = dred::symbol_to_q16(symbol, scale_q8);
  check(got == by_floating_point(dred::dequantise(symbol, scale_q8)), "symbol", symbol, scale);
}

void check_float(std::uint32_t bits) {
  const auto value = std::bit_cast<float>(bits);
  const auto got = dred::float_bits_to_q16(bits);
  const bool is_same = std::isfinite(value) ? got && *got == by_floating_point(value) : !got;
  check(is_same, "float", bits, got.value_or(0));
}

void check_around(double value) {
  const auto bits = std::bit_cast<std::uint32_t>(static_cast<float>(value));
  for (std::uint32_t i = 0; i < 9; ++i) {
    check_float(bits - 4 + i);
    check_float((bits - 4 + i) ^ 0x80000000);
  }
}

}  // namespace

int main() {
  constexpr std::int32_t kSaturating = 32700;  // 128 * 255 and a little more
  dred::testing::Generator generator(7);
  for (int scale = 0; scale < 256; ++scale) {
    for (std::int32_t symbol = -kSaturating; symbol <= kSaturating; ++symbol) check_symbol(symbol, scale);
    for (int i = 0; i < 1000; ++i) check_symbol(static_cast<std::int32_t>(generator.next()), scale);
    for (const std::int32_t symbol : {std::numeric_limits<std::int32_t>::max(), 1 << 24, (1 << 24) + 1,
                                      -std::numeric_limits<std::int32_t>::max(), -(1 << 24) - 1})
      check_symbol(symbol, scale);
  }
  for (std::uint32_t exponent = 0; exponent < 256; ++exponent)
    for (const std::uint32_t fraction : {0U, 1U, 0x400000U, 0x3FFFFFU, 0x400001U, 0x7FFFFFU})
      for (const std::uint32_t sign : {0U, 0x80000000U}) check_float(sign | exponent << 23 | fraction);
  for (int half = 0; half < 4000; ++half) check_around(half / 131072.0);
  for (int i = 0; i < 2'000'000; ++i) check_float(generator.next());
  for (int i = 0; i < 2'000'000; ++i) {
    // Exponents at which rounding has something to do.
    const std::uint32_t exponent = 127 - 20 + generator.below(40);
    check_float((generator.next() & 0x807FFFFF) | exponent << 23);
  }
  for (std::size_t level = 0; level < 16; ++level)
    check(dred::level_to_q16(level) == by_floating_point(dred::level_input(level)), "level",
          static_cast<std::int64_t>(level), 0);
  std::printf("checked %llu, failed %llu\n", static_cast<unsigned long long>(checked),
              static_cast<unsigned long long>(failed));
  return failed == 0 && checked > 20'000'000 ? EXIT_SUCCESS : EXIT_FAILURE;
}
