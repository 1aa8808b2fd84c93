#include "operations/error.hpp"

namespace dred {

std::string describe(const Status& status) {
  std::string text = status.message;
  if (*status.layer != '\0') text.insert(0, status.layer + std::string(": "));
  if (status.row >= 0) text += " in row " + std::to_string(status.row);
  if (status.found_version < 0) return text;
  text += ": experimental-" + std::to_string(status.found_version);
  if (status.found_version == 10) text += " (libopus 1.5)";
  return text;
}

}  // namespace dred
