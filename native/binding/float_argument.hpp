// Arrays of float32 as Python gives them.
#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <cstddef>
#include <span>

namespace dred::binding {

// A view of float32 values, and what keeps them.
struct FloatArgument {
  pybind11::array_t<float, pybind11::array::c_style> array;

  [[nodiscard]] std::span<const float> values() const {
    return {array.data(), static_cast<std::size_t>(array.size())};
  }
};

// TypeError for another type or number of dimensions, 1 or 2.
[[nodiscard]] FloatArgument to_floats(const pybind11::array& array, pybind11::ssize_t dimensions);

}  // namespace dred::binding
