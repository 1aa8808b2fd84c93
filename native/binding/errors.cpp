#include "binding/errors.hpp"

#include <exception>

#include "binding/arguments.hpp"
#include "operations/range_steps.hpp"

namespace dred::binding {
namespace {

[[nodiscard]] py::object error_type() {
  return py::module_::import("dred_native.errors").attr("DredError");
}

void translate(std::exception_ptr pointer) {
  if (!pointer) return;
  try {
    std::rethrow_exception(pointer);
  } catch (const Error& error) {
    py::set_error(error_type(), make_error(error));
  } catch (const MalformedStep& error) {
    py::set_error(PyExc_TypeError, error.what());
  }
}

}  // namespace

py::object make_error(const Error& error) {
  const Status& status = error.status();
  py::object position = py::none();
  if (status.has_position) position = py::int_(status.position);
  py::list extensions;
  for (const FoundExtension& extension : error.extensions())
    extensions.append(py::make_tuple(extension.id, extension.frame, from_bytes(extension.payload)));
  return error_type()(py::str(std::string(rule_name(status.rule))),
                      py::str(std::string(stage_name(status.stage))), position, error.what(),
                      py::tuple(extensions));
}

void register_errors() {
  py::register_exception_translator(translate);
}

}  // namespace dred::binding
