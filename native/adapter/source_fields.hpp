// The fields that payload and latent requests share: a payload or a packet, wire profile, model, limits.
#pragma once

#include <cstddef>
#include <optional>

#include "adapter/operation_table.hpp"
#include "dred/payload_decoder.hpp"
#include "operations/payload_source.hpp"

namespace dred::adapter {

struct DecodedSource {
  bool is_found = false;             // false: a packet without DRED
  std::optional<std::size_t> frame;  // packets: the frame that carries it
};

// The limits of a request; throws MalformedRequest.
[[nodiscard]] SourceOptions source_options(const Request& request);
// Throws MalformedRequest, Unsupported, Error.
[[nodiscard]] DecodedSource decode_source(const Request& request, const WireProfile& wire,
                                          PayloadDecoder& decoder);

}  // namespace dred::adapter
