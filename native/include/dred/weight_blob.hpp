// The "DNNw" container of weights: records of a 64-byte header and an array.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "dred/bytes.hpp"

namespace dred {

struct WeightRecord {
  std::string_view name;  // a view of the blob
  Bytes array;
};

// Keeps the records of the decoder network ("dec_..."); the blob must outlive it.
class WeightBlob {
 public:
  explicit WeightBlob(Bytes blob);

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
