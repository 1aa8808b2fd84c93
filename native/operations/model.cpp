#include "operations/model.hpp"

#include <utility>

#include "operations/error.hpp"

namespace dred {
namespace {

[[nodiscard]] std::size_t checked_dimension(std::int64_t dimension) {
  if (dimension < 1 || dimension > static_cast<std::int64_t>(kMaxDimension))
    throw Error(refusal(Rule::W1, Stage::payload, "a dimension of the model is not in 1..256"));
  return static_cast<std::size_t>(dimension);
}

[[nodiscard]] QuantiserTables make_tables(std::size_t dimension,
                                          std::span<std::vector<std::uint8_t>, 4> four) {
  for (const auto& table : four)
    if (table.size() != kLevels * dimension)
      throw Error(
          refusal(Rule::W1, Stage::payload, "a table of the model does not have 16 rows of its dimension"));
  return {dimension, {std::move(four[0]), std::move(four[1]), std::move(four[2]), std::move(four[3])}};
}

}  // namespace

Model make_model(std::string name, std::int64_t latent_dim, std::int64_t state_dim, EightTables tables,
                 std::optional<std::vector<std::uint8_t>> weights) {
  const std::size_t latent = checked_dimension(latent_dim);
  const std::size_t state = checked_dimension(state_dim);
  const std::span<std::vector<std::uint8_t>, 8> all(tables);
  Model model{std::move(name), {make_tables(latent, all.first<4>()), make_tables(state, all.last<4>())}, {}};
  if (weights) model.network = std::make_shared<ModelNetwork>(*std::move(weights), latent, state);
  return model;
}

std::shared_ptr<const Network> Model::prepared_network(KernelPath path) const {
  if (network == nullptr)
    throw Error({.rule = Rule::N1, .stage = Stage::feature, .message = "the model has no decoder network"});
  return network->prepared(path);
}

std::shared_ptr<const VocoderNetwork> Model::prepared_vocoder(KernelPath path) const {
  if (network == nullptr)
    throw Error({.rule = Rule::N1, .stage = Stage::audio, .message = "the model has no vocoder"});
  return network->prepared_vocoder(path);
}

}  // namespace dred
