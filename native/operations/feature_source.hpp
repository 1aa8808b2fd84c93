// Features of a payload, of a packet, or of injected values: decoders that own what they need.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dred/packet_feature_decoder.hpp"
#include "operations/model.hpp"
#include "operations/payload_source.hpp"

namespace dred {

// "auto" or the name of a path; throws Error W1 for what this processor does not have.
[[nodiscard]] KernelPath to_path(const std::string& name);

// Takes float32 values; keeps network and memory. Throws Error N1 or N2 at construction, N3 on values that
// are no finite numbers.
class InjectedFeatureDecoder {
 public:
  InjectedFeatureDecoder(const Model& model, KernelPath path);

  void start(std::span<const float> state);
  // A latent's values and its level value.
  void step(std::span<const float> latent, LatentFeatures features);
  // All at once; positions of refused values count the state first.
  [[nodiscard]] std::vector<std::int32_t> decode(std::span<const float> state, std::span<const float> latents,
                                                 std::size_t latent_count);

  [[nodiscard]] KernelPath path() const noexcept { return network_->path; }
  [[nodiscard]] std::size_t memory_bytes() const noexcept;

 private:
  void take(std::span<const float> floats, std::size_t wanted, std::size_t first_position);

  std::shared_ptr<const Network> network_;
  FeatureDecoder decoder_;
  std::vector<std::int32_t> values_;
  std::size_t next_position_ = 0;  // of values, the state first
  bool is_started_ = false;
};

// Takes payloads and packets. The same errors, and those of the payload stage.
class SourceFeatureDecoder {
 public:
  // The model must outlive the decoder.
  SourceFeatureDecoder(const Model& model, KernelPath path);

  // The bytes must stay until the last latent is decoded.
  void load_payload(Bytes payload, const WireProfile& wire, const SourceOptions& options);
  // False where the packet has no DRED.
  [[nodiscard]] bool load_packet(Bytes packet, const WireProfile& wire, const SourceOptions& options);
  // The next latents, as many as there are up to `count`.
  [[nodiscard]] std::vector<std::int32_t> decode(std::size_t count = kMaxLatents);

  [[nodiscard]] PacketFeatureDecoder& chain() noexcept { return chain_; }
  [[nodiscard]] KernelPath path() const noexcept { return network_->path; }
  // Header and latents so far, as the payload stage shows them. Only while a payload is loaded.
  [[nodiscard]] DecodedPayload header() const noexcept;

 private:
  std::shared_ptr<const Network> network_;
  PacketFeatureDecoder chain_;
};

}  // namespace dred
