// State and latents to acoustic features, in the fixed-point profile. All memory is taken at construction;
// nothing after it allocates or touches floating point.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "dred/aligned_vector.hpp"
#include "dred/network.hpp"

namespace dred {

using LatentFeatures = std::span<std::int32_t, kFeaturesPerLatent>;

class FeatureDecoder {
 public:
  // The network must outlive the decoder and stay where it is.
  explicit FeatureDecoder(const Network& network);
  FeatureDecoder(FeatureDecoder&&) = default;
  FeatureDecoder& operator=(FeatureDecoder&&) = default;
  FeatureDecoder(const FeatureDecoder&) = delete;
  FeatureDecoder& operator=(const FeatureDecoder&) = delete;
  ~FeatureDecoder() = default;

  [[nodiscard]] const Network& network() const noexcept { return *network_; }
  [[nodiscard]] std::size_t memory_bytes() const noexcept;

  // Begins a payload: `state` has a Q16 value for each of the model's state dimensions.
  void start(std::span<const std::int32_t> state) noexcept;
  // The next latent, newest first: its Q16 values and its level value. Features are Q16, those of the newest
  // 10 ms first.
  void step(std::span<const std::int32_t> latent, LatentFeatures features) noexcept;

 private:
  using Activations = AlignedVector<std::int16_t>;
  using Preactivations = AlignedVector<std::int32_t>;

  void run(const FloatLayer& layer, const std::int32_t* values, std::int16_t* activations) noexcept;
  void run(const Int8Layer& layer, const std::int16_t* source, std::int16_t* activations) noexcept;

  const Network* network_;
  const Kernels* kernels_;
  Activations hidden_;
  Activations states_;                                    // of the five GRUs, one after the other
  Activations concatenated_;                              // B
  std::array<Activations, kNetworkBlocks> convolutions_;  // memory, then the current value
  Preactivations preactivations_;                         // P
  Preactivations recurrent_;                              // R
  Activations gathered_;
  std::vector<std::uint32_t> used_;
  KernelScratch scratch_;  // points into the last two
};

}  // namespace dred
