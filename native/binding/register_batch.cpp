#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "binding/arguments.hpp"
#include "binding/errors.hpp"
#include "binding/packet_results.hpp"
#include "binding/payload_results.hpp"
#include "binding/registration.hpp"
#include "operations/error.hpp"
#include "operations/extension_list.hpp"
#include "operations/model.hpp"

namespace dred::binding {
namespace {

// What one item of a batch came to; Python objects are made once the interpreter is held again.
template <typename Result>
using Outcome = std::variant<Result, Error>;

template <typename Result, typename Work>
[[nodiscard]] std::vector<Outcome<Result>> run_batch(std::size_t count, const Work& work) {
  const py::gil_scoped_release unlocked;
  std::vector<Outcome<Result>> outcomes;
  outcomes.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    try {
      outcomes.emplace_back(std::in_place_index<0>, work(i));
    } catch (const Error& error) {
      outcomes.emplace_back(std::in_place_index<1>, error);
    }
  }
  return outcomes;
}

template <typename Result, typename Convert>
[[nodiscard]] py::list as_list(const std::vector<Outcome<Result>>& outcomes, const Convert& convert) {
  py::list list;
  for (std::size_t i = 0; i < outcomes.size(); ++i) {
    if (const auto* const error = std::get_if<Error>(&outcomes[i])) {
      list.append(make_error(*error));
    } else {
      list.append(convert(i, std::get<0>(outcomes[i])));
    }
  }
  return list;
}

[[nodiscard]] py::list parse_packets(const py::sequence& packets) {
  const FrozenBytes bytes(packets);
  const auto outcomes = run_batch<Packet>(bytes.views().size(), [&](std::size_t i) {
    Packet packet;
    throw_if_failed(parse_packet(bytes.views()[i], false, packet));
    return packet;
  });
  return as_list(outcomes,
                 [&](std::size_t i, const Packet& packet) { return packet_dict(packet, bytes.views()[i]); });
}

[[nodiscard]] py::list parse_areas(const py::sequence& areas, const py::sequence& frame_counts) {
  const FrozenBytes bytes(areas);
  std::vector<std::int64_t> counts;
  for (const py::handle count : frame_counts) counts.push_back(to_integer(count).value);
  if (counts.size() != bytes.views().size())
    throw Error(refusal(Rule::W1, Stage::extension, "as many frame counts as areas are needed"));
  const auto outcomes = run_batch<std::vector<Extension>>(
      counts.size(), [&](std::size_t i) { return list_extensions(bytes.views()[i], counts[i]); });
  return as_list(outcomes, [&](std::size_t i, const std::vector<Extension>& extensions) {
    return extension_list(bytes.views()[i], extensions);
  });
}

// A decoder sized for what it holds: results are kept until all are decoded.
[[nodiscard]] PayloadDecoder decode_kept(Bytes payload, const WireProfile& wire, PayloadDecoder& scratch) {
  decode_payload_source(payload, wire, {}, scratch);
  PayloadDecoder kept(scratch.tables(), scratch.result().latent_count);
  decode_payload_source(payload, wire, {}, kept);
  return kept;
}

[[nodiscard]] py::list decode_payloads(const py::sequence& payloads, const std::string& wire_name,
                                       const Model& model) {
  const FrozenBytes bytes(payloads);
  const WireProfile& wire = to_wire(wire_name);
  PayloadDecoder scratch(model.tables);
  const auto outcomes = run_batch<PayloadDecoder>(
      bytes.views().size(), [&](std::size_t i) { return decode_kept(bytes.views()[i], wire, scratch); });
  return as_list(outcomes, [&](std::size_t, const PayloadDecoder& decoder) {
    return payload_dict(decoder, std::nullopt);
  });
}

[[nodiscard]] py::dict bench_payload(const py::sequence& payloads, const std::string& wire_name,
                                     const Model& model, Integer repeats) {
  if (repeats.value < 1 || repeats.value > 1'000'000'000)
    throw Error(refusal(Rule::W1, Stage::payload, "the repeats are not in 1..1000000000"));
  const FrozenBytes bytes(payloads);
  const WireProfile& wire = to_wire(wire_name);
  PayloadDecoder decoder(model.tables);
  std::int64_t decoded = 0;
  std::size_t latents = 0;
  double seconds = 0;
  {
    const py::gil_scoped_release unlocked;
    const auto start = std::chrono::steady_clock::now();
    for (std::int64_t repeat = 0; repeat < repeats.value; ++repeat) {
      for (const Bytes payload : bytes.views()) {
        if (!decoder.decode(payload, wire, {}).ok()) continue;
        ++decoded;
        latents += decoder.result().latent_count;
      }
    }
    seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }
  py::dict result;
  result["seconds"] = seconds;
  result["payloads"] = decoded;
  result["latents"] = latents;
  return result;
}

}  // namespace

void register_batch(py::module_& module) {
  module.def("parse_packets", &parse_packets, py::arg("packets"),
             "parse_packet for each; errors are returned in their place.");
  module.def("parse_extensions_batch", &parse_areas, py::arg("paddings"), py::arg("frame_counts"),
             "parse_extensions for each; errors are returned in their place.");
  module.def("decode_payloads", &decode_payloads, py::arg("payloads"), py::arg("wire"), py::arg("model"),
             "decode_payload for each; errors are returned in their place.");
  module.def("bench_payload", &bench_payload, py::arg("payloads"), py::arg("wire"), py::arg("model"),
             py::arg("repeats"), "Time the decoding of payloads without Python objects.");
}

}  // namespace dred::binding
