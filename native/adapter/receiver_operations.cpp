#include <array>
#include <utility>

#include "adapter/operation_table.hpp"
#include "dred/receiver.hpp"
#include "operations/error.hpp"

namespace dred::adapter {
namespace {

// An answer is at most 16 MiB, and a decision takes about 60 bytes of it.
constexpr std::size_t kMostDecisions = std::size_t{1} << 17;

[[nodiscard]] Json as_json(const Decision& decision) {
  Json fields = {{"start", decision.start_48k},
                 {"duration", decision.duration_48k},
                 {"source", source_name(decision.source)}};
  if (decision.packet_48k) fields["packet"] = *decision.packet_48k;
  if (decision.feature) fields["feature"] = *decision.feature;
  return fields;
}

[[nodiscard]] Json decide(const Request& request, const Context& context) {
  const WireProfile& wire = Context::wire(request);
  const Model& model = context.model(request);
  const auto packets = request.objects("packets");
  std::vector<std::vector<std::uint8_t>> bytes;
  std::vector<Arrival> arrivals;
  bytes.reserve(packets.size());
  arrivals.reserve(packets.size());
  for (const Request& packet : packets) {
    bytes.push_back(packet.bytes("packet"));
    arrivals.push_back({packet.integer("timestamp"), packet.integer("arrival"), bytes.back()});
  }
  const ReceiverSettings settings = {request.integer("duration"), request.optional_integer("delay"),
                                     request.boolean("lbrr", true), request.boolean("dred", true)};
  throw_if_failed(check_reception(arrivals, settings));
  Receiver receiver(arrivals, settings, model.tables, wire);
  Json decisions = Json::array();
  for (Decision decision; receiver.next(decision);) {
    if (decisions.size() == kMostDecisions) throw Unsupported("more decisions than an answer has room for");
    decisions.push_back(as_json(decision));
  }
  return {{"decisions", std::move(decisions)}};
}

constexpr std::array<Operation, 1> kOperations = {{{"receiver", Stage::receiver, decide}}};

}  // namespace

std::span<const Operation> receiver_operations() noexcept {
  return kOperations;
}

}  // namespace dred::adapter
