// SHA-256 (FIPS 180-4), to check a model's tables against the hash in its file.
#pragma once

#include <string>

#include "dred/bytes.hpp"

namespace dred::adapter {

[[nodiscard]] std::string sha256_hex(Bytes message);

}  // namespace dred::adapter
