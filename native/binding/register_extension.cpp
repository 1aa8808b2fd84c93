#include <algorithm>
#include <vector>

#include "binding/arguments.hpp"
#include "binding/packet_results.hpp"
#include "binding/registration.hpp"
#include "operations/error.hpp"
#include "operations/extension_list.hpp"

namespace dred::binding {
namespace {

[[nodiscard]] py::list parse(const BytesArgument& padding, Integer frame_count) {
  return extension_list(padding.view(), list_extensions(padding.view(), frame_count.value));
}

[[nodiscard]] py::bytes write(const py::sequence& extensions, Integer frame_count, Integer size, bool pad) {
  const ExtensionArguments arguments(extensions);
  std::vector<std::uint8_t> area(extension_area_size(size.value, pad, arguments.inputs()));
  std::size_t written = 0;
  throw_if_failed(write_extensions(arguments.inputs(), frame_count.value, pad, area, written));
  return from_bytes(Bytes(area).first(written));
}

}  // namespace

py::list extension_list(Bytes area, const std::vector<Extension>& extensions) {
  py::list list;
  for (const Extension& extension : extensions)
    list.append(py::make_tuple(extension.id, extension.frame, from_bytes(extension.payload(area))));
  return list;
}

void register_extension(py::module_& module) {
  module.def("parse_extensions", &parse, py::arg("padding"), py::arg("frame_count"),
             "List the extensions of a padding area in bitstream order.");
  module.def("write_extensions", &write, py::arg("extensions"), py::arg("frame_count"),
             py::arg("size") = kAnyAreaSize, py::arg("pad") = false, "Write a padding area.");
}

}  // namespace dred::binding
