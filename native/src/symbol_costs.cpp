#include "dred/symbol_costs.hpp"

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include "dred/laplace.hpp"
#include "dred/latent.hpp"

namespace dred {
namespace {

[[nodiscard]] double share(std::uint32_t above, std::uint32_t below) noexcept {
  return static_cast<double>(above - below) / static_cast<double>(kLaplaceTotal);
}

// A product of probabilities, so that a row needs few logarithms.
class Probability {
 public:
  void multiply(double factor) noexcept {
    product_ *= factor;
    if (product_ > kSmall) return;
    bits_ -= std::log2(product_);
    product_ = 1.0;
  }
  void add_bits(double bits) noexcept { bits_ += bits; }
  [[nodiscard]] double bits() const noexcept { return bits_ - std::log2(product_); }

 private:
  // The smallest factor is 2^-15: the product stays a normal number.
  static constexpr double kSmall = 0x1p-1000;

  double product_ = 1.0;
  double bits_ = 0.0;
};

// clause: DRED-laplace-sign, DRED-laplace-escape
void multiply_symbol(Probability& probability, const LaplaceTable& table, std::int32_t symbol) noexcept {
  const auto& sign = table.sign();
  if (symbol == 0) {
    probability.multiply(share(kLaplaceTotal, sign[0]));
    return;
  }
  probability.multiply(symbol > 0 ? share(sign[0], sign[1]) : share(sign[1], 0));
  const auto& magnitude = table.magnitude();
  const std::uint32_t rest = static_cast<std::uint32_t>(symbol < 0 ? -symbol : symbol) - 1;
  const std::uint32_t escapes = rest / kLaplaceEscape;
  const std::uint32_t last = rest % kLaplaceEscape;
  if (escapes > 0) probability.add_bits(escapes * -std::log2(share(magnitude[kLaplaceEscape - 1], 0)));
  probability.multiply(share(last == 0 ? kLaplaceTotal : magnitude[last - 1], magnitude[last]));
}

}  // namespace

// clause: DRED-quantise, DRED-symbol-skip
bool row_costs_bits(const QuantiserTables& tables, std::span<const float> values,
                    std::span<double, kLevels> costs) noexcept {
  std::array<std::int32_t, kMaxDimension> memory;
  const std::span<std::int32_t> symbols = std::span(memory).first(values.size());
  for (std::size_t level = 0; level < kLevels; ++level) {
    if (!quantise_row(tables, level, values, symbols)) return false;
    Probability probability;
    for (const CodedDimension& coded : tables.coded(level))
      multiply_symbol(probability, coded.table, symbols[coded.index]);
    costs[level] = probability.bits();
  }
  return true;
}

}  // namespace dred
