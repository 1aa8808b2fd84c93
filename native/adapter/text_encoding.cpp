#include "adapter/text_encoding.hpp"

#include <bit>
#include <cstddef>

namespace dred::adapter {
namespace {

constexpr std::string_view kHexDigits = "0123456789abcdef";
constexpr std::string_view kBase64Digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

[[nodiscard]] int digit_value(char digit) noexcept {
  if (digit >= '0' && digit <= '9') return digit - '0';
  if (digit >= 'a' && digit <= 'f') return digit - 'a' + 10;
  return -1;
}

[[nodiscard]] std::string to_base64(Bytes bytes) {
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = bytes.size() - i < 3 ? bytes.size() - i : 3;
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) group = group << 8 | (j < count ? bytes[i + j] : 0U);
    for (std::size_t j = 0; j < 4; ++j)
      text.push_back(j <= count ? kBase64Digits[(group >> (18 - 6 * j)) & 63] : '=');
  }
  return text;
}

[[nodiscard]] std::optional<std::vector<std::uint8_t>> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  std::vector<std::uint8_t> bytes;
  bytes.reserve(text.size() / 4 * 3);
  std::uint32_t group = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_padding = i >= text.size() - padding;
    const std::size_t digit = is_padding ? 0 : kBase64Digits.find(text[i]);
    if (digit == std::string_view::npos) return std::nullopt;
    group = group << 6 | static_cast<std::uint32_t>(digit);
    if (i % 4 != 3) continue;
    for (unsigned shift = 24; shift > 0; shift -= 8)
      bytes.push_back(static_cast<std::uint8_t>((group >> (shift - 8)) & 255));
    group = 0;
  }
  bytes.erase(bytes.end() - static_cast<std::ptrdiff_t>(padding), bytes.end());
  return bytes;
}

template <typename Number>
[[nodiscard]] std::string words_to_base64(std::span<const Number> numbers) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(4 * numbers.size());
  for (const Number number : numbers) {
    const auto word = std::bit_cast<std::uint32_t>(number);
    for (unsigned shift = 0; shift < 32; shift += 8)
      bytes.push_back(static_cast<std::uint8_t>((word >> shift) & 255));
  }
  return to_base64(bytes);
}

}  // namespace

std::string to_hex(Bytes bytes) {
  std::string text;
  text.reserve(2 * bytes.size());
  for (const std::uint8_t byte : bytes) {
    text.push_back(kHexDigits[byte >> 4]);
    text.push_back(kHexDigits[byte & 15]);
  }
  return text;
}

std::optional<std::vector<std::uint8_t>> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::vector<std::uint8_t> bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const int high = digit_value(text[i]);
    const int low = digit_value(text[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    bytes.push_back(static_cast<std::uint8_t>(high << 4 | low));
  }
  return bytes;
}

std::string floats_to_base64(std::span<const float> values) {
  return words_to_base64(values);
}

std::string integers_to_base64(std::span<const std::int32_t> values) {
  return words_to_base64(values);
}

std::string samples_to_base64(std::span<const std::int16_t> values) {
  std::vector<std::uint8_t> bytes;
  bytes.reserve(2 * values.size());
  for (const std::int16_t value : values) {
    const auto word = static_cast<std::uint16_t>(value);
    bytes.push_back(static_cast<std::uint8_t>(word & 255));
    bytes.push_back(static_cast<std::uint8_t>(word >> 8));
  }
  return to_base64(bytes);
}

std::optional<std::vector<std::int16_t>> samples_from_base64(std::string_view text) {
  const auto bytes = from_base64(text);
  if (!bytes || bytes->size() % 2 != 0) return std::nullopt;
  std::vector<std::int16_t> values;
  values.reserve(bytes->size() / 2);
  for (std::size_t i = 0; i < bytes->size(); i += 2)
    values.push_back(static_cast<std::int16_t>((*bytes)[i] | (*bytes)[i + 1] << 8));
  return values;
}

std::optional<std::vector<float>> floats_from_base64(std::string_view text) {
  const auto bytes = from_base64(text);
  if (!bytes || bytes->size() % 4 != 0) return std::nullopt;
  std::vector<float> values;
  values.reserve(bytes->size() / 4);
  for (std::size_t i = 0; i < bytes->size(); i += 4) {
    std::uint32_t word = 0;
    for (std::size_t j = 4; j > 0; --j) word = word << 8 | (*bytes)[i + j - 1];
    values.push_back(std::bit_cast<float>(word));
  }
  return values;
}

}  // namespace dred::adapter
