// In-band redundancy of SILK: whether a packet says that it holds the speech before it once more.
#pragma once

#include "dred/bytes.hpp"
#include "dred/packet.hpp"

namespace dred {

// The flag of the first frame, of either channel. `packet` is what parse_packet() made of `data`.
[[nodiscard]] bool has_lbrr(const Packet& packet, Bytes data) noexcept;

}  // namespace dred
