// Packets and extensions as Python sees them.
#pragma once

#include <pybind11/pybind11.h>

#include <vector>

#include "dred/extension_reader.hpp"
#include "dred/packet.hpp"

namespace dred::binding {

[[nodiscard]] pybind11::dict packet_dict(const Packet& packet, Bytes data);
// (id, frame, payload) tuples.
[[nodiscard]] pybind11::list extension_list(Bytes area, const std::vector<Extension>& extensions);

}  // namespace dred::binding
