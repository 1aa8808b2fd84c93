// One function per area; module.cpp calls them in ladder order.
#pragma once

#include <pybind11/pybind11.h>

namespace dred::binding {

void register_build(pybind11::module_& module);
void register_model(pybind11::module_& module);
void register_packet(pybind11::module_& module);
void register_extension(pybind11::module_& module);
void register_range(pybind11::module_& module);
void register_payload(pybind11::module_& module);
void register_latent(pybind11::module_& module);
void register_redundancy(pybind11::module_& module);
void register_feature(pybind11::module_& module);
void register_vocoder(pybind11::module_& module);
void register_receiver(pybind11::module_& module);
void register_batch(pybind11::module_& module);
void register_bench(pybind11::module_& module);

}  // namespace dred::binding
