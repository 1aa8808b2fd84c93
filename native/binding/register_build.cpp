#include "binding/registration.hpp"
#include "dred/version.hpp"

namespace dred::binding {
namespace {

namespace py = pybind11;

[[nodiscard]] bool has_avx2() {
#if defined(__x86_64__)
  return __builtin_cpu_supports("avx2") != 0;
#else
  return false;
#endif
}

[[nodiscard]] py::dict build_config() {
#ifdef NDEBUG
  constexpr bool kAssertions = false;
#else
  constexpr bool kAssertions = true;
#endif
  py::dict config;
  config["version"] = kVersion;
  config["compiler"] = DRED_COMPILER;
  config["compiler_version"] = DRED_COMPILER_VERSION;
  config["build_type"] = DRED_BUILD_TYPE;
  config["sanitizers"] = DRED_SANITIZERS;
  config["assertions"] = kAssertions;
  config["cxx_standard"] = static_cast<long>(__cplusplus);
  config["avx2"] = has_avx2();
  return config;
}

}  // namespace

void register_build(py::module_& module) {
  module.attr("__version__") = kVersion;
  module.def("build_config", &build_config, "Tell which build is running.");
}

}  // namespace dred::binding
