#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include <array>
#include <cstring>
#include <memory>
#include <optional>
#include <utility>

#include "binding/arguments.hpp"
#include "binding/registration.hpp"
#include "operations/error.hpp"
#include "operations/model.hpp"

namespace dred::binding {
namespace {

using Table = std::vector<std::uint8_t>;

[[nodiscard]] Table to_table(const py::array& array) {
  if (!array.dtype().equal(py::dtype::of<std::uint8_t>())) throw py::type_error("a table is a uint8 array");
  if (array.ndim() != 2 || array.shape(0) != static_cast<py::ssize_t>(kLevels))
    throw Error(
        refusal(Rule::W1, Stage::payload, "a table of the model does not have 16 rows of its dimension"));
  const auto contiguous = py::array_t<std::uint8_t, py::array::c_style | py::array::forcecast>::ensure(array);
  if (!contiguous) throw py::error_already_set();
  return {contiguous.data(), contiguous.data() + contiguous.size()};
}

[[nodiscard]] std::shared_ptr<Model> construct(
    const std::string& name, Integer latent_dim, Integer state_dim, const py::array& latent_quant_scales,
    const py::array& latent_dead_zone, const py::array& latent_r, const py::array& latent_p0,
    const py::array& state_quant_scales, const py::array& state_dead_zone, const py::array& state_r,
    const py::array& state_p0, std::optional<BytesArgument> weights) {
  std::optional<std::vector<std::uint8_t>> blob;
  if (weights) blob.emplace(weights->view().begin(), weights->view().end());
  return std::make_shared<Model>(make_model(
      name, latent_dim.value, state_dim.value,
      {to_table(latent_quant_scales), to_table(latent_dead_zone), to_table(latent_r), to_table(latent_p0),
       to_table(state_quant_scales), to_table(state_dead_zone), to_table(state_r), to_table(state_p0)},
      std::move(blob)));
}

[[nodiscard]] py::array_t<std::uint8_t> as_array(const QuantiserTables& tables, const Table& table) {
  py::array_t<std::uint8_t> array({kLevels, tables.dimension()});
  std::memcpy(array.mutable_data(), table.data(), table.size());
  return array;
}

template <QuantiserTables ModelTables::* Part, Table RawTables::* Field>
[[nodiscard]] py::array_t<std::uint8_t> get_table(const Model& model) {
  const QuantiserTables& tables = model.tables.*Part;
  return as_array(tables, tables.raw().*Field);
}

template <QuantiserTables ModelTables::* Part>
[[nodiscard]] std::size_t get_dimension(const Model& model) {
  return (model.tables.*Part).dimension();
}

}  // namespace

void register_model(py::module_& module) {
  using M = ModelTables;
  using R = RawTables;
  py::class_<Model, std::shared_ptr<Model>>(module, "Model",
                                            "The tables of a model, and the weights of its networks.")
      .def(py::init(&construct), py::arg("name"), py::arg("latent_dim"), py::arg("state_dim"),
           py::arg("latent_quant_scales_q8"), py::arg("latent_dead_zone_q8"), py::arg("latent_r_q8"),
           py::arg("latent_p0_q8"), py::arg("state_quant_scales_q8"), py::arg("state_dead_zone_q8"),
           py::arg("state_r_q8"), py::arg("state_p0_q8"), py::kw_only(), py::arg("weights") = py::none())
      .def_property_readonly("name", [](const Model& model) { return model.name; })
      .def_property_readonly("has_network", &Model::has_network)
      .def_property_readonly("has_vocoder", &Model::has_vocoder)
      .def_property_readonly("latent_dim", &get_dimension<&M::latent>)
      .def_property_readonly("state_dim", &get_dimension<&M::state>)
      .def_property_readonly("latent_quant_scales_q8", &get_table<&M::latent, &R::quant_scales_q8>)
      .def_property_readonly("latent_dead_zone_q8", &get_table<&M::latent, &R::dead_zone_q8>)
      .def_property_readonly("latent_r_q8", &get_table<&M::latent, &R::r_q8>)
      .def_property_readonly("latent_p0_q8", &get_table<&M::latent, &R::p0_q8>)
      .def_property_readonly("state_quant_scales_q8", &get_table<&M::state, &R::quant_scales_q8>)
      .def_property_readonly("state_dead_zone_q8", &get_table<&M::state, &R::dead_zone_q8>)
      .def_property_readonly("state_r_q8", &get_table<&M::state, &R::r_q8>)
      .def_property_readonly("state_p0_q8", &get_table<&M::state, &R::p0_q8>)
      .def("__repr__", [](const Model& model) { return "<dred_native.Model '" + model.name + "'>"; });
}

}  // namespace dred::binding
