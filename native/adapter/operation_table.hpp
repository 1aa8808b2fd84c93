// The operations that the adapter answers, by name.
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "adapter/request.hpp"
#include "dred/status.hpp"
#include "dred/wire_profile.hpp"
#include "operations/model.hpp"

namespace dred::adapter {

// What requests refer to by name.
class Context {
 public:
  explicit Context(std::vector<Model> models) : models_(std::move(models)) {}

  [[nodiscard]] const std::vector<Model>& models() const noexcept { return models_; }
  // Both throw Unsupported for names that hello does not declare.
  [[nodiscard]] const Model& model(const Request& request) const;
  [[nodiscard]] static const WireProfile& wire(const Request& request);

 private:
  std::vector<Model> models_;
};

// The numeric profile of the features, and the only one.
inline constexpr std::string_view kFixedProfile = "fixed";

struct Operation {
  std::string_view name;
  Stage stage;  // of its errors of writing
  Json (*run)(const Request&, const Context&);
};

[[nodiscard]] std::span<const Operation> packet_operations() noexcept;
[[nodiscard]] std::span<const Operation> extension_operations() noexcept;
[[nodiscard]] std::span<const Operation> range_operations() noexcept;
[[nodiscard]] std::span<const Operation> payload_operations() noexcept;
[[nodiscard]] std::span<const Operation> latent_operations() noexcept;
[[nodiscard]] std::span<const Operation> feature_operations() noexcept;
[[nodiscard]] std::span<const Operation> audio_operations() noexcept;
[[nodiscard]] std::span<const Operation> receiver_operations() noexcept;

}  // namespace dred::adapter
