// The "DNNw" container of weights: records of a 64-byte header and an array.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "dred/bytes.hpp"

namespace dred {

struct WeightRecord {
  std::string_view name;  // a view of the blob
  Bytes array;
};

// What the names of the arrays of a network begin with.
inline constexpr std::array<std::string_view, 1> kDecoderPrefixes = {"dec_"};
inline constexpr std::array<std::string_view, 2> kVocoderPrefixes = {"cond_net_", "sig_net_"};

// Keeps the records of one network; the blob must outlive it.
class WeightBlob {
 public:
  WeightBlob(Bytes blob, std::span<const std::string_view> prefixes);

  // False where a record is broken: nothing of such a blob may be used.
  [[nodiscard]] bool is_valid() const noexcept { return is_valid_; }
  [[nodiscard]] bool is_empty() const noexcept { return records_.empty(); }
  // The first array of that name, empty where there is none: arrays of no bytes break a blob.
  [[nodiscard]] Bytes find(std::string_view layer, std::string_view suffix) const noexcept;

 private:
  std::vector<WeightRecord> records_;
  bool is_valid_ = true;
};

[[nodiscard]] std::uint32_t read_word(Bytes array, std::size_t index) noexcept;  // little-endian

}  // namespace dred
