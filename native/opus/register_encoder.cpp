#include <pybind11/stl.h>

#include <variant>

#include "opus/encoder.hpp"
#include "opus/names.hpp"
#include "opus/pcm.hpp"
#include "opus/registration.hpp"

namespace dred::opus {
namespace {

namespace py = pybind11;

// What RFC 6716 section 2.1.1 asks for at most, six frames of 1275 bytes, with room for the header.
constexpr int kUsualMaxBytes = 6 * 1275 + 7;

template <typename Sample>
[[nodiscard]] py::bytes encode(Encoder& encoder, const py::array& pcm, int max_bytes) {
  const std::vector<Sample> samples = to_samples<Sample>(pcm, encoder.channels());
  std::string packet;
  {
    const py::gil_scoped_release unlocked;
    packet = encoder.encode(samples, max_bytes);
  }
  return py::bytes(packet);
}

using EncoderClass = py::class_<Encoder>;

void add_number(EncoderClass& type, const char* name, int set_request, int get_request, const char* text) {
  type.def_property(
      name, [=](Encoder& encoder) { return encoder.get(get_request, name); },
      [=](Encoder& encoder, int value) { encoder.set(set_request, value, name); }, text);
}

void add_switch(EncoderClass& type, const char* name, int set_request, int get_request, const char* text) {
  type.def_property(
      name, [=](Encoder& encoder) { return encoder.get(get_request, name) != 0; },
      [=](Encoder& encoder, bool value) { encoder.set(set_request, value ? 1 : 0, name); }, text);
}

template <std::size_t size>
void add_choice(EncoderClass& type, const char* name, int set_request, int get_request,
                const std::array<Name, size>& names, const char* text) {
  type.def_property(
      name, [=, &names](Encoder& encoder) { return word_of(names, encoder.get(get_request, name)); },
      [=, &names](Encoder& encoder, const std::string& word) {
        encoder.set(set_request, value_of(names, word, name), name);
      },
      text);
}

[[nodiscard]] int to_bitrate(const std::variant<int, std::string>& value) {
  if (const int* const number = std::get_if<int>(&value)) return *number;
  const std::string& word = std::get<std::string>(value);
  if (word == "auto") return OPUS_AUTO;
  if (word == "max") return OPUS_BITRATE_MAX;
  refuse("bitrate is '" + word + "'; it is bits per second, 'auto' or 'max'");
}

void add_settings(EncoderClass& type) {
  type.def_property(
      "bitrate", [](Encoder& encoder) { return encoder.get(OPUS_GET_BITRATE_REQUEST, "bitrate"); },
      [](Encoder& encoder, const std::variant<int, std::string>& value) {
        encoder.set(OPUS_SET_BITRATE_REQUEST, to_bitrate(value), "bitrate");
      },
      "Bits per second; 'auto' and 'max' can be set.");
  add_switch(type, "vbr", OPUS_SET_VBR_REQUEST, OPUS_GET_VBR_REQUEST, "Variable bit rate; False is CBR.");
  add_switch(type, "vbr_constraint", OPUS_SET_VBR_CONSTRAINT_REQUEST, OPUS_GET_VBR_CONSTRAINT_REQUEST,
             "Variable bit rate within a bit reservoir.");
  add_switch(type, "dtx", OPUS_SET_DTX_REQUEST, OPUS_GET_DTX_REQUEST, "Discontinuous transmission.");
  add_number(type, "inband_fec", OPUS_SET_INBAND_FEC_REQUEST, OPUS_GET_INBAND_FEC_REQUEST,
             "In-band redundancy (LBRR): 0 off, 1 on; libopus 1.4 and newer also 2.");
  add_number(type, "complexity", OPUS_SET_COMPLEXITY_REQUEST, OPUS_GET_COMPLEXITY_REQUEST, "0 to 10.");
  add_number(type, "packet_loss_percent", OPUS_SET_PACKET_LOSS_PERC_REQUEST,
             OPUS_GET_PACKET_LOSS_PERC_REQUEST, "Expected loss, 0 to 100.");
  add_choice(type, "bandwidth", OPUS_SET_BANDWIDTH_REQUEST, OPUS_GET_BANDWIDTH_REQUEST, kBandwidths,
             "'auto', 'nb', 'mb', 'wb', 'swb', 'fb'; read: that of the last packet.");
  add_choice(type, "max_bandwidth", OPUS_SET_MAX_BANDWIDTH_REQUEST, OPUS_GET_MAX_BANDWIDTH_REQUEST,
             kBandwidths, "The widest band that 'auto' may choose.");
  add_choice(type, "signal", OPUS_SET_SIGNAL_REQUEST, OPUS_GET_SIGNAL_REQUEST, kSignals,
             "'auto', 'voice' or 'music'.");
  add_choice(type, "force_channels", OPUS_SET_FORCE_CHANNELS_REQUEST, OPUS_GET_FORCE_CHANNELS_REQUEST,
             kChannelCounts, "'auto', 'mono' or 'stereo': what is coded, whatever the input has.");
  add_number(type, "lsb_depth", OPUS_SET_LSB_DEPTH_REQUEST, OPUS_GET_LSB_DEPTH_REQUEST,
             "Significant bits of the samples, 8 to 24: where silence begins.");
  add_switch(type, "prediction_disabled", OPUS_SET_PREDICTION_DISABLED_REQUEST,
             OPUS_GET_PREDICTION_DISABLED_REQUEST, "Every frame almost independent of those before it.");
}

// libopus 1.3 brought the question.
[[nodiscard]] bool is_in_dtx([[maybe_unused]] Encoder& encoder) {
#ifdef OPUS_GET_IN_DTX_REQUEST
  return encoder.get(OPUS_GET_IN_DTX_REQUEST, "in_dtx") != 0;
#else
  throw Failure(OPUS_UNIMPLEMENTED, "in_dtx needs libopus 1.3 or newer");
#endif
}

}  // namespace

void register_encoder(py::module_& module) {
  const auto unlocked = py::call_guard<py::gil_scoped_release>();
  EncoderClass type(module, "Encoder", "An Opus encoder; its state goes from packet to packet.");
  type.def(py::init<int, int, const std::string&>(), py::arg("sampling_rate") = 48000,
           py::arg("channels") = 1, py::arg("application") = "voip")
      .def_property_readonly("sampling_rate", &Encoder::sampling_rate)
      .def_property_readonly("channels", &Encoder::channels)
      .def("encode", &encode<std::int16_t>, py::arg("pcm"), py::arg("max_bytes") = kUsualMaxBytes,
           "One packet of int16 samples; their number is its duration.")
      .def("encode_float", &encode<float>, py::arg("pcm"), py::arg("max_bytes") = kUsualMaxBytes,
           "One packet of float32 samples, full scale 1.")
      .def("reset", &Encoder::reset, unlocked, "Forget the signal; settings stay.")
      .def_property_readonly("final_range", py::cpp_function(&Encoder::final_range, unlocked),
                             "State of the range coder after the last packet.")
      .def_property_readonly(
          "lookahead", [](Encoder& encoder) { return encoder.get(OPUS_GET_LOOKAHEAD_REQUEST, "lookahead"); },
          "Samples per channel that the signal is delayed by.")
      .def_property_readonly(
          "application",
          [](Encoder& encoder) {
            return word_of(kApplications, encoder.get(OPUS_GET_APPLICATION_REQUEST, "application"));
          },
          "'voip', 'audio' or 'restricted_lowdelay'.")
      .def_property_readonly("in_dtx", &is_in_dtx,
                             "Whether the last packet was one of discontinuous transmission.");
  add_settings(type);
}

}  // namespace dred::opus
