#include "operations/extension_list.hpp"

#include <algorithm>

#include "operations/error.hpp"

namespace dred {

// clause: EXT-order, EXT-error-keeps
std::vector<Extension> list_extensions(Bytes area, std::int64_t frame_count) {
  std::vector<Extension> list;
  ExtensionReader reader(area, frame_count);
  for (Extension extension; reader.next(extension);) {
    if (list.size() == kMaxListedExtensions)
      throw Error(refusal(Rule::W1, Stage::extension, "an area with more than 1048576 extensions"));
    list.push_back(extension);
  }
  if (reader.status().ok()) return list;
  if (reader.status().rule == Rule::W1) throw Error(reader.status());
  std::vector<FoundExtension> found;
  found.reserve(list.size());
  for (const Extension& extension : list) {
    const Bytes payload = extension.payload(area);
    found.push_back({extension.id, extension.frame, {payload.begin(), payload.end()}});
  }
  throw Error(reader.status(), std::move(found));
}

// clause: EXT-write-limits, EXT-write-pad
std::size_t extension_area_size(std::int64_t size, bool pad, std::span<const ExtensionInput> extensions) {
  if (size < 0) throw Error(refusal(Rule::W1, Stage::extension, "the size is negative"));
  if (pad && size > static_cast<std::int64_t>(kMaxFilledSize))
    throw Error(refusal(Rule::W1, Stage::extension, "a size to fill beyond 1048576 bytes"));
  const auto wanted = static_cast<std::size_t>(size);
  return pad ? wanted : std::min(wanted, extensions_size_bound(extensions));
}

}  // namespace dred
