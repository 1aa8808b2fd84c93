// Refusals of libopus, and ours with the same codes.
#pragma once

#include <stdexcept>
#include <string>

namespace dred::opus {

class Failure : public std::runtime_error {
 public:
  Failure(int code, const std::string& message) : std::runtime_error(message), code_(code) {}

  [[nodiscard]] int code() const noexcept { return code_; }

 private:
  int code_;
};

// The count or status that libopus gave back; throws where it is an error code.
int checked(int answer, const char* what);
// Throws what stands for a wrong argument.
[[noreturn]] void refuse(const std::string& message);

}  // namespace dred::opus
