// The vocoder of a model over features that came from outside.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "dred/vocoder.hpp"
#include "operations/model.hpp"

namespace dred {

class SpeechSynthesis {
 public:
  // Throws Error N1 where the model has no vocoder.
  SpeechSynthesis(const Model& model, KernelPath path);

  [[nodiscard]] KernelPath path() const noexcept { return network_->path; }
  [[nodiscard]] const VocoderNetwork& network() const noexcept { return *network_; }
  [[nodiscard]] std::size_t memory_bytes() const noexcept { return sizeof(*this); }

  // All throw Error N3 for other counts or what is no finite number; the state then is as before.
  void start(std::span<const float> past, std::span<const float> features);
  // W1 before the first start.
  void frame(std::span<const float> features, VocoderSamples samples);
  void check_file(std::span<const float> features) const;
  void reset() noexcept;

  // A whole file; the state has no part in it.
  [[nodiscard]] std::vector<std::int16_t> file(std::span<const float> features) const;
  // What follows 320 samples that the first 5 frames describe: 160 samples for each of the other frames.
  [[nodiscard]] std::vector<std::int16_t> continuation(std::span<const std::int16_t> past,
                                                       std::span<const float> features);

 private:
  std::shared_ptr<const VocoderNetwork> network_;
  Vocoder vocoder_;
  bool is_started_ = false;
};

}  // namespace dred
