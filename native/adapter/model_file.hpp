// Reads the model.json of a model folder ("dred-model/1").
#pragma once

#include <filesystem>
#include <stdexcept>

#include "operations/model.hpp"

namespace dred::adapter {

class ModelFileError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// With the weights beside it where it names any; they are checked when features are wanted. Throws
// ModelFileError.
[[nodiscard]] Model load_model(const std::filesystem::path& folder);

}  // namespace dred::adapter
