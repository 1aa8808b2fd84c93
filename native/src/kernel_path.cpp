#include "dred/kernel_path.hpp"

#include <array>

namespace dred {
namespace {

constexpr std::array<KernelPath, 2> kPaths = {KernelPath::scalar, KernelPath::avx2};

[[nodiscard]] bool has_avx2() noexcept {
#if defined(__x86_64__) || defined(__i386__)
  return avx2_kernels() != nullptr && __builtin_cpu_supports("avx2") != 0;
#else
  return false;
#endif
}

}  // namespace

std::string_view path_name(KernelPath path) noexcept {
  return path == KernelPath::avx2 ? "avx2" : "scalar";
}

std::span<const KernelPath> available_paths() noexcept {
  static const bool is_there = has_avx2();
  return std::span(kPaths).first(is_there ? 2 : 1);
}

std::optional<KernelPath> find_path(std::string_view name) noexcept {
  if (name == "auto") return available_paths().back();
  for (const KernelPath path : available_paths())
    if (path_name(path) == name) return path;
  return std::nullopt;
}

const Kernels& kernels_of(KernelPath path) noexcept {
  const Kernels* const avx2 = path == KernelPath::avx2 ? avx2_kernels() : nullptr;
  return avx2 != nullptr ? *avx2 : scalar_kernels();
}

}  // namespace dred
