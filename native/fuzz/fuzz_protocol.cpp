// Feeds lines to the protocol: every answer is one JSON object with one outcome, whatever the line.

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "adapter/protocol.hpp"
#include "fuzz/fuzz_input.hpp"
#include "tests/synthetic_network.hpp"
#include "tests/synthetic_tables.hpp"
#include "tests/synthetic_vocoder.hpp"

using dred::fuzz::require;

namespace {

const dred::adapter::Protocol& protocol() {
  static const dred::adapter::Protocol instance = [] {
    std::vector<dred::Model> models;
    dred::ModelTables tables = dred::testing::make_tables(3);
    const std::size_t latent_dim = tables.latent.dimension();
    const std::size_t state_dim = tables.state.dimension();
    dred::testing::Blob blob = dred::testing::NetworkMaker(3).make(latent_dim, state_dim);
    dred::testing::Generator generator(3);
    const dred::testing::Blob vocoder = dred::testing::VocoderMaker(generator).make();
    blob.insert(blob.end(), vocoder.begin(), vocoder.end());
    const auto network = std::make_shared<dred::ModelNetwork>(std::move(blob), latent_dim, state_dim);
    models.push_back({"m", std::move(tables), network});
    return dred::adapter::Protocol(dred::adapter::Context(std::move(models)));
  }();
  return instance;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view line(reinterpret_cast<const char*>(data), size);
  const std::string text = protocol().answer(line);
  require(text.find('\n') == std::string::npos);
  const dred::adapter::Json answer = dred::adapter::Json::parse(text, nullptr, false);
  require(answer.is_object() && answer.contains("seq"));
  const int outcomes = (answer.contains("result") ? 1 : 0) + (answer.contains("error") ? 1 : 0) +
                       (answer.contains("unsupported") ? 1 : 0) + (answer.contains("operations") ? 1 : 0);
  require(outcomes == 1);
  return 0;
}
