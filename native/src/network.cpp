#include "dred/network.hpp"

#include <algorithm>
#include <utility>

#include "dred/kernel_path.hpp"
#include "layer_numbers.hpp"
#include "raw_layer.hpp"
#include "weight_order.hpp"

namespace dred {
namespace {

// Loads layers until one fails.
class Loader {
 public:
  explicit Loader(Network& network) : network_(&network), order_(kernels_of(network.path).order) {}

  void load(const RawFloatLayer& raw, FloatLayer& layer) {
    if (!status_.ok()) return;
    FloatLayerNumbers numbers;
    status_ = to_numbers(raw, numbers);
    layer.inputs = raw.inputs;
    layer.outputs = raw.outputs;
    layer.group_count = (raw.outputs + kRowsPerGroup - 1) / kRowsPerGroup;
    layer.weights = keep(std::move(numbers.weights), network_->storage.numbers);
    layer.biases = keep(std::move(numbers.biases), network_->storage.numbers);
    widen(layer.group_count, 0);
  }

  void load(const RawInt8Layer& raw, Int8Layer& layer) {
    if (!status_.ok()) return;
    Int8LayerNumbers numbers;
    status_ = to_numbers(raw, numbers);
    if (!status_.ok()) return;
    ArrangedWeights arranged = arrange_weights(raw, order_);
    layer.inputs = raw.inputs;
    layer.outputs = raw.outputs;
    layer.group_count = raw.outputs / kRowsPerGroup;
    layer.is_dense = raw.index.empty();
    layer.weights = keep(std::move(arranged.weights), network_->storage.weights);
    layer.columns = keep(std::move(arranged.columns), network_->storage.columns);
    layer.groups = keep(std::move(arranged.groups), network_->storage.groups);
    layer.multipliers = keep(std::move(numbers.multipliers), network_->storage.numbers);
    layer.biases = keep(std::move(numbers.biases), network_->storage.numbers);
    widen(layer.group_count, arranged.widest_gathering);
  }

  [[nodiscard]] const Status& status() const noexcept { return status_; }

 private:
  // Moving a vector leaves its elements where they are.
  template <typename Vector>
  [[nodiscard]] static const typename Vector::value_type* keep(Vector&& vector,
                                                               std::vector<Vector>& storage) {
    storage.push_back(std::move(vector));
    return storage.back().data();
  }
  void widen(std::size_t groups, std::size_t gathering) noexcept {
    network_->widest_layer = std::max(network_->widest_layer, groups * kRowsPerGroup);
    network_->widest_gathering = std::max(network_->widest_gathering, gathering);
  }

  Network* network_;
  WeightOrder order_;
  Status status_;
};

template <typename Vector>
[[nodiscard]] std::size_t bytes_of(const std::vector<Vector>& vectors) noexcept {
  std::size_t bytes = 0;
  for (const Vector& vector : vectors) bytes += vector.size() * sizeof(typename Vector::value_type);
  return bytes;
}

}  // namespace

std::size_t Network::memory_bytes() const noexcept {
  return sizeof(Network) + bytes_of(storage.weights) + bytes_of(storage.numbers) + bytes_of(storage.columns) +
         bytes_of(storage.groups);
}

// clause: FIX-bounds
Status load_network(Bytes blob, std::size_t latent_dim, std::size_t state_dim, KernelPath path,
                    Network& network) {
  RawNetwork raw;
  const WeightBlob records(blob, kDecoderPrefixes);
  if (const Status status = read_network(records, latent_dim, state_dim, raw); !status.ok()) return status;
  network = Network();
  network.path = path;
  network.latent_dim = latent_dim;
  network.state_dim = state_dim;
  network.gru_width = raw.gru_width;
  network.concatenated_width = raw.output.inputs;
  Loader loader(network);
  loader.load(raw.hidden_init, network.hidden_init);
  loader.load(raw.gru_init, network.gru_init);
  loader.load(raw.dense1, network.dense1);
  for (std::size_t k = 0; k < kNetworkBlocks; ++k) {
    loader.load(raw.blocks[k].gru_input, network.blocks[k].gru_input);
    loader.load(raw.blocks[k].gru_recurrent, network.blocks[k].gru_recurrent);
    loader.load(raw.blocks[k].glu, network.blocks[k].glu);
    loader.load(raw.blocks[k].conv_dense, network.blocks[k].conv_dense);
    loader.load(raw.blocks[k].conv, network.blocks[k].conv);
  }
  loader.load(raw.output, network.output);
  return loader.status();
}

}  // namespace dred
