// One function per class.
#pragma once

#include <pybind11/pybind11.h>

namespace dred::opus {

void register_decoder(pybind11::module_& module);
void register_encoder(pybind11::module_& module);

}  // namespace dred::opus
