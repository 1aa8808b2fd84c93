// Which kernels this processor can run.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "dred/kernels.hpp"

namespace dred {

[[nodiscard]] std::string_view path_name(KernelPath path) noexcept;
// Slowest first; the portable one is always there.
[[nodiscard]] std::span<const KernelPath> available_paths() noexcept;
// A path by its name, or the fastest one by the name "auto"; nothing for what this processor does not have.
[[nodiscard]] std::optional<KernelPath> find_path(std::string_view name) noexcept;
[[nodiscard]] const Kernels& kernels_of(KernelPath path) noexcept;

}  // namespace dred
