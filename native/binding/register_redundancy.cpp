#include <pybind11/numpy.h>

#include <cstring>
#include <string>

#include "binding/arguments.hpp"
#include "binding/float_argument.hpp"
#include "binding/registration.hpp"
#include "operations/error.hpp"
#include "operations/model.hpp"
#include "operations/redundancy_writing.hpp"

namespace dred::binding {
namespace {

[[nodiscard]] FloatArgument to_rows(const py::array& array, const QuantiserTables& tables) {
  FloatArgument rows = to_floats(array, 2);
  if (array.shape(1) != static_cast<py::ssize_t>(tables.dimension()))
    throw Error(refusal(Rule::W1, Stage::payload, "a latent or state has another dimension"));
  return rows;
}

[[nodiscard]] py::dict write(const Model& model, const py::array& latents, const py::array& states,
                             const BytesArgument& activity, Integer dred_offset, Integer latent_offset,
                             Integer last_extra, Integer max_latents, Integer max_bytes, Integer q0,
                             Integer dq, Integer qmax, const std::string& rule) {
  const FloatArgument latent_rows = to_rows(latents, model.tables.latent);
  const FloatArgument state_rows = to_rows(states, model.tables.state);
  const RedundancyRequest request{.dred_offset_2p5ms = dred_offset.value,
                                  .latent_offset = latent_offset.value,
                                  .last_extra = last_extra.value,
                                  .max_latents = max_latents.value,
                                  .max_bytes = max_bytes.value,
                                  .q0 = q0.value,
                                  .dq = dq.value,
                                  .qmax = qmax.value,
                                  .rule = rule};
  const RedundancyData data =
      write_redundancy(model, latent_rows.values(), state_rows.values(), activity.view(), request);
  py::dict result;
  result["data"] = from_bytes(data.bytes);
  result["latents"] = data.written.latent_count;
  result["offset"] = data.written.offset_2p5ms;
  result["first"] = data.written.first;
  result["last_extra"] = data.written.last_extra;
  return result;
}

template <QuantiserTables ModelTables::* Part>
[[nodiscard]] py::array_t<double> costs(const Model& model, const py::array& rows) {
  const QuantiserTables& tables = model.tables.*Part;
  const FloatArgument values = to_rows(rows, tables);
  const std::vector<double> bits = costs_bits(tables, values.values());
  py::array_t<double> result({static_cast<std::size_t>(rows.shape(0)), kLevels});
  if (!bits.empty()) std::memcpy(result.mutable_data(), bits.data(), bits.size() * sizeof(double));
  return result;
}

}  // namespace

void register_redundancy(py::module_& module) {
  module.def("write_redundancy", &write, py::arg("model"), py::arg("latents"), py::arg("states"),
             py::arg("activity"), py::kw_only(), py::arg("dred_offset"), py::arg("latent_offset"),
             py::arg("last_extra"), py::arg("max_latents"), py::arg("max_bytes"), py::arg("q0"),
             py::arg("dq"), py::arg("qmax"), py::arg("rule") = "deployed",
             "Choose latents of the latest speech and write them; no data where nothing is sent.");
  module.def("latent_costs", &costs<&ModelTables::latent>, py::arg("model"), py::arg("latents"),
             "Bits of each latent at each of the 16 levels, by the probabilities of the model.");
  module.def("state_costs", &costs<&ModelTables::state>, py::arg("model"), py::arg("states"),
             "Bits of each state at each of the 16 levels.");
}

}  // namespace dred::binding
