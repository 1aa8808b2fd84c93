#include "binding/errors.hpp"
#include "binding/registration.hpp"

PYBIND11_MODULE(_core, module) {
  module.doc() = "Fixed-point core of the Opus DRED reference implementation.";
  dred::binding::register_errors();
  dred::binding::register_build(module);
  dred::binding::register_model(module);
  dred::binding::register_packet(module);
  dred::binding::register_extension(module);
  dred::binding::register_range(module);
  dred::binding::register_payload(module);
  dred::binding::register_latent(module);
  dred::binding::register_redundancy(module);
  dred::binding::register_feature(module);
  dred::binding::register_vocoder(module);
  dred::binding::register_receiver(module);
  dred::binding::register_batch(module);
  dred::binding::register_bench(module);
}
