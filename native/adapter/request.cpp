#include "adapter/request.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "adapter/text_encoding.hpp"

namespace dred::adapter {
namespace {

[[noreturn]] void malformed(const char* name, const char* wanted) {
  throw MalformedRequest(std::string("'") + name + "' is not " + wanted);
}

[[nodiscard]] std::int64_t as_integer(const Json& value, const char* name) {
  if (!value.is_number_integer()) malformed(name, "an integer");
  constexpr auto kMost = std::numeric_limits<std::int64_t>::max();
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > static_cast<std::uint64_t>(kMost))
    return kMost;
  return value.get<std::int64_t>();
}

[[nodiscard]] std::vector<std::uint8_t> as_bytes(const Json& value, const char* name) {
  if (!value.is_string()) malformed(name, "a string of hex digits");
  auto bytes = from_hex(value.get_ref<const std::string&>());
  if (!bytes) malformed(name, "an even number of lower-case hex digits");
  return *std::move(bytes);
}

[[nodiscard]] std::vector<std::int32_t> as_symbols(const Json& value, const char* name) {
  if (!value.is_array()) malformed(name, "an array of integers");
  std::vector<std::int32_t> symbols;
  symbols.reserve(value.size());
  for (const Json& entry : value) {
    constexpr std::int64_t kLeast = std::numeric_limits<std::int32_t>::min();
    constexpr std::int64_t kMost = std::numeric_limits<std::int32_t>::max();
    symbols.push_back(static_cast<std::int32_t>(std::clamp(as_integer(entry, name), kLeast, kMost)));
  }
  return symbols;
}

[[nodiscard]] RangeStep as_step(const Json& value, const char* name) {
  if (!value.is_array() || value.empty() || !value.front().is_string())
    malformed(name, "an array of [name, arguments...]");
  RangeStep step;
  step.name = value.front().get<std::string>();
  for (std::size_t i = 1; i < value.size(); ++i) {
    if (!value[i].is_array()) {
      step.numbers.push_back(as_integer(value[i], name));
      continue;
    }
    if (step.table_place) malformed(name, "an array of steps with one table at most");
    step.table_place = step.numbers.size();
    for (const Json& entry : value[i]) step.table.push_back(as_integer(entry, name));
  }
  return step;
}

}  // namespace

const Json& Request::field(const char* name) const {
  const auto found = object_.find(name);
  if (found == object_.end()) throw MalformedRequest(std::string("'") + name + "' is missing");
  return *found;
}

const Json& Request::array(const char* name) const {
  const Json& value = field(name);
  if (!value.is_array()) malformed(name, "an array");
  return value;
}

std::int64_t Request::integer(const char* name) const {
  return as_integer(field(name), name);
}

std::int64_t Request::integer(const char* name, std::int64_t otherwise) const {
  return has(name) ? integer(name) : otherwise;
}

std::optional<std::int64_t> Request::optional_integer(const char* name) const {
  if (!has(name) || field(name).is_null()) return std::nullopt;
  return integer(name);
}

bool Request::boolean(const char* name) const {
  const Json& value = field(name);
  if (!value.is_boolean()) malformed(name, "true or false");
  return value.get<bool>();
}

bool Request::boolean(const char* name, bool otherwise) const {
  return has(name) ? boolean(name) : otherwise;
}

std::string Request::text(const char* name) const {
  const Json& value = field(name);
  if (!value.is_string()) malformed(name, "a string");
  return value.get<std::string>();
}

std::vector<std::uint8_t> Request::bytes(const char* name) const {
  return as_bytes(field(name), name);
}

std::optional<std::vector<std::uint8_t>> Request::optional_bytes(const char* name) const {
  if (!has(name) || field(name).is_null()) return std::nullopt;
  return bytes(name);
}

std::vector<std::vector<std::uint8_t>> Request::byte_strings(const char* name) const {
  std::vector<std::vector<std::uint8_t>> strings;
  for (const Json& value : array(name)) strings.push_back(as_bytes(value, name));
  return strings;
}

std::vector<float> Request::floats(const char* name) const {
  auto values = floats_from_base64(text(name));
  if (!values) malformed(name, "base64 of float32 values");
  return *std::move(values);
}

std::vector<std::int16_t> Request::samples(const char* name) const {
  auto values = samples_from_base64(text(name));
  if (!values) malformed(name, "base64 of int16 values");
  return *std::move(values);
}

std::vector<Request> Request::objects(const char* name) const {
  std::vector<Request> all;
  for (const Json& value : array(name)) {
    if (!value.is_object()) malformed(name, "an array of objects");
    all.emplace_back(value);
  }
  return all;
}

std::vector<std::int32_t> Request::symbols(const char* name) const {
  return as_symbols(field(name), name);
}

std::vector<std::vector<std::int32_t>> Request::symbol_rows(const char* name) const {
  std::vector<std::vector<std::int32_t>> rows;
  for (const Json& row : array(name)) rows.push_back(as_symbols(row, name));
  return rows;
}

ExtensionFields Request::extensions(const char* name) const {
  ExtensionFields fields;
  for (const Request& extension : objects(name)) {
    fields.payloads.push_back(extension.bytes("payload"));
    fields.inputs.push_back({extension.integer("id"), extension.integer("frame"), {}});
  }
  for (std::size_t i = 0; i < fields.inputs.size(); ++i) fields.inputs[i].payload = fields.payloads[i];
  return fields;
}

std::vector<RangeStep> Request::steps(const char* name) const {
  std::vector<RangeStep> steps;
  for (const Json& value : array(name)) steps.push_back(as_step(value, name));
  return steps;
}

}  // namespace dred::adapter
