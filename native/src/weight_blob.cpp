#include "dred/weight_blob.hpp"

#include <algorithm>

namespace dred {
namespace {

constexpr std::size_t kHeaderSize = 64;
constexpr std::size_t kSizeWord = 3;
constexpr std::size_t kBlockSizeWord = 4;
constexpr std::size_t kNameOffset = 20;

// Bytes that the record takes with its filling; 0 where it is broken.
// clause: DRED-net-weights
[[nodiscard]] std::size_t read_record(Bytes rest, WeightRecord& record) noexcept {
  if (rest.size() < kHeaderSize || rest[kHeaderSize - 1] != 0) return 0;
  const std::size_t size = read_word(rest, kSizeWord);
  const std::size_t block_size = read_word(rest, kBlockSizeWord);
  if (size == 0 || size > 0x7FFFFFFF || block_size < size || block_size > rest.size() - kHeaderSize) return 0;
  const Bytes name = rest.subspan(kNameOffset, kHeaderSize - kNameOffset);
  const auto end = std::find(name.begin(), name.end(), std::uint8_t{0});
  record.name = {reinterpret_cast<const char*>(name.data()), static_cast<std::size_t>(end - name.begin())};
  record.array = rest.subspan(kHeaderSize, size);
  return kHeaderSize + block_size;
}

}  // namespace

std::uint32_t read_word(Bytes array, std::size_t index) noexcept {
  const Bytes bytes = array.subspan(4 * index, 4);
  return std::uint32_t{bytes[0]} | std::uint32_t{bytes[1]} << 8 | std::uint32_t{bytes[2]} << 16 |
         std::uint32_t{bytes[3]} << 24;
}

WeightBlob::WeightBlob(Bytes blob, std::span<const std::string_view> prefixes) {
  while (!blob.empty()) {
    WeightRecord record;
    const std::size_t taken = read_record(blob, record);
    if (taken == 0) {
      is_valid_ = false;
      return;
    }
    const auto is_prefix = [&](std::string_view prefix) { return record.name.starts_with(prefix); };
    if (std::any_of(prefixes.begin(), prefixes.end(), is_prefix)) records_.push_back(record);
    blob = blob.subspan(taken);
  }
}

Bytes WeightBlob::find(std::string_view layer, std::string_view suffix) const noexcept {
  for (const WeightRecord& record : records_) {
    const bool is_it = record.name.size() == layer.size() + suffix.size() && record.name.starts_with(layer) &&
                       record.name.ends_with(suffix);
    if (is_it) return record.array;
  }
  return {};
}

}  // namespace dred
