#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "binding/arguments.hpp"
#include "binding/feature_results.hpp"
#include "binding/float_argument.hpp"
#include "binding/registration.hpp"
#include "dred/kernel_path.hpp"
#include "dred/tanh_table.hpp"
#include "operations/error.hpp"
#include "operations/feature_source.hpp"
#include "operations/model.hpp"

namespace dred::binding {
namespace {

using SharedModel = std::shared_ptr<Model>;

[[nodiscard]] std::unique_ptr<InjectedFeatureDecoder> make_decoder(const Model& model,
                                                                   const std::string& path) {
  return std::make_unique<InjectedFeatureDecoder>(model, to_path(path));
}

[[nodiscard]] FeatureArray step(InjectedFeatureDecoder& decoder, const py::array& latent) {
  const FloatArgument values = to_floats(latent, 1);
  FeatureArray features = make_features(1);
  decoder.step(values.values(), LatentFeatures(features.mutable_data(), kFeaturesPerLatent));
  return features;
}

[[nodiscard]] FeatureArray decode(InjectedFeatureDecoder& decoder, const py::array& state,
                                  const py::array& latents) {
  const FloatArgument state_values = to_floats(state, 1);
  const FloatArgument latent_values = to_floats(latents, 2);
  const auto count = static_cast<std::size_t>(latents.shape(0));
  return as_features(decoder.decode(state_values.values(), latent_values.values(), count));
}

[[nodiscard]] py::dict decode_payload_features(const BytesArgument& payload, const std::string& wire,
                                               const Model& model, Integer frame_offset,
                                               std::optional<Integer> max_latents, const std::string& path) {
  SourceFeatureDecoder decoder(model, to_path(path));
  decoder.load_payload(payload.view(), to_wire(wire), source_options(frame_offset, max_latents, {7}));
  const auto features = decoder.decode();
  return feature_dict(decoder, std::nullopt, features);
}

[[nodiscard]] std::optional<py::dict> decode_packet_features(const BytesArgument& packet,
                                                             const std::string& wire, const Model& model,
                                                             std::optional<Integer> max_latents,
                                                             const std::string& path) {
  SourceFeatureDecoder decoder(model, to_path(path));
  if (!decoder.load_packet(packet.view(), to_wire(wire), source_options({}, max_latents, {7})))
    return std::nullopt;
  const auto features = decoder.decode();
  return feature_dict(decoder, decoder.chain().frame(), features);
}

// The packet is copied, so that it may go away between two calls.
class PacketDecoder {
 public:
  PacketDecoder(SharedModel model, const std::string& wire, const std::string& path)
      : wire_(&to_wire(wire)), model_(std::move(model)), decoder_(*model_, to_path(path)) {}

  [[nodiscard]] std::optional<py::dict> load(const BytesArgument& packet) {
    const Bytes view = packet.view();
    packet_.assign(view.begin(), view.end());
    if (!decoder_.load_packet(packet_, *wire_, {})) return std::nullopt;
    return header_dict(decoder_.header(), decoder_.chain().frame());
  }
  [[nodiscard]] FeatureArray decode(Integer latents) {
    if (latents.value < 0)
      throw Error(refusal(Rule::W1, Stage::feature, "the number of latents is negative"));
    return as_features(decoder_.decode(static_cast<std::size_t>(latents.value)));
  }
  [[nodiscard]] std::size_t memory_bytes() { return decoder_.chain().memory_bytes() + packet_.capacity(); }
  [[nodiscard]] std::string path() const { return std::string(path_name(decoder_.path())); }

 private:
  const WireProfile* wire_;
  SharedModel model_;
  std::vector<std::uint8_t> packet_;
  SourceFeatureDecoder decoder_;
};

[[nodiscard]] std::vector<std::string> simd_paths() {
  std::vector<std::string> names;
  for (const KernelPath path : available_paths()) names.emplace_back(path_name(path));
  return names;
}

[[nodiscard]] FeatureArray tanh_array() {
  FeatureArray array(static_cast<py::ssize_t>(kTanhEntries));
  std::memcpy(array.mutable_data(), tanh_table().data(), kTanhEntries * sizeof(std::int32_t));
  return array;
}

}  // namespace

void register_feature(py::module_& module) {
  using Decoder = InjectedFeatureDecoder;
  py::class_<Decoder>(module, "FeatureDecoder",
                      "Features of injected state and latents, in the fixed-point profile.")
      .def(py::init(&make_decoder), py::arg("model"), py::arg("path") = "auto")
      .def(
          "start",
          [](Decoder& decoder, const py::array& state) { decoder.start(to_floats(state, 1).values()); },
          py::arg("state"), "Begin a payload.")
      .def("step", &step, py::arg("latent"), "The features of the next latent, newest first.")
      .def("decode", &decode, py::arg("state"), py::arg("latents"), "A whole payload at once.")
      .def_property_readonly("path", [](const Decoder& decoder) { return path_name(decoder.path()); })
      .def_property_readonly("memory_bytes", &Decoder::memory_bytes);
  py::class_<PacketDecoder>(module, "PacketFeatureDecoder", "Features of packets, a few latents at a time.")
      .def(py::init<SharedModel, const std::string&, const std::string&>(), py::arg("model"), py::arg("wire"),
           py::arg("path") = "auto")
      .def("load", &PacketDecoder::load, py::arg("packet"), "Begin a packet; None where it has no DRED.")
      .def("decode", &PacketDecoder::decode, py::arg("latents"), "The features of the next latents.")
      .def_property_readonly("path", &PacketDecoder::path)
      .def_property_readonly("memory_bytes", &PacketDecoder::memory_bytes);
  module.def("decode_features", &decode_payload_features, py::arg("payload"), py::arg("wire"),
             py::arg("model"), py::arg("frame_offset") = 0, py::arg("max_latents") = py::none(),
             py::arg("path") = "auto", "Decode a DRED extension payload to features.");
  module.def("decode_packet_features", &decode_packet_features, py::arg("packet"), py::arg("wire"),
             py::arg("model"), py::arg("max_latents") = py::none(), py::arg("path") = "auto",
             "Decode the DRED of a packet to features; None where it has none.");
  module.def("simd_paths", &simd_paths, "The paths that this processor has, the fastest last.");
  module.def("fixed_point_tanh_table", &tanh_array, "tanh(k / 128) in Q18 for k = 0..1024.");
}

}  // namespace dred::binding
