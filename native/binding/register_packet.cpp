#include <pybind11/stl.h>

#include <optional>
#include <vector>

#include "binding/arguments.hpp"
#include "binding/packet_results.hpp"
#include "binding/registration.hpp"
#include "dred/packet_padding.hpp"
#include "operations/error.hpp"

namespace dred::binding {
namespace {

[[nodiscard]] py::dict parse(const BytesArgument& data, bool self_delimited) {
  Packet packet;
  throw_if_failed(parse_packet(data.view(), self_delimited, packet));
  return packet_dict(packet, data.view());
}

[[nodiscard]] py::bytes write(Integer config, bool stereo, Integer code, const py::sequence& frames, bool vbr,
                              const std::optional<py::object>& padding, bool self_delimited) {
  const FrozenBytes frame_bytes(frames);
  BytesArgument padding_bytes;
  PacketParts parts;
  parts.config = config.value;
  parts.stereo = stereo;
  parts.code = code.value;
  parts.frames = frame_bytes.views();
  parts.vbr = vbr;
  parts.self_delimited = self_delimited;
  if (padding) {
    padding_bytes = to_bytes(*padding);
    parts.has_padding = true;
    parts.padding = padding_bytes.view();
  }
  std::vector<std::uint8_t> packet(packet_size_bound(parts));
  std::size_t size = 0;
  throw_if_failed(write_packet(parts, packet, size));
  return from_bytes(Bytes(packet).first(size));
}

[[nodiscard]] py::bytes pad(const BytesArgument& packet, const py::sequence& extensions,
                            std::optional<Integer> size) {
  const ExtensionArguments arguments(extensions);
  std::optional<std::int64_t> wanted;
  if (size) wanted = size->value;
  std::vector<std::uint8_t> padded;
  throw_if_failed(pad_packet(packet.view(), arguments.inputs(), wanted, padded));
  return from_bytes(padded);
}

}  // namespace

py::dict packet_dict(const Packet& packet, Bytes data) {
  py::list frames;
  for (std::size_t i = 0; i < packet.frame_count; ++i) frames.append(from_bytes(packet.frame(data, i)));
  py::dict result;
  result["config"] = packet.config;
  result["stereo"] = packet.stereo;
  result["code"] = packet.code;
  result["frames"] = frames;
  result["padding"] = from_bytes(packet.padding(data));
  result["consumed"] = packet.consumed;
  return result;
}

void register_packet(py::module_& module) {
  module.def("parse_packet", &parse, py::arg("data"), py::arg("self_delimited") = false,
             "Split an Opus packet into frames and padding.");
  module.def("write_packet", &write, py::arg("config"), py::arg("stereo"), py::arg("code"), py::arg("frames"),
             py::kw_only(), py::arg("vbr") = false, py::arg("padding") = py::none(),
             py::arg("self_delimited") = false, "Write an Opus packet.");
  module.def("pad_packet", &pad, py::arg("packet"), py::arg("extensions"), py::arg("size") = py::none(),
             "Put extensions into a packet, in front of those that it carries.");
}

}  // namespace dred::binding
