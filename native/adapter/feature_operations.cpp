#include <array>

#include "adapter/operation_table.hpp"
#include "adapter/source_fields.hpp"
#include "adapter/text_encoding.hpp"
#include "operations/error.hpp"
#include "operations/feature_source.hpp"

namespace dred::adapter {
namespace {

// Features as integers where the profile is asked for by name, otherwise as float32: p / 65536, rounded once.
// clause: FIX-output
[[nodiscard]] Json as_result(const Request& request, const std::vector<std::int32_t>& features) {
  Json result = {{"feature_count", features.size() / kFeaturesPerFrame},
                 {"latent_count", features.size() / kFeaturesPerLatent}};
  if (request.has("profile")) {
    result["features"] = integers_to_base64(features);
    return result;
  }
  std::vector<float> values;
  values.reserve(features.size());
  for (const std::int32_t feature : features) values.push_back(static_cast<float>(feature) / 65536.0F);
  result["features"] = floats_to_base64(values);
  return result;
}

[[nodiscard]] std::size_t count_field(const Request& request, const char* name) {
  const std::int64_t count = request.integer(name);
  if (count < 0) throw Error(refusal(Rule::N3, Stage::feature, "a number of values is negative"));
  return static_cast<std::size_t>(count);
}

// clause: FIX-input
[[nodiscard]] Json decode_injected(const Request& request, const Model& model) {
  const auto state = request.floats("state");
  const auto latents = request.floats("latents");
  const std::size_t state_count = count_field(request, "state_count");
  const std::size_t latent_count = count_field(request, "latent_count");
  InjectedFeatureDecoder decoder(model, to_path("auto"));
  if (state.size() != state_count)
    throw Error(refusal(Rule::N3, Stage::feature, "the state is not state_count values"));
  return as_result(request, decoder.decode(state, latents, latent_count));
}

[[nodiscard]] Json decode_source(const Request& request, const Model& model) {
  const WireProfile& wire = Context::wire(request);
  const SourceOptions options = source_options(request);
  SourceFeatureDecoder decoder(model, to_path("auto"));
  const auto bytes = request.bytes(request.has("payload") ? "payload" : "packet");
  if (request.has("payload")) {
    decoder.load_payload(bytes, wire, options);
  } else if (!decoder.load_packet(bytes, wire, options)) {
    return nullptr;
  }
  Json result = as_result(request, decoder.decode());
  const DecodedPayload payload = decoder.header();
  result["q0"] = payload.header.q0;
  result["dq"] = payload.header.dq;
  result["qmax"] = payload.header.qmax;
  result["offset"] = payload.offset_2p5ms;
  if (request.has("packet")) result["frame"] = decoder.chain().frame();
  return result;
}

[[nodiscard]] Json read(const Request& request, const Context& context) {
  const Model& model = context.model(request);
  if (request.has("profile") && request.text("profile") != kFixedProfile)
    throw Unsupported("features are computed in the profile 'fixed' only");
  const bool is_injected = request.has("state") || request.has("latents");
  if (is_injected && (request.has("payload") || request.has("packet")))
    throw MalformedRequest("a request has either a source, or 'state' and 'latents'");
  if (!model.has_network()) throw Unsupported("the model has no decoder network");
  return is_injected ? decode_injected(request, model) : decode_source(request, model);
}

constexpr std::array<Operation, 1> kOperations = {{{"feature", Stage::feature, read}}};

}  // namespace

std::span<const Operation> feature_operations() noexcept {
  return kOperations;
}

}  // namespace dred::adapter
