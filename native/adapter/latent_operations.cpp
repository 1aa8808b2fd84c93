#include <array>

#include "adapter/operation_table.hpp"
#include "adapter/source_fields.hpp"
#include "adapter/text_encoding.hpp"
#include "dred/latent.hpp"
#include "operations/error.hpp"
#include "operations/payload_writing.hpp"

namespace dred::adapter {
namespace {

// clause: DRED-dequantise, DRED-level-input
[[nodiscard]] Json read(const Request& request, const Context& context) {
  const WireProfile& wire = Context::wire(request);
  const Model& model = context.model(request);
  PayloadDecoder decoder(model.tables);
  const DecodedSource source = decode_source(request, wire, decoder);
  if (!source.is_found) return nullptr;
  const DecodedPayload& payload = decoder.result();
  const auto q0 = static_cast<std::size_t>(payload.header.q0);
  std::vector<float> state(decoder.state().size());
  dequantise_row(model.tables.state, q0, decoder.state(), state);

  const std::size_t row_size = model.tables.latent.dimension() + 1;
  std::vector<float> latents(payload.latent_count * row_size);
  for (std::size_t i = 0; i < payload.latent_count; ++i) {
    const std::span<float> row = std::span(latents).subspan(i * row_size, row_size);
    dequantise_row(model.tables.latent, decoder.level(i), decoder.latent(i), row.first(row_size - 1));
    row.back() = level_input(decoder.level(i));
  }
  Json result = {{"q0", payload.header.q0},
                 {"dq", payload.header.dq},
                 {"qmax", payload.header.qmax},
                 {"offset", payload.offset_2p5ms},
                 {"state", floats_to_base64(state)},
                 {"state_count", state.size()},
                 {"latents", floats_to_base64(latents)},
                 {"latent_count", payload.latent_count}};
  if (source.frame) result["frame"] = *source.frame;
  return result;
}

[[nodiscard]] Json write(const Request& request, const Context& context) {
  const Model& model = context.model(request);
  const auto state = request.floats("state");
  const auto latents = request.floats("latents");
  const std::int64_t count = request.integer("latent_count");
  const PayloadHeader levels = {request.integer("q0"), request.integer("dq"), request.integer("qmax"), 0};
  const std::size_t dimension = model.tables.latent.dimension();
  const bool is_counted = count >= 0 && latents.size() % dimension == 0 &&
                          latents.size() / dimension == static_cast<std::size_t>(count);
  if (!is_counted) throw Error(refusal(Rule::W1, Stage::latent, "the latents are not latent_count rows"));
  const QuantisedSymbols symbols = quantise(model, levels, state, latents);
  Json rows = Json::array();
  for (std::size_t i = 0; i < symbols.latents.size(); i += dimension)
    rows.push_back(std::span(symbols.latents).subspan(i, dimension));
  return {{"state", symbols.state}, {"latents", std::move(rows)}};
}

constexpr std::array<Operation, 2> kOperations = {
    {{"latent", Stage::latent, read}, {"latent_write", Stage::latent, write}}};

}  // namespace

std::span<const Operation> latent_operations() noexcept {
  return kOperations;
}

}  // namespace dred::adapter
