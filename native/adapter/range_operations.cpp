#include <array>

#include "adapter/operation_table.hpp"
#include "adapter/text_encoding.hpp"
#include "operations/range_steps.hpp"

namespace dred::adapter {
namespace {

[[nodiscard]] Json as_json(const RangeTrace& trace) {
  return {{"tells", trace.tells}, {"tell_fracs", trace.tell_fracs}, {"ranges", trace.ranges}};
}

[[nodiscard]] Json decode(const Request& request, const Context&) {
  const RangeTrace trace = decode_steps(request.bytes("data"), request.steps("steps"));
  Json result = as_json(trace);
  result["values"] = trace.values;
  result["uint_error"] = trace.has_failed;
  return result;
}

[[nodiscard]] Json encode(const Request& request, const Context&) {
  const RangeTrace trace = encode_steps(request.integer("size"), request.steps("steps"));
  Json result = as_json(trace);
  result["data"] = to_hex(trace.data);
  result["overflow"] = trace.has_failed;
  return result;
}

constexpr std::array<Operation, 2> kOperations = {
    {{"range_decode", Stage::payload, decode}, {"range_encode", Stage::payload, encode}}};

}  // namespace

std::span<const Operation> range_operations() noexcept {
  return kOperations;
}

}  // namespace dred::adapter
