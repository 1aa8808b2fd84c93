// Puts extensions into packets: frames and earlier extensions must stay, a wanted size must be met.

#include "dred/packet_padding.hpp"
#include "fuzz/extension_check.hpp"

using dred::Bytes;
using dred::ExtensionInput;
using dred::fuzz::require;

namespace {

constexpr std::size_t kMostExtensions = 600;

void check(Bytes before, Bytes after, const std::vector<ExtensionInput>& added) {
  dred::Packet old_packet;
  dred::Packet new_packet;
  require(dred::parse_packet(before, false, old_packet).ok());
  require(dred::parse_packet(after, false, new_packet).ok());
  require(new_packet.code == 3 && new_packet.config == old_packet.config);
  require(new_packet.stereo == old_packet.stereo && new_packet.frame_count == old_packet.frame_count);
  for (std::size_t i = 0; i < old_packet.frame_count; ++i) {
    const Bytes a = old_packet.frame(before, i);
    const Bytes b = new_packet.frame(after, i);
    require(std::equal(a.begin(), a.end(), b.begin(), b.end()));
  }
  const auto frame_count = static_cast<std::int64_t>(old_packet.frame_count);
  dred::Status status;
  std::vector<ExtensionInput> expected = added;
  const auto kept =
      dred::fuzz::read_extensions(old_packet.padding(before), frame_count, kMostExtensions, status);
  expected.insert(expected.end(), kept.begin(), kept.end());
  const auto found = dred::fuzz::read_extensions(new_packet.padding(after), frame_count, 1U << 20, status);
  require(status.ok());
  dred::fuzz::require_same_by_frame(expected, found);
}

[[nodiscard]] std::size_t padding_size_of(Bytes packet) {
  dred::Packet parsed;
  require(dred::parse_packet(packet, false, parsed).ok());
  return parsed.padding_size;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dred::fuzz::Input input(data, size);
  std::vector<ExtensionInput> added(input.below(8));
  for (ExtensionInput& extension : added) {
    extension.id = input.byte();
    extension.frame = input.below(4);
    extension.payload = input.bytes(input.byte());
  }
  const std::uint32_t growth = input.below(1024);
  const Bytes packet = input.rest();
  dred::Packet parsed;
  if (!dred::parse_packet(packet, false, parsed).ok()) return 0;
  dred::Status status;
  const auto frame_count = static_cast<std::int64_t>(parsed.frame_count);
  if (dred::fuzz::read_extensions(parsed.padding(packet), frame_count, kMostExtensions, status).size() ==
      kMostExtensions)
    return 0;

  std::vector<std::uint8_t> padded;
  if (!dred::pad_packet(packet, added, std::nullopt, padded).ok()) return 0;
  check(packet, padded, added);
  const auto wanted = static_cast<std::int64_t>(padded.size() + growth);
  std::vector<std::uint8_t> filled;
  require(dred::pad_packet(packet, added, wanted, filled).ok());
  require(filled.size() == static_cast<std::size_t>(wanted));
  check(packet, filled, added);
  // Without any extension the padding is a length byte that says 0, which a wanted size can do without.
  const std::int64_t spare = padding_size_of(padded) == 0 ? 2 : 1;
  const auto too_small = static_cast<std::int64_t>(padded.size()) - spare;
  require(dred::pad_packet(packet, added, too_small, filled).rule == dred::Rule::W2);
  return 0;
}
