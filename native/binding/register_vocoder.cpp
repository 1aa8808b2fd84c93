#include <pybind11/numpy.h>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

#include "binding/arguments.hpp"
#include "binding/float_argument.hpp"
#include "binding/registration.hpp"
#include "dred/kernel_path.hpp"
#include "operations/error.hpp"
#include "operations/feature_source.hpp"
#include "operations/speech_synthesis.hpp"

namespace dred::binding {
namespace {

constexpr auto kFrameFeatures = static_cast<py::ssize_t>(VocoderSizes::kFeatures);

[[nodiscard]] std::unique_ptr<SpeechSynthesis> make_vocoder(const Model& model, const std::string& path) {
  return std::make_unique<SpeechSynthesis>(model, to_path(path));
}

// Whole frames in rows. The number of rows is looked at where it matters.
[[nodiscard]] FloatArgument to_frames(const py::array& features) {
  FloatArgument frames = to_floats(features, 2);
  if (features.shape(1) != kFrameFeatures)
    throw Error(refusal(Rule::N3, Stage::audio, "a frame is not 20 features"));
  return frames;
}

void start(SpeechSynthesis& synthesis, const py::array& past, const py::array& features) {
  synthesis.start(to_floats(past, 1).values(), to_frames(features).values());
}

[[nodiscard]] py::array_t<float> frame(SpeechSynthesis& synthesis, const py::array& features) {
  py::array_t<float> samples(static_cast<py::ssize_t>(VocoderSizes::kFrame));
  synthesis.frame(to_floats(features, 1).values(),
                  VocoderSamples(samples.mutable_data(), VocoderSizes::kFrame));
  return samples;
}

// The features are copied, so that they stay as they are while the interpreter runs on.
[[nodiscard]] std::vector<float> checked_file(const SpeechSynthesis& synthesis, const py::array& features) {
  const FloatArgument frames = to_frames(features);
  synthesis.check_file(frames.values());
  return {frames.values().begin(), frames.values().end()};
}

[[nodiscard]] std::size_t sample_count(const std::vector<float>& features) noexcept {
  return features.size() / VocoderSizes::kFeatures * VocoderSizes::kFrame;
}

[[nodiscard]] py::array_t<std::int16_t> synthesise_file(const SpeechSynthesis& synthesis,
                                                        const py::array& features) {
  const std::vector<float> values = checked_file(synthesis, features);
  py::array_t<std::int16_t> samples(static_cast<py::ssize_t>(sample_count(values)));
  const std::span<std::int16_t> target(samples.mutable_data(), sample_count(values));
  {
    const py::gil_scoped_release unlocked;
    synthesise(synthesis.network(), values, target);
  }
  return samples;
}

[[nodiscard]] py::dict bench_vocoder(const py::array& features, const Model& model, Integer repeats,
                                     const std::string& path) {
  if (repeats.value < 1 || repeats.value > 1'000'000'000)
    throw Error(refusal(Rule::W1, Stage::audio, "the repeats are not in 1..1000000000"));
  const SpeechSynthesis synthesis(model, to_path(path));
  const std::vector<float> values = checked_file(synthesis, features);
  std::vector<std::int16_t> samples(sample_count(values));
  double seconds = 0;
  {
    const py::gil_scoped_release unlocked;
    const auto begin = std::chrono::steady_clock::now();
    for (std::int64_t repeat = 0; repeat < repeats.value; ++repeat)
      synthesise(synthesis.network(), values, samples);
    seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  }
  py::dict result;
  result["seconds"] = seconds;
  result["frames"] =
      static_cast<double>(repeats.value) * static_cast<double>(values.size() / VocoderSizes::kFeatures);
  result["memory_bytes"] = synthesis.memory_bytes();
  result["network_bytes"] = synthesis.network().memory_bytes();
  return result;
}

}  // namespace

void register_vocoder(py::module_& module) {
  py::class_<SpeechSynthesis>(module, "Vocoder", "Speech of 16 kHz from acoustic features, in float32.")
      .def(py::init(&make_vocoder), py::arg("model"), py::arg("path") = "auto")
      .def("start", &start, py::arg("past"), py::arg("features"),
           "Go on after 320 samples whose features are these 5 frames, the oldest first.")
      .def("frame", &frame, py::arg("features"), "The next 160 samples.")
      .def("reset", &SpeechSynthesis::reset, "Forget everything; start must come next.")
      .def("synthesise", &synthesise_file, py::arg("features"),
           "A whole file: 160 samples per frame; the state of this vocoder has no part in it.")
      .def_property_readonly("path", [](const SpeechSynthesis& self) { return path_name(self.path()); })
      .def_property_readonly("memory_bytes", &SpeechSynthesis::memory_bytes);
  module.def("bench_vocoder", &bench_vocoder, py::arg("features"), py::arg("model"), py::arg("repeats"),
             py::arg("path") = "auto", "Time the synthesis of a file.");
}

}  // namespace dred::binding
