// Encodes symbols to the range coded part of a DRED payload, within a budget of bytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "dred/bytes.hpp"
#include "dred/model_tables.hpp"
#include "dred/payload_header.hpp"
#include "dred/status.hpp"

namespace dred {

struct PayloadSymbols {
  PayloadHeader header;
  std::span<const std::int32_t> state;
  std::span<const std::int32_t> latents;  // one row per latent, newest first
};

struct EncodedPayload {
  std::size_t size = 0;
  std::size_t latent_count =
      0;  // latents written, whether or not the stop rule lets a decoder reach the last
};

// The budget is the size of `buffer`: latents that do not fit are left out, and all after them. With
// `keep_last` a byte is added where the stop rule would hide the last latent from decoders; they then read
// another, made of the zeros that follow, behind it.
[[nodiscard]] Status encode_payload(const PayloadSymbols& symbols, const ModelTables& tables, bool keep_last,
                                    MutableBytes buffer, EncodedPayload& encoded) noexcept;

}  // namespace dred
