#include <opus.h>

#include <exception>

#include "opus/errors.hpp"
#include "opus/registration.hpp"

namespace {

namespace py = pybind11;

void translate(std::exception_ptr pointer) {
  if (!pointer) return;
  try {
    std::rethrow_exception(pointer);
  } catch (const dred::opus::Failure& failure) {
    const py::object type = py::module_::import("dred_opus.errors").attr("OpusError");
    py::set_error(type, type(failure.code(), failure.what()));
  }
}

}  // namespace

PYBIND11_MODULE(_core, module) {
  module.doc() = "The libopus of the system.";
  py::register_exception_translator(translate);
  module.def("version", &opus_get_version_string, "The version string of libopus.");
  dred::opus::register_decoder(module);
  dred::opus::register_encoder(module);
}
