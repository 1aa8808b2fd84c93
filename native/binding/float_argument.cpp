#include "binding/float_argument.hpp"

#include <utility>

namespace dred::binding {

namespace py = pybind11;

FloatArgument to_floats(const py::array& array, py::ssize_t dimensions) {
  if (!array.dtype().equal(py::dtype::of<float>())) throw py::type_error("values are a float32 array");
  if (array.ndim() != dimensions)
    throw py::type_error("state and latent are 1-D, latents and states are 2-D");
  auto contiguous = py::array_t<float, py::array::c_style>::ensure(array);
  if (!contiguous) throw py::error_already_set();
  return {std::move(contiguous)};
}

}  // namespace dred::binding
