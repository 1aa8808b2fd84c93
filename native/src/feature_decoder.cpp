#include "dred/feature_decoder.hpp"

#include <algorithm>
#include <cstring>

#include "dred/kernel_path.hpp"

namespace dred {

FeatureDecoder::FeatureDecoder(const Network& network)
    : network_(&network),
      kernels_(&kernels_of(network.path)),
      hidden_(network.hidden_init.group_count * kRowsPerGroup),
      states_(network.gru_init.outputs),
      concatenated_(network.concatenated_width + kRowsPerGroup),
      preactivations_(network.widest_layer),
      recurrent_(network.blocks[0].gru_recurrent.outputs),
      gathered_(network.widest_gathering),
      used_(std::max(network.state_dim, network.latent_dim + 1)),
      scratch_{used_.data(), gathered_.data()} {
  for (std::size_t k = 0; k < kNetworkBlocks; ++k) convolutions_[k].resize(network.blocks[k].conv.inputs);
}

std::size_t FeatureDecoder::memory_bytes() const noexcept {
  std::size_t activations = hidden_.size() + states_.size() + concatenated_.size() + gathered_.size();
  for (const Activations& convolution : convolutions_) activations += convolution.size();
  return sizeof(FeatureDecoder) + activations * sizeof(std::int16_t) +
         (preactivations_.size() + recurrent_.size()) * sizeof(std::int32_t) +
         used_.size() * sizeof(std::uint32_t);
}

void FeatureDecoder::run(const FloatLayer& layer, const std::int32_t* values,
                         std::int16_t* activations) noexcept {
  kernels_->float_layer(layer, values, scratch_, preactivations_.data());
  kernels_->tanh(preactivations_.data(), layer.group_count * kRowsPerGroup, activations);
}

void FeatureDecoder::run(const Int8Layer& layer, const std::int16_t* source,
                         std::int16_t* activations) noexcept {
  kernels_->int8_layer(layer, source, scratch_, preactivations_.data());
  kernels_->tanh(preactivations_.data(), layer.outputs, activations);
}

// clause: FIX-start, DRED-net-start
void FeatureDecoder::start(std::span<const std::int32_t> state) noexcept {
  run(network_->hidden_init, state.data(), hidden_.data());
  run(network_->gru_init, hidden_.data(), states_.data());
  for (Activations& convolution : convolutions_) std::fill(convolution.begin(), convolution.end(), 0);
}

// clause: FIX-step, FIX-gru, FIX-glu, FIX-conv, FIX-output, DRED-net-input, DRED-net-gru, DRED-net-glu
// clause: DRED-net-conv, DRED-net-concat, DRED-net-output, DRED-net-order
void FeatureDecoder::step(std::span<const std::int32_t> latent, LatentFeatures features) noexcept {
  const std::int16_t* const all = concatenated_.data();
  const std::size_t width = network_->gru_width;
  // The end of a float layer's last group is overwritten by what comes next.
  run(network_->dense1, latent.data(), concatenated_.data());
  std::int16_t* next = concatenated_.data() + network_->dense1.outputs;
  for (std::size_t k = 0; k < kNetworkBlocks; ++k) {
    const NetworkBlock& block = network_->blocks[k];
    std::int16_t* const state = states_.data() + k * width;  // h
    kernels_->int8_layer(block.gru_input, all, scratch_, preactivations_.data());
    kernels_->int8_layer(block.gru_recurrent, state, scratch_, recurrent_.data());
    kernels_->gru(preactivations_.data(), recurrent_.data(), width, state);

    kernels_->int8_layer(block.glu, state, scratch_, preactivations_.data());
    kernels_->glu(preactivations_.data(), state, width, next);
    next += width;

    const std::size_t current_size = block.conv_dense.outputs;
    std::int16_t* const memory = convolutions_[k].data();
    std::int16_t* const current = memory + current_size;  // c
    run(block.conv_dense, all, current);
    run(block.conv, memory, next);
    std::memcpy(memory, current, current_size * sizeof(std::int16_t));
    next += block.conv.outputs;
  }
  kernels_->int8_layer(network_->output, all, scratch_, preactivations_.data());
  std::copy_n(preactivations_.data(), kFeaturesPerLatent, features.begin());
}

}  // namespace dred
