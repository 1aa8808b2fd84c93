#include <pybind11/stl.h>

#include <optional>
#include <string>
#include <vector>

#include "binding/arguments.hpp"
#include "binding/payload_results.hpp"
#include "binding/registration.hpp"
#include "operations/error.hpp"
#include "operations/model.hpp"
#include "operations/payload_writing.hpp"

namespace dred::binding {
namespace {

[[nodiscard]] py::dict encode(Integer q0, Integer dq, Integer qmax, Integer offset, const py::sequence& state,
                              const py::sequence& latents, const std::string& wire, const Model& model,
                              std::optional<Integer> max_bytes, bool keep_last) {
  const std::vector<std::int32_t> state_symbols = to_symbols(state);
  std::vector<std::int32_t> latent_symbols;
  for (const py::handle row : latents) {
    const std::vector<std::int32_t> symbols = to_symbols(row);
    if (symbols.size() != model.tables.latent.dimension())
      throw Error(refusal(Rule::W1, Stage::payload, "a latent has another dimension"));
    latent_symbols.insert(latent_symbols.end(), symbols.begin(), symbols.end());
  }
  std::optional<std::int64_t> budget;
  if (max_bytes) budget = max_bytes->value;
  const PayloadSymbols symbols{{q0.value, dq.value, qmax.value, offset.value}, state_symbols, latent_symbols};
  const WrittenPayload written = write_payload(symbols, model, to_wire(wire), budget, keep_last);
  py::dict result;
  result["payload"] = from_bytes(written.payload);
  result["latent_count"] = written.latent_count;
  return result;
}

[[nodiscard]] py::dict availability(const BytesArgument& packet, Integer sampling_rate, Integer max_samples,
                                    const std::string& wire, const Model& model, const std::string& rule) {
  const auto known_rule = find_availability_rule(rule);
  if (!known_rule) throw Error(refusal(Rule::W1, Stage::payload, "no availability rule of this name"));
  PayloadDecoder decoder(model.tables);
  const Availability available = packet_availability(packet.view(), to_wire(wire), sampling_rate.value,
                                                     max_samples.value, *known_rule, decoder);
  py::dict result;
  result["samples"] = available.samples;
  result["dred_end"] = available.dred_end;
  return result;
}

}  // namespace

void register_payload(py::module_& module) {
  module.def("decode_payload", &decode_payload<&payload_dict>, py::arg("payload"), py::arg("wire"),
             py::arg("model"), py::arg("frame_offset") = 0, py::arg("max_latents") = py::none(),
             py::arg("stop_bits") = 7, "Decode a DRED extension payload to symbols.");
  module.def("decode_packet", &decode_packet<&payload_dict>, py::arg("packet"), py::arg("wire"),
             py::arg("model"), py::arg("max_latents") = py::none(), py::arg("stop_bits") = 7,
             "Decode the DRED of a packet to symbols; None where it has none.");
  module.def("encode_payload", &encode, py::arg("q0"), py::arg("dq"), py::arg("qmax"), py::arg("offset"),
             py::arg("state"), py::arg("latents"), py::arg("wire"), py::arg("model"),
             py::arg("max_bytes") = py::none(), py::arg("keep_last") = false,
             "Write a DRED extension payload.");
  module.def("availability", &availability, py::arg("packet"), py::arg("sampling_rate"),
             py::arg("max_samples"), py::arg("wire"), py::arg("model"), py::arg("rule") = "2026-06",
             "Tell how much past audio the DRED of a packet covers.");
}

}  // namespace dred::binding
