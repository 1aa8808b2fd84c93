#include "dred/latent.hpp"

#include <algorithm>
#include <cmath>

#include "dred/laplace.hpp"

namespace dred {
namespace {

// The rational approximation that the deployed encoder shapes its dead zone with.
// clause: DRED-quantise
[[nodiscard]] float tanh_approximation(float x) noexcept {
  const float square = x * x;
  const float numerator = (0.60863042F * square + 96.39235687F) * square + 952.52801514F;
  const float denominator = (11.88600922F * square + 413.36801147F) * square + 952.72399902F;
  return std::clamp(numerator * x / denominator, -1.0F, 1.0F);
}

}  // namespace

// clause: DRED-dequantise, DRED-scale-zero
float dequantise(std::int32_t symbol, std::uint8_t scale_q8) noexcept {
  const float scale = scale_q8 == 0 ? 1.0F : static_cast<float>(scale_q8);
  return static_cast<float>(symbol) * 256.0F / scale;
}

void dequantise_row(const QuantiserTables& tables, std::size_t level, std::span<const std::int32_t> symbols,
                    std::span<float> values) noexcept {
  const Bytes scales = tables.scales(level);
  for (std::size_t i = 0; i < symbols.size(); ++i) values[i] = dequantise(symbols[i], scales[i]);
}

// clause: DRED-level-input
float level_input(std::size_t level) noexcept {
  return static_cast<float>(level) * 0.125F - 1.0F;
}

// clause: DRED-quantise
bool quantise_row(const QuantiserTables& tables, std::size_t level, std::span<const float> values,
                  std::span<std::int32_t> symbols) noexcept {
  const Bytes scales = tables.scales(level);
  const Bytes dead_zones = tables.dead_zones(level);
  for (std::size_t i = 0; i < values.size(); ++i) {
    symbols[i] = 0;
    if (!(std::fabs(values[i]) <= kLargestValue)) return false;
    if (!tables.is_coded(level, i)) continue;
    const float scaled = values[i] * static_cast<float>(scales[i]) / 256.0F;
    const float dead_zone = static_cast<float>(dead_zones[i]) / 256.0F;  // delta
    const float shrunk = scaled - dead_zone * tanh_approximation(scaled / (dead_zone + 0.1F));
    symbols[i] = static_cast<std::int32_t>(std::floor(0.5F + shrunk));
  }
  return true;
}

}  // namespace dred
