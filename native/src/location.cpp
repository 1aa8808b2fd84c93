#include "dred/location.hpp"

#include "dred/extension_reader.hpp"
#include "dred/packet.hpp"

namespace dred {

// clause: DRED-locate, DRED-locate-first, DRED-frame-offset, EXT-error-keeps
Status find_dred(Bytes data, const WireProfile& wire, Location& location) noexcept {
  location = {};
  Packet packet;
  if (const Status status = parse_packet(data, false, packet); !status.ok()) return status;
  const Bytes area = packet.padding(data);
  ExtensionReader reader(area, static_cast<std::int64_t>(packet.frame_count));
  for (Extension extension; reader.next(extension);) {
    const Bytes payload = extension.payload(area);
    if (extension.id != wire.extension_id || !wire.accepts(payload)) continue;
    const std::int64_t samples_before = std::int64_t{extension.frame} * frame_samples48(packet.config);
    location = {true, payload, extension.frame, samples_before / 120};
    return {};
  }
  return reader.status();
}

}  // namespace dred
