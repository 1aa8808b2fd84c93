#include <array>

#include "adapter/operation_table.hpp"
#include "adapter/text_encoding.hpp"
#include "dred/extension_writer.hpp"
#include "operations/error.hpp"
#include "operations/extension_list.hpp"

namespace dred::adapter {
namespace {

// clause: EXT-order
[[nodiscard]] Json read(const Request& request, const Context&) {
  const auto area = request.bytes("padding");
  Json found = Json::array();
  for (const Extension& extension : list_extensions(area, request.integer("frame_count")))
    found.push_back(
        {{"id", extension.id}, {"frame", extension.frame}, {"payload", to_hex(extension.payload(area))}});
  return found;
}

[[nodiscard]] Json write(const Request& request, const Context&) {
  const ExtensionFields extensions = request.extensions("extensions");
  const bool pad = request.boolean("pad", false);
  std::vector<std::uint8_t> area(
      extension_area_size(request.integer("size", kAnyAreaSize), pad, extensions.inputs));
  std::size_t size = 0;
  throw_if_failed(write_extensions(extensions.inputs, request.integer("frame_count"), pad, area, size));
  return {{"padding", to_hex(Bytes(area).first(size))}};
}

constexpr std::array<Operation, 2> kOperations = {
    {{"extension", Stage::extension, read}, {"extension_write", Stage::extension, write}}};

}  // namespace

std::span<const Operation> extension_operations() noexcept {
  return kOperations;
}

}  // namespace dred::adapter
