#include "opus/errors.hpp"

#include <opus.h>

namespace dred::opus {

int checked(int answer, const char* what) {
  if (answer < 0) throw Failure(answer, std::string(what) + ": " + opus_strerror(answer));
  return answer;
}

void refuse(const std::string& message) {
  throw Failure(OPUS_BAD_ARG, message);
}

}  // namespace dred::opus
