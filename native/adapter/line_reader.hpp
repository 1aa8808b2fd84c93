// Lines of a stream, up to a length; what is longer is read over, so that the next line starts where it
// should.
#pragma once

#include <cstddef>
#include <cstdio>
#include <string>

namespace dred::adapter {

inline constexpr std::size_t kMaxLine = std::size_t{16} << 20;

enum class LineResult { line, too_long, end };

class LineReader {
 public:
  explicit LineReader(std::FILE* stream) : stream_(stream) {}

  // A last line without newline counts; the newline is not part of the line.
  [[nodiscard]] LineResult read(std::string& line);

 private:
  std::FILE* stream_;
};

}  // namespace dred::adapter
