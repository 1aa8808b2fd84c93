#include <pybind11/stl.h>

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "binding/arguments.hpp"
#include "binding/registration.hpp"
#include "dred/lbrr.hpp"
#include "dred/receiver.hpp"
#include "operations/error.hpp"
#include "operations/model.hpp"

namespace dred::binding {
namespace {

constexpr std::size_t kAtATime = 4096;

// (timestamp, time of arrival, bytes) tuples.
class ArrivalArguments {
 public:
  explicit ArrivalArguments(const py::sequence& source) : packets_(packets_of(source)) {
    for (std::size_t i = 0; i < source.size(); ++i) {
      const auto fields = py::reinterpret_borrow<py::sequence>(source[i]);
      arrivals_.push_back({to_integer(fields[0]).value, to_integer(fields[1]).value, packets_.views()[i]});
    }
  }
  [[nodiscard]] const std::vector<Arrival>& arrivals() const noexcept { return arrivals_; }

 private:
  [[nodiscard]] static py::list packets_of(const py::sequence& source) {
    py::list packets;
    for (const py::handle item : source) {
      if (!py::isinstance<py::tuple>(item) || py::len(item) != 3)
        throw py::type_error("an arrival is a tuple (timestamp, arrival, packet)");
      packets.append(py::reinterpret_borrow<py::tuple>(item)[2]);
    }
    return packets;
  }

  FrozenBytes packets_;
  std::vector<Arrival> arrivals_;
};

[[nodiscard]] py::tuple to_tuple(const Decision& decision) {
  return py::make_tuple(decision.start_48k, decision.duration_48k, source_name(decision.source),
                        decision.packet_48k, decision.feature);
}

[[nodiscard]] py::list decide(const py::sequence& source, Integer duration, const std::string& wire,
                              const Model& model, std::optional<Integer> delay, bool lbrr, bool dred) {
  ReceiverSettings settings{.duration_48k = duration.value, .delay_48k = {}, .lbrr = lbrr, .dred = dred};
  if (delay) settings.delay_48k = delay->value;
  const WireProfile& profile = to_wire(wire);
  const ArrivalArguments arguments(source);
  throw_if_failed(check_reception(arguments.arrivals(), settings));
  py::list result;
  std::optional<Receiver> receiver;
  std::vector<Decision> decisions;
  do {
    if (PyErr_CheckSignals() != 0) throw py::error_already_set();
    decisions.clear();
    {
      const py::gil_scoped_release unlocked;
      if (!receiver) receiver.emplace(arguments.arrivals(), settings, model.tables, profile);
      for (Decision decision; decisions.size() < kAtATime && receiver->next(decision);)
        decisions.push_back(decision);
    }
    for (const Decision& decision : decisions) result.append(to_tuple(decision));
  } while (!decisions.empty());
  return result;
}

[[nodiscard]] bool reads_lbrr(const BytesArgument& data) {
  Packet packet;
  throw_if_failed(parse_packet(data.view(), false, packet));
  return has_lbrr(packet, data.view());
}

}  // namespace

void register_receiver(py::module_& module) {
  module.def("has_lbrr", &reads_lbrr, py::arg("packet"),
             "Whether a packet holds the speech before it once more, as in-band redundancy of SILK.");
  module.def("receiver_decisions", &decide, py::arg("arrivals"), py::arg("duration_48k"), py::arg("wire"),
             py::arg("model"), py::arg("delay_48k") = py::none(), py::arg("lbrr") = true,
             py::arg("dred") = true,
             "What is played at each time: (start, duration, source, packet, feature) tuples.");
}

}  // namespace dred::binding
