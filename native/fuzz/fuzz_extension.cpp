// Reads padding areas; what was found must be writable, and be found again in what is written.

#include "fuzz/extension_check.hpp"

using dred::Bytes;
using dred::ExtensionInput;
using dred::fuzz::require;

namespace {

constexpr std::size_t kMostRewritten = 600;

void check_written(const std::vector<ExtensionInput>& list, std::int64_t frame_count) {
  std::vector<std::uint8_t> area(dred::extensions_size_bound(list));
  std::size_t size = 0;
  require(dred::write_extensions(list, frame_count, false, area, size).ok());
  const Bytes written(area.data(), size);
  dred::Status status;
  const auto reread = dred::fuzz::read_extensions(written, frame_count, list.size() + 1, status);
  require(status.ok());
  dred::fuzz::require_same_by_frame(list, reread);

  // The size is exact: that many bytes do, one less does not, and more can be filled.
  std::vector<std::uint8_t> exact(size);
  std::size_t exact_size = 0;
  require(dred::write_extensions(list, frame_count, true, exact, exact_size).ok() && exact_size == size);
  require(std::equal(exact.begin(), exact.end(), written.begin()));
  if (size > 0) {
    std::vector<std::uint8_t> small(size - 1);
    require(dred::write_extensions(list, frame_count, false, small, exact_size).rule == dred::Rule::W2);
  }
  std::vector<std::uint8_t> filled(size + 3);
  require(dred::write_extensions(list, frame_count, true, filled, exact_size).ok() && exact_size == size + 3);
  require(std::equal(written.begin(), written.end(), filled.begin() + 3) && filled[0] == 1 && filled[2] == 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dred::fuzz::Input input(data, size);
  const std::int64_t frame_count = 1 + input.below(48);
  const Bytes area = input.rest();
  dred::Status status;
  const auto list = dred::fuzz::read_extensions(area, frame_count, 48 * (area.size() + 1), status);
  require(list.size() <= 48 * area.size());
  if (!status.ok()) require(status.has_position && status.position <= area.size());
  if (list.size() <= kMostRewritten) check_written(list, frame_count);
  return 0;
}
