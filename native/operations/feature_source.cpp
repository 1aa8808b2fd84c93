#include "operations/feature_source.hpp"

#include <algorithm>
#include <utility>

#include "dred/kernel_path.hpp"
#include "dred/latent_input.hpp"
#include "operations/error.hpp"

namespace dred {
namespace {

[[noreturn]] void refuse_count(const char* message) {
  throw Error(refusal(Rule::N3, Stage::feature, message));
}

}  // namespace

KernelPath to_path(const std::string& name) {
  const auto path = find_path(name);
  if (!path) throw Error(refusal(Rule::W1, Stage::feature, "this processor has no such path"));
  return *path;
}

InjectedFeatureDecoder::InjectedFeatureDecoder(const Model& model, KernelPath path)
    : network_(model.prepared_network(path)),
      decoder_(*network_),
      values_(std::max(network_->state_dim, network_->latent_dim + 1)) {}

std::size_t InjectedFeatureDecoder::memory_bytes() const noexcept {
  return sizeof(*this) - sizeof(FeatureDecoder) + decoder_.memory_bytes() +
         values_.size() * sizeof(std::int32_t);
}

// clause: FIX-input
void InjectedFeatureDecoder::take(std::span<const float> floats, std::size_t wanted,
                                  std::size_t first_position) {
  if (floats.size() != wanted) refuse_count("the number of values is not that of the model");
  const std::size_t taken = floats_to_q16(floats, values_);
  if (taken < wanted)
    throw Error(
        failure_at(Rule::N3, Stage::feature, first_position + taken, "a value is not a finite number"));
}

void InjectedFeatureDecoder::start(std::span<const float> state) {
  is_started_ = false;
  take(state, network_->state_dim, 0);
  decoder_.start(std::span(values_).first(state.size()));
  next_position_ = state.size();
  is_started_ = true;
}

void InjectedFeatureDecoder::step(std::span<const float> latent, LatentFeatures features) {
  if (!is_started_) throw Error(refusal(Rule::W1, Stage::feature, "a payload begins with its state"));
  take(latent, network_->latent_dim + 1, next_position_);
  decoder_.step(std::span(values_).first(latent.size()), features);
  next_position_ += latent.size();
}

std::vector<std::int32_t> InjectedFeatureDecoder::decode(std::span<const float> state,
                                                         std::span<const float> latents,
                                                         std::size_t latent_count) {
  const std::size_t row_size = network_->latent_dim + 1;
  if (state.size() != network_->state_dim)
    refuse_count("the number of state values is not that of the model");
  if (latents.size() % row_size != 0 || latents.size() / row_size != latent_count)
    refuse_count("the values of the latents are not those of their number");
  start(state);
  std::vector<std::int32_t> features(latent_count * kFeaturesPerLatent);
  for (std::size_t i = 0; i < latent_count; ++i)
    step(latents.subspan(i * row_size, row_size),
         LatentFeatures(features.data() + i * kFeaturesPerLatent, kFeaturesPerLatent));
  return features;
}

SourceFeatureDecoder::SourceFeatureDecoder(const Model& model, KernelPath path)
    : network_(model.prepared_network(path)), chain_(model.tables, *network_) {}

void SourceFeatureDecoder::load_payload(Bytes payload, const WireProfile& wire,
                                        const SourceOptions& options) {
  throw_if_failed(chain_.load_payload(payload, wire, to_decode_options(options)));
}

bool SourceFeatureDecoder::load_packet(Bytes packet, const WireProfile& wire, const SourceOptions& options) {
  throw_if_failed(chain_.load_packet(packet, wire, to_decode_options(options)));
  return chain_.has_payload();
}

std::vector<std::int32_t> SourceFeatureDecoder::decode(std::size_t count) {
  std::vector<std::int32_t> features;
  for (std::size_t i = 0; i < count && chain_.has_next(); ++i) {
    const std::size_t first = features.size();
    features.resize(first + kFeaturesPerLatent);
    chain_.step(LatentFeatures(features.data() + first, kFeaturesPerLatent));
  }
  return features;
}

DecodedPayload SourceFeatureDecoder::header() const noexcept {
  DecodedPayload payload;
  payload.header = chain_.header();
  payload.offset_2p5ms = chain_.offset_2p5ms();
  payload.latent_count = chain_.latent_count();
  return payload;
}

}  // namespace dred
