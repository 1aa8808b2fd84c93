// Failures of whole operations. Outside the decode loop exceptions are fine; inside it there are only Status
// values.
#pragma once

#include <cstdint>
#include <exception>
#include <string>
#include <vector>

#include "dred/status.hpp"

namespace dred {

struct FoundExtension {
  std::uint8_t id = 0;
  std::uint8_t frame = 0;
  std::vector<std::uint8_t> payload;
};

// The sentence for people that goes with a status.
[[nodiscard]] std::string describe(const Status& status);

class Error : public std::exception {
 public:
  explicit Error(const Status& status) : status_(status), message_(describe(status)) {}
  Error(const Status& status, std::vector<FoundExtension> extensions)
      : status_(status),
        message_(describe(status)),
        extensions_(std::move(extensions)),
        has_extensions_(true) {}

  [[nodiscard]] const char* what() const noexcept override { return message_.c_str(); }
  [[nodiscard]] const Status& status() const noexcept { return status_; }
  // Found before the error; only errors of reading extensions have them.
  [[nodiscard]] bool has_extensions() const noexcept { return has_extensions_; }
  [[nodiscard]] const std::vector<FoundExtension>& extensions() const noexcept { return extensions_; }

 private:
  Status status_;
  std::string message_;
  std::vector<FoundExtension> extensions_;
  bool has_extensions_ = false;
};

inline void throw_if_failed(const Status& status) {
  if (!status.ok()) throw Error(status);
}

}  // namespace dred
