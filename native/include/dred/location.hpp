// Finds the DRED payload of a packet.
#pragma once

#include <cstddef>
#include <cstdint>

#include "dred/bytes.hpp"
#include "dred/status.hpp"
#include "dred/wire_profile.hpp"

namespace dred {

struct Location {
  bool is_found = false;
  Bytes payload;  // prefix included
  std::size_t frame = 0;
  std::int64_t frame_offset_2p5ms = 0;  // of that frame in the packet
};

// An extension error counts only when no DRED came before it.
[[nodiscard]] Status find_dred(Bytes packet, const WireProfile& wire, Location& location) noexcept;

}  // namespace dred
