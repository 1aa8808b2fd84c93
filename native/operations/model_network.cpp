#include "operations/model_network.hpp"

#include <utility>

#include "dred/weight_blob.hpp"
#include "operations/error.hpp"

namespace dred {
namespace {

[[nodiscard]] bool has_decoder_network(Bytes blob) {
  const WeightBlob records(blob, kDecoderPrefixes);
  return !records.is_valid() || !records.is_empty();
}

}  // namespace

ModelNetwork::ModelNetwork(std::vector<std::uint8_t> blob, std::size_t latent_dim, std::size_t state_dim)
    : blob_(std::move(blob)),
      latent_dim_(latent_dim),
      state_dim_(state_dim),
      is_present_(has_decoder_network(blob_)),
      has_vocoder_(has_vocoder_network(blob_)) {}

std::shared_ptr<const Network> ModelNetwork::prepared(KernelPath path) const {
  const std::scoped_lock lock(mutex_);
  std::shared_ptr<const Network>& known = networks_[static_cast<std::size_t>(path)];
  if (known != nullptr) return known;
  auto network = std::make_shared<Network>();
  throw_if_failed(load_network(blob_, latent_dim_, state_dim_, path, *network));
  known = std::move(network);
  return known;
}

std::shared_ptr<const VocoderNetwork> ModelNetwork::prepared_vocoder(KernelPath path) const {
  const std::scoped_lock lock(mutex_);
  std::shared_ptr<const VocoderNetwork>& known = vocoders_[static_cast<std::size_t>(path)];
  if (known != nullptr) return known;
  auto network = std::make_shared<VocoderNetwork>();
  throw_if_failed(load_vocoder_network(blob_, path, *network));
  known = std::move(network);
  return known;
}

}  // namespace dred
