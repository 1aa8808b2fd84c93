#include <pybind11/stl.h>

#include "binding/arguments.hpp"
#include "binding/registration.hpp"

namespace dred::binding {
namespace {

[[nodiscard]] py::dict trace_dict(const RangeTrace& trace) {
  py::dict result;
  result["tells"] = trace.tells;
  result["tell_fracs"] = trace.tell_fracs;
  result["ranges"] = trace.ranges;
  return result;
}

[[nodiscard]] py::dict decode(const BytesArgument& data, const py::sequence& steps) {
  const RangeTrace trace = decode_steps(data.view(), to_steps(steps));
  py::dict result = trace_dict(trace);
  result["values"] = trace.values;
  result["uint_error"] = trace.has_failed;
  return result;
}

[[nodiscard]] py::dict encode(Integer size, const py::sequence& steps) {
  const RangeTrace trace = encode_steps(size.value, to_steps(steps));
  py::dict result = trace_dict(trace);
  result["data"] = from_bytes(trace.data);
  result["overflow"] = trace.has_failed;
  return result;
}

}  // namespace

void register_range(py::module_& module) {
  module.def("range_decode", &decode, py::arg("data"), py::arg("steps"), "Run range decoder calls.");
  module.def("range_encode", &encode, py::arg("size"), py::arg("steps"), "Run range encoder calls.");
}

}  // namespace dred::binding
