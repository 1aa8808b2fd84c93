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

// Weights are not read: the stages of this adapter need the tables alone. Throws ModelFileError.
[[nodiscard]] Model load_model(const std::filesystem::path& folder);

}  // namespace dred::adapter
