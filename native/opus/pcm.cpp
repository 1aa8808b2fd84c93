#include "opus/pcm.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <type_traits>

#include "opus/errors.hpp"

namespace dred::opus {
namespace {

namespace py = pybind11;

// 120 ms at 48 kHz is the longest packet; longer arrays are refused before they are copied.
constexpr py::ssize_t kLongestPacket = 5760;
// Full scale is 1. Beyond this, squares and sums inside the encoder may leave the range of float32.
constexpr float kLargestSample = 65536.0F;

void check_shape(const py::array& pcm, int channels) {
  const bool is_row = pcm.ndim() == 1 && channels == 1;
  const bool is_table = pcm.ndim() == 2 && pcm.shape(1) == channels;
  if (!is_row && !is_table)
    refuse("pcm must have the shape (samples, " + std::to_string(channels) + ")" +
           (channels == 1 ? " or (samples,)" : ""));
  if (pcm.shape(0) < 1 || pcm.shape(0) > kLongestPacket)
    refuse("pcm has " + std::to_string(pcm.shape(0)) + " samples per channel; a packet has 1 to " +
           std::to_string(kLongestPacket));
}

}  // namespace

template <typename Sample>
std::vector<Sample> to_samples(const py::array& pcm, int channels) {
  if (!py::isinstance<py::array_t<Sample>>(pcm))
    throw py::type_error(std::is_same_v<Sample, float> ? "pcm must be an array of float32"
                                                       : "pcm must be an array of int16");
  check_shape(pcm, channels);
  const auto dense = py::array_t<Sample, py::array::c_style>::ensure(pcm);
  if (!dense) throw py::error_already_set();
  std::vector<Sample> samples(dense.data(), dense.data() + dense.size());
  if constexpr (std::is_same_v<Sample, float>) {
    // The comparison is false for NaN, too.
    if (!std::ranges::all_of(samples, [](float value) { return std::fabs(value) <= kLargestSample; }))
      refuse("pcm has a sample that is no finite number, or beyond 65536 times full scale");
  }
  return samples;
}

template <typename Sample>
py::array_t<Sample> from_samples(const std::vector<Sample>& samples, int channels) {
  const auto count = static_cast<py::ssize_t>(samples.size());
  std::vector<py::ssize_t> shape{count};
  if (channels == 2) shape = {count / 2, 2};
  py::array_t<Sample> result(shape);
  std::ranges::copy(samples, result.mutable_data());
  return result;
}

template std::vector<std::int16_t> to_samples(const py::array& pcm, int channels);
template std::vector<float> to_samples(const py::array& pcm, int channels);
template py::array_t<std::int16_t> from_samples(const std::vector<std::int16_t>& samples, int channels);
template py::array_t<float> from_samples(const std::vector<float>& samples, int channels);

}  // namespace dred::opus
