#include <array>

#include "adapter/operation_table.hpp"
#include "adapter/source_fields.hpp"
#include "adapter/text_encoding.hpp"
#include "operations/error.hpp"
#include "operations/payload_source.hpp"
#include "operations/payload_writing.hpp"

namespace dred::adapter {
namespace {

[[nodiscard]] Json read(const Request& request, const Context& context) {
  const WireProfile& wire = Context::wire(request);
  PayloadDecoder decoder(context.model(request).tables);
  const DecodedSource source = decode_source(request, wire, decoder);
  if (!source.is_found) return nullptr;
  const DecodedPayload& payload = decoder.result();
  Json latents = Json::array();
  Json levels = Json::array();
  for (std::size_t i = 0; i < payload.latent_count; ++i) {
    latents.push_back(decoder.latent(i));
    levels.push_back(decoder.level(i));
  }
  Json result = {
      {"q0", payload.header.q0},        {"dq", payload.header.dq},  {"qmax", payload.header.qmax},
      {"offset", payload.offset_2p5ms}, {"state", decoder.state()}, {"latents", std::move(latents)},
      {"levels", std::move(levels)},    {"range", payload.range},   {"tell", payload.tell}};
  if (source.frame) result["frame"] = *source.frame;
  return result;
}

[[nodiscard]] std::vector<std::int32_t> joined(const std::vector<std::vector<std::int32_t>>& rows,
                                               std::size_t dimension) {
  std::vector<std::int32_t> all;
  for (const auto& row : rows) {
    if (row.size() != dimension)
      throw Error(refusal(Rule::W1, Stage::payload, "a latent has another dimension"));
    all.insert(all.end(), row.begin(), row.end());
  }
  return all;
}

[[nodiscard]] Json write(const Request& request, const Context& context) {
  const WireProfile& wire = Context::wire(request);
  const Model& model = context.model(request);
  PayloadSymbols symbols;
  symbols.header = {request.integer("q0"), request.integer("dq"), request.integer("qmax"),
                    request.integer("offset")};
  const auto state = request.symbols("state");
  const auto rows = request.symbol_rows("latents");
  const auto max_bytes = request.optional_integer("max_bytes");
  const bool keep_last = request.boolean("keep_last", false);
  const auto latents = joined(rows, model.tables.latent.dimension());
  symbols.state = state;
  symbols.latents = latents;
  const WrittenPayload written = write_payload(symbols, model, wire, max_bytes, keep_last);
  return {{"payload", to_hex(written.payload)}, {"latent_count", written.latent_count}};
}

[[nodiscard]] Json availability(const Request& request, const Context& context) {
  const auto packet = request.bytes("packet");
  const std::int64_t sampling_rate = request.integer("sampling_rate");
  const std::int64_t max_samples = request.integer("max_samples");
  const auto rule = find_availability_rule(request.text("rule"));
  const WireProfile& wire = Context::wire(request);
  PayloadDecoder decoder(context.model(request).tables);
  if (!rule) throw Unsupported("an availability rule of another version");
  const Availability available =
      packet_availability(packet, wire, sampling_rate, max_samples, *rule, decoder);
  return {{"samples", available.samples}, {"dred_end", available.dred_end}};
}

constexpr std::array<Operation, 3> kOperations = {{{"payload", Stage::payload, read},
                                                   {"payload_write", Stage::payload, write},
                                                   {"availability", Stage::payload, availability}}};

}  // namespace

SourceOptions source_options(const Request& request) {
  if (request.has("payload") == request.has("packet"))
    throw MalformedRequest("a request has either 'payload' or 'packet'");
  SourceOptions options;
  options.frame_offset_2p5ms = request.integer("frame_offset", 0);
  options.max_latents = request.optional_integer("max_latents");
  return options;
}

DecodedSource decode_source(const Request& request, const WireProfile& wire, PayloadDecoder& decoder) {
  const SourceOptions options = source_options(request);
  if (request.has("payload")) {
    decode_payload_source(request.bytes("payload"), wire, options, decoder);
    return {true, std::nullopt};
  }
  const auto frame = decode_packet_source(request.bytes("packet"), wire, options, decoder);
  return {frame.has_value(), frame};
}

std::span<const Operation> payload_operations() noexcept {
  return kOperations;
}

}  // namespace dred::adapter
