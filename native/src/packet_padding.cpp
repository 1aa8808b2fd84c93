#include "dred/packet_padding.hpp"

#include <algorithm>
#include <array>

#include "dred/extension_reader.hpp"
#include "dred/packet.hpp"

namespace dred {
namespace {

[[nodiscard]] Status too_small() noexcept {
  return refusal(Rule::W2, Stage::extension, "the packet does not fit the given size");
}

// What the packet carried comes behind what is added.
// clause: EXT-packet
[[nodiscard]] Status append_existing(Bytes area, std::size_t frame_count,
                                     std::vector<ExtensionInput>& extensions) {
  ExtensionReader reader(area, static_cast<std::int64_t>(frame_count));
  for (Extension found; reader.next(found);)
    extensions.push_back({found.id, found.frame, found.payload(area)});
  return reader.status();
}

// Code 3 without its padding. Frames of equal size need no lengths.
void write_body(Bytes data, const Packet& packet, std::vector<std::uint8_t>& header,
                std::vector<std::uint8_t>& frames) {
  const std::size_t count = packet.frame_count;
  const bool is_vbr =
      std::any_of(packet.frames.begin(), packet.frames.begin() + static_cast<std::ptrdiff_t>(count),
                  [&](const FrameSpan& f) { return f.size != packet.frames[0].size; });
  header.push_back(static_cast<std::uint8_t>(data[0] | 3));
  header.push_back(static_cast<std::uint8_t>((is_vbr ? 0x80U : 0U) | count));
  for (std::size_t i = 0; is_vbr && i + 1 < count; ++i) {
    std::array<std::uint8_t, 2> code{};
    const std::size_t length = write_frame_length(packet.frames[i].size, code.data());
    frames.insert(frames.end(), code.begin(), code.begin() + static_cast<std::ptrdiff_t>(length));
  }
  for (std::size_t i = 0; i < count; ++i) {
    const Bytes frame = packet.frame(data, i);
    frames.insert(frames.end(), frame.begin(), frame.end());
  }
}

// `amount` counts the padding length bytes too.
// clause: RFC6716-3.2.5-P, RFC6716-3.2.5-padlen
void write_padding_length(std::size_t amount, std::vector<std::uint8_t>& header) {
  const std::size_t count_of_255 = (amount - 1) / 255;
  header.insert(header.end(), count_of_255, std::uint8_t{255});
  header.push_back(static_cast<std::uint8_t>(amount - 255 * count_of_255 - 1));
}

}  // namespace

// clause: EXT-packet, EXT-ignored-by-old, RFC6716-3.2.5-padzero
Status pad_packet(Bytes data, std::span<const ExtensionInput> added, std::optional<std::int64_t> size,
                  std::vector<std::uint8_t>& written) {
  written.clear();
  if (size && (*size < 0 || *size > static_cast<std::int64_t>(kMaxFilledSize)))
    return refusal(Rule::W1, Stage::extension, "the packet size is not in 0..1048576");
  Packet packet;
  if (const Status status = parse_packet(data, false, packet); !status.ok()) return status;
  std::vector<ExtensionInput> extensions(added.begin(), added.end());
  if (const Status status = append_existing(packet.padding(data), packet.frame_count, extensions);
      !status.ok())
    return status;

  std::vector<std::uint8_t> area(extensions_size_bound(extensions));
  std::size_t area_size = 0;
  const auto frame_count = static_cast<std::int64_t>(packet.frame_count);
  if (const Status status = write_extensions(extensions, frame_count, false, area, area_size); !status.ok())
    return status;
  area.resize(area_size);

  std::vector<std::uint8_t> frames;
  write_body(data, packet, written, frames);
  const std::size_t bare_size = written.size() + frames.size();
  const std::size_t needed = area_size == 0 ? 0 : area_size + (area_size + 253) / 254;
  std::size_t amount = std::max<std::size_t>(needed, 1);  // without extensions: a length byte that says 0
  if (size) {
    const auto wanted = static_cast<std::size_t>(*size);
    if (wanted < bare_size + needed) return too_small();
    amount = wanted - bare_size;
  }
  std::size_t filler = 0;
  if (amount > 0) {
    written[1] = static_cast<std::uint8_t>(written[1] | 0x40);
    const std::size_t length_bytes = (amount - 1) / 255 + 1;
    if (amount < area_size + length_bytes) return too_small();
    filler = amount - length_bytes - area_size;
    write_padding_length(amount, written);
  }
  written.insert(written.end(), frames.begin(), frames.end());
  written.insert(written.end(), filler, area.empty() ? std::uint8_t{0} : std::uint8_t{1});
  written.insert(written.end(), area.begin(), area.end());
  return {};
}

}  // namespace dred
