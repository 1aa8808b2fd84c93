#include <array>

#include "adapter/operation_table.hpp"
#include "adapter/text_encoding.hpp"
#include "operations/error.hpp"
#include "operations/feature_source.hpp"
#include "operations/speech_synthesis.hpp"

namespace dred::adapter {
namespace {

void check_count(const Request& request, const char* name, std::size_t count, const char* message) {
  const std::int64_t announced = request.integer(name);
  if (announced < 0 || static_cast<std::size_t>(announced) != count)
    throw Error(refusal(Rule::N3, Stage::audio, message));
}

// clause: VOC-flow, VOC-continuation, VOC-integer
[[nodiscard]] Json speak(const Request& request, const Context& context) {
  const Model& model = context.model(request);
  if (!model.has_vocoder()) throw Unsupported("the model has no vocoder");
  const auto features = request.floats("features");
  if (features.size() % VocoderSizes::kFeatures != 0)
    throw Error(refusal(Rule::N3, Stage::audio, "a frame is not 20 features"));
  check_count(request, "feature_count", features.size() / VocoderSizes::kFeatures,
              "the features are not feature_count frames");
  SpeechSynthesis synthesis(model, to_path("auto"));
  std::vector<std::int16_t> samples;
  if (request.has("past")) {
    const auto past = request.samples("past");
    check_count(request, "past_count", past.size(), "the past is not past_count samples");
    samples = synthesis.continuation(past, features);
  } else {
    samples = synthesis.file(features);
  }
  return {{"samples", samples_to_base64(samples)}, {"sample_count", samples.size()}};
}

constexpr std::array<Operation, 1> kOperations = {{{"audio", Stage::audio, speak}}};

}  // namespace

std::span<const Operation> audio_operations() noexcept {
  return kOperations;
}

}  // namespace dred::adapter
