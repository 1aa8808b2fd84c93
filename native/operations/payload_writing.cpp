#include "operations/payload_writing.hpp"

#include <algorithm>

#include "dred/latent.hpp"
#include "dred/payload_decoder.hpp"
#include "operations/error.hpp"

namespace dred {

// clause: DRED-write-budget, DRED-version
WrittenPayload write_payload(const PayloadSymbols& symbols, const Model& model, const WireProfile& wire,
                             std::optional<std::int64_t> max_bytes, bool keep_last) {
  if (!wire.is_supported) throw Error(refusal(Rule::W1, Stage::payload, "this wire profile is not written"));
  if (max_bytes && *max_bytes < 0)
    throw Error(refusal(Rule::W1, Stage::payload, "the number of bytes is negative"));
  const auto most = static_cast<std::int64_t>(kMaxFilledSize);
  const auto budget = static_cast<std::size_t>(std::min(max_bytes.value_or(most), most));
  const Bytes prefix = wire.prefix();

  WrittenPayload written;
  written.payload.assign(prefix.begin(), prefix.end());
  written.payload.resize(prefix.size() + budget);
  EncodedPayload encoded;
  const MutableBytes coded = MutableBytes(written.payload).subspan(prefix.size());
  throw_if_failed(encode_payload(symbols, model.tables, keep_last, coded, encoded));
  const std::size_t wanted = symbols.latents.size() / model.tables.latent.dimension();
  if (!max_bytes && encoded.latent_count < wanted)
    throw Error(refusal(Rule::W2, Stage::payload, "the latents do not fit 1048576 bytes"));
  written.payload.resize(prefix.size() + encoded.size);
  written.latent_count = encoded.latent_count;
  return written;
}

// clause: DRED-quantise
QuantisedSymbols quantise(const Model& model, const PayloadHeader& levels, std::span<const float> state,
                          std::span<const float> latents) {
  const auto refuse = [](const char* message) { throw Error(refusal(Rule::W1, Stage::latent, message)); };
  throw_if_failed(check_levels(levels, Stage::latent));
  const QuantiserTables& tables = model.tables.latent;
  const std::size_t dimension = tables.dimension();
  if (state.size() != model.tables.state.dimension()) refuse("the state has another dimension");
  if (latents.size() % dimension != 0) refuse("a latent has another dimension");
  const std::size_t count = latents.size() / dimension;
  if (count > kMaxLatents) refuse("more than 1024 latents");

  QuantisedSymbols symbols{std::vector<std::int32_t>(state.size()),
                           std::vector<std::int32_t>(latents.size())};
  bool is_codable =
      quantise_row(model.tables.state, static_cast<std::size_t>(levels.q0), state, symbols.state);
  for (std::size_t i = 0; i < count && is_codable; ++i) {
    const std::span<std::int32_t> row = std::span(symbols.latents).subspan(i * dimension, dimension);
    is_codable =
        quantise_row(tables, latent_level(levels, i), latents.subspan(i * dimension, dimension), row);
  }
  if (!is_codable) refuse("a value that is no number or too large");
  return symbols;
}

}  // namespace dred
