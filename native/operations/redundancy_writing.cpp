#include "operations/redundancy_writing.hpp"

#include <algorithm>
#include <cmath>

#include "dred/latent.hpp"
#include "dred/symbol_costs.hpp"
#include "operations/error.hpp"

namespace dred {
namespace {

[[noreturn]] void refuse(const char* message) {
  throw Error(refusal(Rule::W1, Stage::payload, message));
}

[[nodiscard]] std::size_t to_count(std::int64_t number, const char* message) {
  if (number < 0) refuse(message);
  return static_cast<std::size_t>(number);
}

// Which latents are sent depends on the activity; whether a history is sound should not.
void check_values(std::span<const float> values) {
  if (!std::ranges::all_of(values, [](float value) { return std::fabs(value) <= kLargestValue; }))
    refuse("a value that is no number or too large");
}

}  // namespace

// clause: DRED-write-budget
RedundancyData write_redundancy(const Model& model, std::span<const float> latents,
                                std::span<const float> states, Bytes activity,
                                const RedundancyRequest& request) {
  const auto rule = find_redundancy_rule(request.rule);
  if (!rule) refuse("no rule of redundancy of this name: there are deployed, corrected, kept");
  const SpeechHistory history{latents, states, activity, request.dred_offset_2p5ms,
                              to_count(request.latent_offset, "latent_offset is negative")};
  const RedundancyChoice choice{request.q0, request.dq, request.qmax,
                                to_count(request.max_latents, "the number of latents is negative"), *rule};
  const std::size_t last_extra = to_count(request.last_extra, "last_extra is negative");
  const std::size_t budget = to_count(request.max_bytes, "the number of bytes is negative");
  check_values(latents);
  check_values(states);
  RedundancyData data;
  data.bytes.resize(std::min(budget, kMaxFilledSize));
  throw_if_failed(
      write_redundancy(history, choice, last_extra, model.tables, MutableBytes(data.bytes), data.written));
  data.bytes.resize(data.written.size);
  return data;
}

std::vector<double> costs_bits(const QuantiserTables& tables, std::span<const float> rows) {
  const std::size_t dimension = tables.dimension();
  if (rows.size() % dimension != 0) refuse("a row has another dimension");
  std::vector<double> costs(rows.size() / dimension * kLevels);
  for (std::size_t i = 0; i < rows.size() / dimension; ++i) {
    const std::span<double, kLevels> levels(costs.data() + i * kLevels, kLevels);
    if (!row_costs_bits(tables, rows.subspan(i * dimension, dimension), levels))
      refuse("a value that is no number or too large");
  }
  return costs;
}

}  // namespace dred
