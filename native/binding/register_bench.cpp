#include <pybind11/stl.h>

#include <array>
#include <chrono>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "binding/arguments.hpp"
#include "binding/registration.hpp"
#include "dred/packet_feature_decoder.hpp"
#include "operations/error.hpp"
#include "operations/feature_source.hpp"
#include "operations/model.hpp"

namespace dred::binding {
namespace {

[[nodiscard]] std::int64_t checked_repeats(Integer repeats) {
  if (repeats.value < 1 || repeats.value > 1'000'000'000)
    throw Error(refusal(Rule::W1, Stage::payload, "the repeats are not in 1..1000000000"));
  return repeats.value;
}

template <typename Work>
[[nodiscard]] double seconds_of(const Work& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

struct FeatureTally {
  std::int64_t inputs = 0;
  std::int64_t latents = 0;
};

// One input after the other as they come in calls: payloads or packets.
template <typename Load>
[[nodiscard]] FeatureTally decode_all(PacketFeatureDecoder& decoder, std::size_t inputs, std::int64_t repeats,
                                      std::int64_t limit, const Load& load) {
  std::array<std::int32_t, kFeaturesPerLatent> features{};
  FeatureTally tally;
  for (std::int64_t repeat = 0; repeat < repeats; ++repeat) {
    for (std::size_t i = 0; i < inputs; ++i) {
      if (!load(i)) continue;
      ++tally.inputs;
      for (std::int64_t latent = 0; latent < limit && decoder.has_next(); ++latent) {
        decoder.step(features);
        ++tally.latents;
      }
    }
  }
  return tally;
}

[[nodiscard]] py::dict bench_payload(const py::sequence& payloads, const std::string& wire_name,
                                     const Model& model, Integer repeats) {
  const std::int64_t count = checked_repeats(repeats);
  const FrozenBytes bytes(payloads);
  const WireProfile& wire = to_wire(wire_name);
  PayloadDecoder decoder(model.tables);
  std::int64_t decoded = 0;
  std::size_t latents = 0;
  double seconds = 0;
  {
    const py::gil_scoped_release unlocked;
    seconds = seconds_of([&] {
      for (std::int64_t repeat = 0; repeat < count; ++repeat) {
        for (const Bytes payload : bytes.views()) {
          if (!decoder.decode(payload, wire, {}).ok()) continue;
          ++decoded;
          latents += decoder.result().latent_count;
        }
      }
    });
  }
  py::dict result;
  result["seconds"] = seconds;
  result["payloads"] = decoded;
  result["latents"] = latents;
  return result;
}

[[nodiscard]] py::dict bench_feature(const py::sequence& payloads, const std::string& wire_name,
                                     const Model& model, Integer repeats, const std::string& path,
                                     std::optional<Integer> latents_per_payload) {
  const std::int64_t count = checked_repeats(repeats);
  const std::int64_t limit =
      latents_per_payload ? latents_per_payload->value : std::numeric_limits<std::int64_t>::max();
  const FrozenBytes bytes(payloads);
  const WireProfile& wire = to_wire(wire_name);
  const auto network = model.prepared_network(to_path(path));
  PacketFeatureDecoder decoder(model.tables, *network);
  const auto load = [&](std::size_t i) { return decoder.load_payload(bytes.views()[i], wire, {}).ok(); };
  FeatureTally tally;
  FeatureTally first;
  double seconds = 0;
  double first_seconds = 0;
  {
    const py::gil_scoped_release unlocked;
    seconds = seconds_of([&] { tally = decode_all(decoder, bytes.views().size(), count, limit, load); });
    first_seconds = seconds_of([&] { first = decode_all(decoder, bytes.views().size(), count, 1, load); });
  }
  py::dict result;
  result["seconds"] = seconds;
  result["payloads"] = tally.inputs;
  result["latents"] = tally.latents;
  result["first_latent_seconds"] = first_seconds;
  result["first_latents"] = first.latents;
  result["memory_bytes"] = decoder.memory_bytes();
  result["network_bytes"] = network->memory_bytes();
  return result;
}

[[nodiscard]] py::dict bench_packet_features(const py::sequence& packets, const std::string& wire_name,
                                             const Model& model, Integer repeats, const std::string& path) {
  const std::int64_t count = checked_repeats(repeats);
  const FrozenBytes bytes(packets);
  const WireProfile& wire = to_wire(wire_name);
  const auto network = model.prepared_network(to_path(path));
  PacketFeatureDecoder decoder(model.tables, *network);
  const auto load = [&](std::size_t i) {
    return decoder.load_packet(bytes.views()[i], wire, {}).ok() && decoder.has_payload();
  };
  FeatureTally tally;
  double seconds = 0;
  {
    const py::gil_scoped_release unlocked;
    constexpr std::int64_t kAll = std::numeric_limits<std::int64_t>::max();
    seconds = seconds_of([&] { tally = decode_all(decoder, bytes.views().size(), count, kAll, load); });
  }
  py::dict result;
  result["seconds"] = seconds;
  result["packets"] = tally.inputs;
  result["latents"] = tally.latents;
  result["memory_bytes"] = decoder.memory_bytes();
  return result;
}

}  // namespace

void register_bench(py::module_& module) {
  module.def("bench_payload", &bench_payload, py::arg("payloads"), py::arg("wire"), py::arg("model"),
             py::arg("repeats"), "Time the decoding of payloads without Python objects.");
  module.def("bench_feature", &bench_feature, py::arg("payloads"), py::arg("wire"), py::arg("model"),
             py::arg("repeats"), py::arg("path") = "auto", py::arg("latents_per_payload") = py::none(),
             "Time payload to features; and once more with the first latent only.");
  module.def("bench_packet_features", &bench_packet_features, py::arg("packets"), py::arg("wire"),
             py::arg("model"), py::arg("repeats"), py::arg("path") = "auto",
             "Time packet to features; packets without DRED are not counted.");
}

}  // namespace dred::binding
