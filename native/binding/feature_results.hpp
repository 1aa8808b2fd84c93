// Features as Python sees them.
#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "binding/payload_results.hpp"
#include "operations/feature_source.hpp"

namespace dred::binding {

using FeatureArray = py::array_t<std::int32_t>;

// Uninitialised, a row per feature frame.
[[nodiscard]] FeatureArray make_features(std::size_t latent_count);
[[nodiscard]] FeatureArray as_features(const std::vector<std::int32_t>& features);
[[nodiscard]] py::dict feature_dict(const SourceFeatureDecoder& decoder, std::optional<std::size_t> frame,
                                    const std::vector<std::int32_t>& features);

}  // namespace dred::binding
