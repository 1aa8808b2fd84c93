// Bytes, numbers and samples as text of the protocol.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dred/bytes.hpp"

namespace dred::adapter {

[[nodiscard]] std::string to_hex(Bytes bytes);
// Lower case, an even number of digits; nothing otherwise.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> from_hex(std::string_view text);

// Base64 with padding, of little-endian float32, int32 or int16.
[[nodiscard]] std::string floats_to_base64(std::span<const float> values);
[[nodiscard]] std::string integers_to_base64(std::span<const std::int32_t> values);
[[nodiscard]] std::string samples_to_base64(std::span<const std::int16_t> values);
[[nodiscard]] std::optional<std::vector<std::int16_t>> samples_from_base64(std::string_view text);
[[nodiscard]] std::optional<std::vector<float>> floats_from_base64(std::string_view text);

}  // namespace dred::adapter
