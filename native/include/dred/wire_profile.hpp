// How DRED is marked in the padding. Data, not branches: a new profile is a new row.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "dred/bytes.hpp"
#include "dred/status.hpp"

namespace dred {

struct WireProfile {
  std::string_view name;
  std::uint8_t extension_id = 0;
  std::array<std::uint8_t, 2> prefix_bytes{};
  std::size_t prefix_size = 0;
  bool is_supported = true;  // false: recognised and named, never decoded

  [[nodiscard]] Bytes prefix() const noexcept { return Bytes(prefix_bytes).first(prefix_size); }
  // Whether a payload under the profile's extension id is meant for it.
  [[nodiscard]] bool accepts(Bytes payload) const noexcept;
};

[[nodiscard]] std::span<const WireProfile> wire_profiles() noexcept;
[[nodiscard]] const WireProfile* find_wire_profile(std::string_view name) noexcept;

// D1, D2 or success; then `coded` is what the range coder reads.
[[nodiscard]] Status strip_prefix(Bytes payload, const WireProfile& wire, Bytes& coded) noexcept;

}  // namespace dred
