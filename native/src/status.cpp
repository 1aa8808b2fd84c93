#include "dred/status.hpp"

#include <array>

namespace dred {

std::string_view rule_name(Rule rule) noexcept {
  static constexpr std::array<std::string_view, 23> kNames = {"",   "R1", "R2", "R3", "R4", "R5", "R6", "R7",
                                                              "B1", "B2", "B3", "E1", "E2", "E3", "E4", "E5",
                                                              "D1", "D2", "W1", "W2", "N1", "N2", "N3"};
  return kNames[static_cast<std::size_t>(rule)];
}

std::string_view stage_name(Stage stage) noexcept {
  static constexpr std::array<std::string_view, 7> kNames = {"packet",  "extension", "payload", "latent",
                                                             "feature", "audio",     "receiver"};
  return kNames[static_cast<std::size_t>(stage)];
}

}  // namespace dred
