#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "binding/arguments.hpp"
#include "binding/errors.hpp"
#include "binding/feature_results.hpp"
#include "binding/packet_results.hpp"
#include "binding/payload_results.hpp"
#include "binding/registration.hpp"
#include "operations/error.hpp"
#include "operations/extension_list.hpp"
#include "operations/feature_source.hpp"
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

[[nodiscard]] py::list decode_features_batch(const py::sequence& payloads, const std::string& wire_name,
                                             const Model& model, const std::string& path) {
  const FrozenBytes bytes(payloads);
  const WireProfile& wire = to_wire(wire_name);
  SourceFeatureDecoder decoder(model, to_path(path));
  const auto outcomes = run_batch<std::vector<std::int32_t>>(bytes.views().size(), [&](std::size_t i) {
    decoder.load_payload(bytes.views()[i], wire, {});
    return decoder.decode();
  });
  return as_list(outcomes, [&](std::size_t, const std::vector<std::int32_t>& features) {
    return as_features(features);
  });
}

}  // namespace

void register_batch(py::module_& module) {
  module.def("parse_packets", &parse_packets, py::arg("packets"),
             "parse_packet for each; errors are returned in their place.");
  module.def("parse_extensions_batch", &parse_areas, py::arg("paddings"), py::arg("frame_counts"),
             "parse_extensions for each; errors are returned in their place.");
  module.def("decode_payloads", &decode_payloads, py::arg("payloads"), py::arg("wire"), py::arg("model"),
             "decode_payload for each; errors are returned in their place.");
  module.def("decode_features_batch", &decode_features_batch, py::arg("payloads"), py::arg("wire"),
             py::arg("model"), py::arg("path") = "auto",
             "The features of each payload; errors are returned in their place.");
}

}  // namespace dred::binding
