#include "adapter/protocol.hpp"

#include <algorithm>
#include <utility>

#include "adapter/text_encoding.hpp"
#include "dred/version.hpp"
#include "operations/error.hpp"

namespace dred::adapter {
namespace {

constexpr std::size_t kMaxNesting = 16;  // a table in a step in the steps of a request is the fourth

// The parser would build whatever a line nests, so the depth is looked at first.
[[nodiscard]] bool is_nested_too_deeply(std::string_view line) noexcept {
  std::size_t depth = 0;
  bool is_in_string = false;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (is_in_string) {
      if (c == '\\') ++i;
      if (c == '"') is_in_string = false;
      continue;
    }
    if (c == '"') is_in_string = true;
    if ((c == '[' || c == '{') && ++depth > kMaxNesting) return true;
    if ((c == ']' || c == '}') && depth > 0) --depth;
  }
  return false;
}

[[nodiscard]] Json protocol_error(const std::string& message) {
  return {{"error", {{"stage", "protocol"}, {"message", message}}}};
}

[[nodiscard]] Json as_json(const Error& error, Stage stage_of_operation) {
  const Status& status = error.status();
  const bool is_refusal = status.rule == Rule::W1 || status.rule == Rule::W2;
  Json fields = {{"rule", rule_name(status.rule)},
                 {"stage", stage_name(is_refusal ? stage_of_operation : status.stage)},
                 {"message", error.what()}};
  if (status.has_position) fields["position"] = status.position;
  if (error.has_extensions()) {
    Json found = Json::array();
    for (const FoundExtension& extension : error.extensions())
      found.push_back(
          {{"id", extension.id}, {"frame", extension.frame}, {"payload", to_hex(extension.payload)}});
    fields["extensions"] = std::move(found);
  }
  return {{"error", std::move(fields)}};
}

[[nodiscard]] Json named(std::span<const Operation> operations) {
  Json names = Json::array();
  for (const Operation& operation : operations) names.push_back(operation.name);
  return names;
}

[[nodiscard]] bool is_sequence_number(const Json& value) {
  return value.is_number_unsigned() || (value.is_number_integer() && value.get<std::int64_t>() >= 0);
}

}  // namespace

const Model& Context::model(const Request& request) const {
  const std::string name = request.text("model");
  for (const Model& model : models_)
    if (model.name == name) return model;
  throw Unsupported("no such model is loaded");
}

// clause: DRED-version
const WireProfile& Context::wire(const Request& request) {
  const WireProfile* const wire = find_wire_profile(request.text("wire"));
  if (wire == nullptr) throw Unsupported("no such wire profile");
  if (!wire->is_supported) throw Unsupported("experimental-10 (libopus 1.5) is recognised, not decoded");
  return *wire;
}

Protocol::Protocol(Context context) : context_(std::move(context)) {
  for (const auto group :
       {packet_operations(), extension_operations(), range_operations(), payload_operations(),
        latent_operations(), feature_operations(), audio_operations(), receiver_operations()})
    operations_.insert(operations_.end(), group.begin(), group.end());
}

std::string Protocol::answer(std::string_view line) const {
  if (is_nested_too_deeply(line)) return refuse_line("the line is nested too deeply");
  const Json request = Json::parse(line, nullptr, false);
  if (request.is_discarded()) return refuse_line("the line is no JSON");
  if (!request.is_object()) return refuse_line("the line is no JSON object");
  const auto seq = request.find("seq");
  if (seq == request.end() || !is_sequence_number(*seq))
    return refuse_line("'seq' is not an integer from 0 on");
  Json answer = answer_request(request);
  answer["seq"] = *seq;
  return answer.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Json Protocol::answer_request(const Json& request) const {
  Stage stage = Stage::packet;
  try {
    const std::string name = Request(request).text("op");
    if (name == "hello") return hello(request);
    const Operation* const operation = find(name);
    if (operation == nullptr) throw Unsupported("no such operation");
    stage = operation->stage;
    return {{"result", operation->run(Request(request), context_)}};
  } catch (const Error& error) {
    return as_json(error, stage);
  } catch (const Unsupported& reason) {
    return {{"unsupported", reason.what()}};
  } catch (const MalformedRequest& error) {
    return protocol_error(error.what());
  } catch (const MalformedStep& error) {
    return protocol_error(error.what());
  }
}

Json Protocol::hello(const Json& request) const {
  if (Request(request).integer("protocol") != 1) throw Unsupported("only protocol 1 is spoken");
  Json wires = Json::array();
  for (const WireProfile& wire : wire_profiles())
    if (wire.is_supported) wires.push_back(wire.name);
  Json models = Json::array();
  Json speaking = Json::array();
  for (const Model& model : context_.models()) {
    models.push_back(model.name);
    if (model.has_vocoder()) speaking.push_back(model.name);
  }
  return {{"name", "dred_native"},
          {"version", kVersion},
          {"stages", {"packet", "extension", "payload", "latent", "feature", "audio", "receiver"}},
          {"wire", std::move(wires)},
          {"models", std::move(models)},
          {"profiles", {kFixedProfile}},
          {"operations", named(operations_)},
          {"only", {{"audio", {{"model", std::move(speaking)}}}}}};
}

const Operation* Protocol::find(std::string_view name) const noexcept {
  const auto found = std::find_if(operations_.begin(), operations_.end(),
                                  [&](const Operation& operation) { return operation.name == name; });
  return found == operations_.end() ? nullptr : &*found;
}

std::string refuse_line(const char* message) {
  Json answer = protocol_error(message);
  answer["seq"] = nullptr;
  return answer.dump();
}

}  // namespace dred::adapter
