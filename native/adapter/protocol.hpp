// Protocol version 1: one request line in, one answer line out, whatever the line holds.
#pragma once

#include <string>
#include <string_view>

#include "adapter/operation_table.hpp"

namespace dred::adapter {

class Protocol {
 public:
  explicit Protocol(Context context);

  // The answer, without the newline. Throws nothing but std::bad_alloc.
  [[nodiscard]] std::string answer(std::string_view line) const;

 private:
  [[nodiscard]] Json answer_request(const Json& request) const;
  [[nodiscard]] Json hello(const Json& request) const;
  [[nodiscard]] const Operation* find(std::string_view name) const noexcept;

  Context context_;
  std::vector<Operation> operations_;
};

[[nodiscard]] std::string refuse_line(const char* message);

}  // namespace dred::adapter
