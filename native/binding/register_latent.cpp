#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <optional>
#include <string>

#include "binding/arguments.hpp"
#include "binding/float_argument.hpp"
#include "binding/payload_results.hpp"
#include "binding/registration.hpp"
#include "dred/latent.hpp"
#include "operations/error.hpp"
#include "operations/model.hpp"
#include "operations/payload_writing.hpp"

namespace dred::binding {
namespace {

using Floats = py::array_t<float>;

[[nodiscard]] py::dict latent_dict(const PayloadDecoder& decoder, std::optional<std::size_t> frame) {
  const DecodedPayload& payload = decoder.result();
  const ModelTables& tables = decoder.tables();
  const std::size_t state_dim = tables.state.dimension();
  const std::size_t row_size = tables.latent.dimension() + 1;
  Floats state(static_cast<py::ssize_t>(state_dim));
  dequantise_row(tables.state, static_cast<std::size_t>(payload.header.q0), decoder.state(),
                 {state.mutable_data(), state_dim});
  Floats latents({payload.latent_count, row_size});
  for (std::size_t i = 0; i < payload.latent_count; ++i) {
    const std::span<float> row(latents.mutable_data() + i * row_size, row_size);
    dequantise_row(tables.latent, decoder.level(i), decoder.latent(i), row.first(row_size - 1));
    row.back() = level_input(decoder.level(i));
  }
  py::dict result = header_dict(payload, frame);
  result["state"] = state;
  result["state_count"] = state_dim;
  result["latents"] = latents;
  result["latent_count"] = payload.latent_count;
  return result;
}

[[nodiscard]] py::dict quantise_values(const Model& model, Integer q0, Integer dq, Integer qmax,
                                       const py::array& state, const py::array& latents) {
  const FloatArgument state_values = to_floats(state, 1);
  const FloatArgument latent_values = to_floats(latents, 2);
  const std::size_t dimension = model.tables.latent.dimension();
  if (latents.shape(1) != static_cast<py::ssize_t>(dimension))
    throw Error(refusal(Rule::W1, Stage::latent, "a latent has another dimension"));
  const QuantisedSymbols symbols =
      quantise(model, {q0.value, dq.value, qmax.value, 0}, state_values.values(), latent_values.values());
  py::list rows;
  for (std::size_t i = 0; i < symbols.latents.size(); i += dimension)
    rows.append(symbol_list(std::span(symbols.latents).subspan(i, dimension)));
  py::dict result;
  result["state"] = symbol_list(symbols.state);
  result["latents"] = rows;
  return result;
}

}  // namespace

void register_latent(py::module_& module) {
  module.def("decode_latents", &decode_payload<&latent_dict>, py::arg("payload"), py::arg("wire"),
             py::arg("model"), py::arg("frame_offset") = 0, py::arg("max_latents") = py::none(),
             py::arg("stop_bits") = 7, "Decode a DRED extension payload to dequantised values.");
  module.def("decode_packet_latents", &decode_packet<&latent_dict>, py::arg("packet"), py::arg("wire"),
             py::arg("model"), py::arg("max_latents") = py::none(), py::arg("stop_bits") = 7,
             "Decode the DRED of a packet to dequantised values; None where it has none.");
  module.def("quantise", &quantise_values, py::arg("model"), py::arg("q0"), py::arg("dq"), py::arg("qmax"),
             py::arg("state"), py::arg("latents"), "Quantise values to symbols, with the dead zone.");
}

}  // namespace dred::binding
