#include "adapter/line_reader.hpp"

namespace dred::adapter {

LineResult LineReader::read(std::string& line) {
  line.clear();
  bool has_any = false;
  bool is_too_long = false;
  for (int c = std::getc(stream_); c != EOF; c = std::getc(stream_)) {
    has_any = true;
    if (c == '\n') return is_too_long ? LineResult::too_long : LineResult::line;
    if (line.size() == kMaxLine) {
      is_too_long = true;
    } else {
      line.push_back(static_cast<char>(c));
    }
  }
  if (!has_any) return LineResult::end;
  return is_too_long ? LineResult::too_long : LineResult::line;
}

}  // namespace dred::adapter
