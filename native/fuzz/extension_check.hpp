// Compares lists of extensions frame by frame: writers may repeat, which changes the order between frames
// only.
#pragma once

#include <algorithm>
#include <vector>

#include "dred/extension_reader.hpp"
#include "dred/extension_writer.hpp"
#include "dred/packet.hpp"
#include "fuzz/fuzz_input.hpp"

namespace dred::fuzz {

[[nodiscard]] inline std::vector<ExtensionInput> read_extensions(Bytes area, std::int64_t frame_count,
                                                                 std::size_t limit, Status& status) {
  std::vector<ExtensionInput> list;
  ExtensionReader reader(area, frame_count);
  for (Extension extension; list.size() < limit && reader.next(extension);) {
    require(extension.id >= kFirstShortId && extension.id <= kLastId && extension.frame < frame_count);
    require(extension.offset <= area.size() && extension.size <= area.size() - extension.offset);
    require(extension.id >= kFirstLongId || extension.size <= 1);
    list.push_back({extension.id, extension.frame, extension.payload(area)});
  }
  status = reader.status();
  return list;
}

inline void require_same_by_frame(std::vector<ExtensionInput> a, std::vector<ExtensionInput> b) {
  const auto is_before = [](const ExtensionInput& x, const ExtensionInput& y) { return x.frame < y.frame; };
  std::stable_sort(a.begin(), a.end(), is_before);
  std::stable_sort(b.begin(), b.end(), is_before);
  require(a.size() == b.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    require(a[i].id == b[i].id && a[i].frame == b[i].frame);
    require(std::equal(a[i].payload.begin(), a[i].payload.end(), b[i].payload.begin(), b[i].payload.end()));
  }
}

}  // namespace dred::fuzz
