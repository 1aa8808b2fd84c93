// The networks of a model: kept as they came, made ready for a path when a decoder or a vocoder wants one.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "dred/network.hpp"
#include "dred/vocoder_network.hpp"

namespace dred {

class ModelNetwork {
 public:
  ModelNetwork(std::vector<std::uint8_t> blob, std::size_t latent_dim, std::size_t state_dim);

  // Whether there is a record of the decoder network, or a blob so broken that nobody knows.
  [[nodiscard]] bool is_present() const noexcept { return is_present_; }
  // Throws Error N1 or N2. May be called from several threads.
  [[nodiscard]] std::shared_ptr<const Network> prepared(KernelPath path) const;
  // The same of the vocoder: whether there is one, and what it is. Throws Error N1.
  [[nodiscard]] bool has_vocoder() const noexcept { return has_vocoder_; }
  [[nodiscard]] std::shared_ptr<const VocoderNetwork> prepared_vocoder(KernelPath path) const;

 private:
  std::vector<std::uint8_t> blob_;
  std::size_t latent_dim_;
  std::size_t state_dim_;
  bool is_present_;
  bool has_vocoder_;
  mutable std::mutex mutex_;
  mutable std::array<std::shared_ptr<const Network>, 2> networks_;  // by path
  mutable std::array<std::shared_ptr<const VocoderNetwork>, 2> vocoders_;
};

}  // namespace dred
