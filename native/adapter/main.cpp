// dred-native-adapter [--model DIR]... [--version]: the native core behind the conformance protocol.

#include <cstdio>
#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapter/line_reader.hpp"
#include "adapter/model_file.hpp"
#include "adapter/protocol.hpp"
#include "dred/version.hpp"

namespace {

constexpr int kUsageError = 2;

int print_usage() {
  std::fputs("usage: dred-native-adapter [--model DIR]... [--version]\n", stderr);
  return kUsageError;
}

void write_line(std::string answer) {
  answer.push_back('\n');
  std::fwrite(answer.data(), 1, answer.size(), stdout);
  std::fflush(stdout);
}

[[nodiscard]] std::string answer_line(const dred::adapter::Protocol& protocol,
                                      dred::adapter::LineResult result, std::string_view line) {
  if (result == dred::adapter::LineResult::too_long)
    return dred::adapter::refuse_line("the line is longer than 16777216 bytes");
  try {
    return protocol.answer(line);
  } catch (const std::bad_alloc&) {
    return dred::adapter::refuse_line("out of memory");
  }
}

int serve(std::vector<dred::Model> models) {
  const dred::adapter::Protocol protocol{dred::adapter::Context(std::move(models))};
  dred::adapter::LineReader reader(stdin);
  std::string line;
  for (auto result = reader.read(line); result != dred::adapter::LineResult::end; result = reader.read(line))
    write_line(answer_line(protocol, result, line));
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string_view> arguments(argv + 1, argv + argc);
  std::vector<dred::Model> models;
  try {
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      if (arguments[i] == "--version") {
        std::printf("dred-native-adapter %s\n", dred::kVersion);
        return 0;
      }
      if (arguments[i] != "--model" || i + 1 == arguments.size()) return print_usage();
      models.push_back(dred::adapter::load_model(arguments[++i]));
    }
    return serve(std::move(models));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "dred-native-adapter: %s\n", error.what());
    return kUsageError;
  }
}
