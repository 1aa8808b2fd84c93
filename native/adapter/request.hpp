// One request of the protocol, read field by field with strict types.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "dred/extension_writer.hpp"
#include "operations/range_steps.hpp"

namespace dred::adapter {

using Json = nlohmann::json;

// The line is no request, or a field has the wrong type.
class MalformedRequest : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// The request is fine; this adapter does not do it.
class Unsupported : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

struct ExtensionFields {
  std::vector<std::vector<std::uint8_t>> payloads;
  std::vector<ExtensionInput> inputs;  // views of `payloads`
};

class Request {
 public:
  explicit Request(const Json& object) : object_(object) {}

  [[nodiscard]] bool has(const char* name) const { return object_.contains(name); }
  [[nodiscard]] std::int64_t integer(const char* name) const;
  [[nodiscard]] std::int64_t integer(const char* name, std::int64_t otherwise) const;
  // Absent or null: nothing.
  [[nodiscard]] std::optional<std::int64_t> optional_integer(const char* name) const;
  [[nodiscard]] bool boolean(const char* name) const;
  [[nodiscard]] bool boolean(const char* name, bool otherwise) const;
  [[nodiscard]] std::string text(const char* name) const;
  [[nodiscard]] std::vector<std::uint8_t> bytes(const char* name) const;
  [[nodiscard]] std::optional<std::vector<std::uint8_t>> optional_bytes(const char* name) const;
  [[nodiscard]] std::vector<std::vector<std::uint8_t>> byte_strings(const char* name) const;
  [[nodiscard]] std::vector<float> floats(const char* name) const;
  [[nodiscard]] std::vector<std::int16_t> samples(const char* name) const;
  // The members of an array of objects; views of this request.
  [[nodiscard]] std::vector<Request> objects(const char* name) const;
  // Integers too large for int32 are cut to its ends, which no model can code.
  [[nodiscard]] std::vector<std::int32_t> symbols(const char* name) const;
  [[nodiscard]] std::vector<std::vector<std::int32_t>> symbol_rows(const char* name) const;
  [[nodiscard]] ExtensionFields extensions(const char* name) const;
  [[nodiscard]] std::vector<RangeStep> steps(const char* name) const;

 private:
  [[nodiscard]] const Json& field(const char* name) const;
  [[nodiscard]] const Json& array(const char* name) const;

  const Json& object_;
};

}  // namespace dred::adapter
