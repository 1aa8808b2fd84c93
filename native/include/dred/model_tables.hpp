// What the payload and latent stages need of a model: quantiser and entropy tables, ready for the range
// decoder.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "dred/bytes.hpp"
#include "dred/laplace.hpp"

namespace dred {

inline constexpr std::size_t kLevels = 16;
inline constexpr std::size_t kMaxDimension = 256;

// A dimension that has symbols at some level. The others are 0 and cost nothing.
struct CodedDimension {
  LaplaceTable table;
  std::uint32_t index = 0;
};

// The four tables of the latents or of the state, row-major by level.
struct RawTables {
  std::vector<std::uint8_t> quant_scales_q8;
  std::vector<std::uint8_t> dead_zone_q8;
  std::vector<std::uint8_t> r_q8;
  std::vector<std::uint8_t> p0_q8;
};

class QuantiserTables {
 public:
  // Every table must hold kLevels * dimension entries, 1 <= dimension <= kMaxDimension.
  QuantiserTables(std::size_t dimension, RawTables raw);

  [[nodiscard]] std::size_t dimension() const noexcept { return dimension_; }
  [[nodiscard]] const RawTables& raw() const noexcept { return raw_; }
  [[nodiscard]] bool is_coded(std::size_t level, std::size_t index) const noexcept;

  // The dimensions with symbols at this level, in order.
  [[nodiscard]] std::span<const CodedDimension> coded(std::size_t level) const noexcept {
    return std::span(coded_).subspan(first_[level], first_[level + 1] - first_[level]);
  }
  [[nodiscard]] Bytes scales(std::size_t level) const noexcept { return row(raw_.quant_scales_q8, level); }
  [[nodiscard]] Bytes dead_zones(std::size_t level) const noexcept { return row(raw_.dead_zone_q8, level); }

 private:
  [[nodiscard]] Bytes row(const std::vector<std::uint8_t>& table, std::size_t level) const noexcept {
    return Bytes(table).subspan(level * dimension_, dimension_);
  }

  std::size_t dimension_;
  RawTables raw_;
  std::vector<CodedDimension> coded_;
  std::array<std::size_t, kLevels + 1> first_{};
};

struct ModelTables {
  QuantiserTables latent;
  QuantiserTables state;
};

}  // namespace dred
