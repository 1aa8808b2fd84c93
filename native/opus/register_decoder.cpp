#include <pybind11/stl.h>

#include <string_view>

#include "opus/decoder.hpp"
#include "opus/pcm.hpp"
#include "opus/registration.hpp"

namespace dred::opus {
namespace {

namespace py = pybind11;

// `bytes` cannot change, so the packet is read in place while the interpreter runs on.
template <typename Sample>
[[nodiscard]] py::array_t<Sample> decode(Decoder& decoder, const std::optional<py::bytes>& packet,
                                         std::optional<int> frame_size, bool fec) {
  std::optional<std::string_view> view;
  if (packet) view = static_cast<std::string_view>(*packet);
  std::vector<Sample> samples;
  {
    const py::gil_scoped_release unlocked;
    samples = decoder.decode<Sample>(view, frame_size, fec);
  }
  return from_samples(samples, decoder.channels());
}

}  // namespace

void register_decoder(py::module_& module) {
  const auto unlocked = py::call_guard<py::gil_scoped_release>();
  py::class_<Decoder>(module, "Decoder", "An Opus decoder; its state goes from packet to packet.")
      .def(py::init<int, int>(), py::arg("sampling_rate") = 48000, py::arg("channels") = 1)
      .def_property_readonly("sampling_rate", &Decoder::sampling_rate)
      .def_property_readonly("channels", &Decoder::channels)
      .def("decode", &decode<std::int16_t>, py::arg("packet"), py::arg("frame_size") = py::none(),
           py::kw_only(), py::arg("fec") = false,
           "Samples as int16; of None, concealment of frame_size samples.")
      .def("decode_float", &decode<float>, py::arg("packet"), py::arg("frame_size") = py::none(),
           py::kw_only(), py::arg("fec") = false, "Samples as float32, full scale 1; of None, concealment.")
      .def("reset", &Decoder::reset, unlocked, "Forget all packets.")
      .def_property_readonly("final_range", py::cpp_function(&Decoder::final_range, unlocked),
                             "State of the range coder after the last packet.")
      .def_property_readonly("last_packet_duration",
                             py::cpp_function(&Decoder::last_packet_duration, unlocked),
                             "Samples per channel of the last packet.");
}

}  // namespace dred::opus
