// Samples as Python gives them: arrays of the exact type, in as many columns as there are channels.
#pragma once

#include <pybind11/numpy.h>
#include <pybind11/pybind11.h>

#include <cstdint>
#include <vector>

namespace dred::opus {

// A copy, so that no other thread changes samples that were checked. TypeError for another sample type.
template <typename Sample>
[[nodiscard]] std::vector<Sample> to_samples(const pybind11::array& pcm, int channels);

// One column per channel; for mono a plain row.
template <typename Sample>
[[nodiscard]] pybind11::array_t<Sample> from_samples(const std::vector<Sample>& samples, int channels);

extern template std::vector<std::int16_t> to_samples(const pybind11::array& pcm, int channels);
extern template std::vector<float> to_samples(const pybind11::array& pcm, int channels);
extern template pybind11::array_t<std::int16_t> from_samples(const std::vector<std::int16_t>& samples,
                                                             int channels);
extern template pybind11::array_t<float> from_samples(const std::vector<float>& samples, int channels);

}  // namespace dred::opus
