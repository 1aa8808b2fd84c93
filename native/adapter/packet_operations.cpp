#include <array>

#include "adapter/operation_table.hpp"
#include "adapter/text_encoding.hpp"
#include "dred/packet.hpp"
#include "dred/packet_padding.hpp"
#include "operations/error.hpp"

namespace dred::adapter {
namespace {

// clause: RFC6716-3-framing, RFC6716-3.4-reject
[[nodiscard]] Json read(const Request& request, const Context&) {
  const auto bytes = request.bytes("packet");
  Packet packet;
  throw_if_failed(parse_packet(bytes, request.boolean("self_delimited", false), packet));
  Json frames = Json::array();
  for (std::size_t i = 0; i < packet.frame_count; ++i) frames.push_back(to_hex(packet.frame(bytes, i)));
  return {{"config", packet.config},
          {"stereo", packet.stereo},
          {"code", packet.code},
          {"frames", std::move(frames)},
          {"padding", to_hex(packet.padding(bytes))},
          {"consumed", packet.consumed}};
}

[[nodiscard]] Json write(const Request& request, const Context&) {
  const auto strings = request.byte_strings("frames");
  const std::vector<Bytes> frames(strings.begin(), strings.end());
  const auto padding = request.optional_bytes("padding");
  PacketParts parts;
  parts.config = request.integer("config");
  parts.stereo = request.boolean("stereo");
  parts.code = request.integer("code");
  parts.frames = frames;
  parts.vbr = request.boolean("vbr", false);
  parts.has_padding = padding.has_value();
  if (padding) parts.padding = *padding;
  parts.self_delimited = request.boolean("self_delimited", false);

  std::vector<std::uint8_t> packet(packet_size_bound(parts));
  std::size_t size = 0;
  throw_if_failed(write_packet(parts, packet, size));
  return {{"packet", to_hex(Bytes(packet).first(size))}};
}

// clause: EXT-packet
[[nodiscard]] Json pad(const Request& request, const Context&) {
  const auto packet = request.bytes("packet");
  const ExtensionFields extensions = request.extensions("extensions");
  std::vector<std::uint8_t> padded;
  throw_if_failed(pad_packet(packet, extensions.inputs, request.optional_integer("size"), padded));
  return {{"packet", to_hex(padded)}};
}

constexpr std::array<Operation, 3> kOperations = {{{"packet", Stage::packet, read},
                                                   {"packet_write", Stage::packet, write},
                                                   {"packet_pad", Stage::extension, pad}}};

}  // namespace

std::span<const Operation> packet_operations() noexcept {
  return kOperations;
}

}  // namespace dred::adapter
