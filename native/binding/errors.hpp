// Core failures as instances of dred_native.errors.DredError.
#pragma once

#include <pybind11/pybind11.h>

#include "operations/error.hpp"

namespace dred::binding {

[[nodiscard]] pybind11::object make_error(const Error& error);
void register_errors();

}  // namespace dred::binding
