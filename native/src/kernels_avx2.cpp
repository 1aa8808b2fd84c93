#include "dred/kernels.hpp"
namespace dred {
const Kernels* avx2_kernels() noexcept {
  return nullptr;
}
}  // namespace dred
