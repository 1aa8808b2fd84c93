// Outcome of every operation: a rule id, the stage, and where in the input it happened. No exceptions.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace dred {

enum class Rule : std::uint8_t {
  none,
  R1,
  R2,
  R3,
  R4,
  R5,
  R6,
  R7,
  B1,
  B2,
  B3,
  E1,
  E2,
  E3,
  E4,
  E5,
  D1,
  D2,
  W1,
  W2,
  N1,
  N2,
  N3,
};

enum class Stage : std::uint8_t { packet, extension, payload, latent, feature, audio, receiver };

struct Status {
  Rule rule = Rule::none;
  Stage stage = Stage::packet;
  bool has_position = false;
  std::size_t position = 0;  // byte offset in the input of the stage
  const char* message = "";  // always a literal
  int found_version = -1;    // D2: the version byte that stands where the profile's should
  const char* layer = "";    // N1, N2: always a literal; empty for what concerns no layer
  std::int64_t row = -1;     // N2: the row of that layer

  [[nodiscard]] constexpr bool ok() const noexcept { return rule == Rule::none; }
};

[[nodiscard]] constexpr Status failure_at(Rule rule, Stage stage, std::size_t position,
                                          const char* message) noexcept {
  return {.rule = rule, .stage = stage, .has_position = true, .position = position, .message = message};
}

// A refusal to write: the fault lies in an argument, not at a place of an input.
[[nodiscard]] constexpr Status refusal(Rule rule, Stage stage, const char* message) noexcept {
  return {.rule = rule, .stage = stage, .message = message};
}

[[nodiscard]] std::string_view rule_name(Rule rule) noexcept;
[[nodiscard]] std::string_view stage_name(Stage stage) noexcept;

}  // namespace dred
