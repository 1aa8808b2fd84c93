// Writes redundancy of hostile histories by all rules: what is written fits, decodes to the quantised values,
// and by the rule `kept` no decoder loses a latent.

#include <algorithm>
#include <array>
#include <bit>
#include <optional>
#include <vector>

#include "dred/latent.hpp"
#include "dred/payload_decoder.hpp"
#include "dred/redundancy_writer.hpp"
#include "fuzz/fuzz_input.hpp"
#include "tests/synthetic_tables.hpp"

using dred::RedundancyRule;
using dred::fuzz::require;

namespace {

constexpr std::size_t kModels = 16;
constexpr std::array kRules{RedundancyRule::deployed, RedundancyRule::corrected, RedundancyRule::kept};

const dred::ModelTables& model(std::size_t index) {
  static std::array<std::optional<dred::ModelTables>, kModels> models;
  // One in four has values without a code.
  if (!models[index])
    models[index] =
        index % 4 == 0 ? dred::testing::make_tables(index) : dred::testing::make_tables_with_codes(index);
  return *models[index];
}

// Mostly values as latents have them; now and then any bits at all.
std::vector<float> read_rows(dred::fuzz::Input& input, std::size_t count) {
  const std::uint32_t odd = input.below(32);
  std::uint32_t state = input.word() | 1;
  std::vector<float> values(count);
  for (float& value : values) {
    state = state * 1664525 + 1013904223;
    value = static_cast<float>(static_cast<std::int32_t>(state) >> 16) / 4096.0F;
  }
  for (std::uint32_t i = 0; i < odd && count > 0 && !input.is_empty(); ++i)
    values[input.below(static_cast<std::uint32_t>(count))] = std::bit_cast<float>(input.word());
  return values;
}

std::vector<std::uint8_t> read_activity(dred::fuzz::Input& input) {
  constexpr std::array<std::uint8_t, 4> kStates{0, 1, 255, 2};
  std::vector<std::uint8_t> activity;
  while (activity.size() < dred::kActivityCount) {
    const std::uint8_t run = input.byte();
    activity.insert(activity.end(), std::size_t{1} + (run >> 2) * std::size_t{4}, kStates[run & 3]);
  }
  activity.resize(dred::kActivityCount);
  return activity;
}

void check_decoded(const dred::SpeechHistory& history, const dred::RedundancyChoice& choice,
                   const dred::ModelTables& tables, dred::Bytes coded,
                   const dred::WrittenRedundancy& written) {
  dred::PayloadDecoder decoder(tables);
  decoder.decode_coded(coded, {});
  const std::size_t seen = decoder.result().latent_count;
  require(choice.rule == RedundancyRule::kept ? seen == written.latent_count : seen <= written.latent_count);
  dred::DecodeOptions options;
  options.max_latents = written.latent_count;
  options.stop_bits = -(std::int64_t{1} << 40);
  decoder.decode_coded(coded, options);
  require(decoder.result().latent_count == written.latent_count);
  require(decoder.result().tell <= 8 * coded.size() && decoder.result().tell + 8 > 8 * coded.size());
  require(decoder.result().offset_2p5ms == written.offset_2p5ms);

  std::array<std::int32_t, dred::kMaxDimension> symbols{};
  const auto require_row = [&](const dred::QuantiserTables& part, std::size_t level,
                               std::span<const float> rows, std::size_t step,
                               std::span<const std::int32_t> decoded) {
    const std::size_t dimension = part.dimension();
    const auto row = std::span(symbols).first(dimension);
    require(dred::quantise_row(part, level, rows.subspan(step * dimension, dimension), row));
    require(std::ranges::equal(row, decoded));
  };
  require_row(tables.state, static_cast<std::size_t>(choice.q0), history.states, written.first,
              decoder.state());
  for (std::size_t i = 0; i < written.latent_count; ++i)
    require_row(tables.latent, decoder.level(i), history.latents, written.first + 2 * i, decoder.latent(i));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dred::fuzz::Input input(data, size);
  const dred::ModelTables& tables = model(input.below(kModels));
  dred::RedundancyChoice choice;
  choice.q0 = input.below(18);
  choice.dq = input.below(10);
  choice.qmax = input.below(4) == 0 ? input.below(18) : 15;
  choice.max_latents = input.below(64);
  const std::size_t budget = input.below(256) * (input.below(4) == 0 ? 64 : 1);
  const std::size_t last_extra = input.below(128);
  const std::size_t count = input.below(108);
  const auto offset = static_cast<std::int64_t>(input.below(24)) - 8 - (input.below(8) == 0 ? 8160 : 0);
  const std::size_t latent_offset = input.below(8) == 0 ? input.word() : input.below(4);
  const std::vector<std::uint8_t> activity = read_activity(input);
  const std::vector<float> states = read_rows(input, count * tables.state.dimension());
  const std::vector<float> latents = read_rows(input, count * tables.latent.dimension());
  const dred::SpeechHistory history{latents, states, activity, offset, latent_offset};

  std::array<dred::WrittenRedundancy, kRules.size()> written;
  for (std::size_t i = 0; i < kRules.size(); ++i) {
    choice.rule = kRules[i];
    std::vector<std::uint8_t> buffer(budget);
    const dred::Status status =
        dred::write_redundancy(history, choice, last_extra, tables, buffer, written[i]);
    require(status.ok() || (status.rule == dred::Rule::W1 && written[i].size == 0));
    require(written[i].size <= budget && (written[i].size > 0) == (written[i].latent_count > 0));
    if (written[i].size > 0)
      check_decoded(history, choice, tables, dred::Bytes(buffer).first(written[i].size), written[i]);
  }
  if (written[0].size > 0 && written[1].size > 0)
    require(written[0].first == written[1].first && written[0].last_extra == written[1].last_extra);
  return 0;
}
