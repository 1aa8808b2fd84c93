// Weight blobs of vocoders made of a seed, for tests and fuzzers that must not depend on any model.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>

#include "dred/vocoder_network.hpp"
#include "tests/synthetic_network.hpp"
#include "tests/synthetic_tables.hpp"

namespace dred::testing {

class VocoderMaker {
 public:
  explicit VocoderMaker(Generator& generator) : generator_(&generator) {}

  [[nodiscard]] Blob make() {
    floats("cond_net_pembed", S::kPeriods, S::kEmbedding);
    floats("cond_net_fdense1", S::kConditionInput, S::kConvolutionInput);
    bytes("cond_net_fconv1", S::kConvolutionTaps * S::kConvolutionInput, S::kConvolution);
    bytes("cond_net_fdense2", S::kConvolution, S::kSubframes * S::kCondition);
    floats("sig_net_cond_gain_dense", S::kCondition, 1);
    bytes("sig_net_fwc0_conv", 2 * S::kSignalInput, S::kHidden);
    bytes("sig_net_fwc0_glu_gate", S::kHidden, S::kHidden);
    floats("sig_net_gain_dense_out", S::kHidden, S::kPitchGains);
    gru("sig_net_gru1", S::kHidden + S::kSignals, S::kState1);
    gru("sig_net_gru2", S::kState1 + S::kSignals, S::kState2);
    gru("sig_net_gru3", S::kState2 + S::kSignals, S::kState3);
    bytes("sig_net_skip_dense", S::kSkipInput, S::kSkip);
    bytes("sig_net_skip_glu_gate", S::kSkip, S::kSkip);
    bytes("sig_net_sig_dense_out", S::kSkip, S::kSubframe);
    return blob_;
  }

 private:
  using S = VocoderSizes;

  void gru(const std::string& name, std::size_t inputs, std::size_t width) {
    bytes(name + "_input", inputs, 3 * width);
    bytes(name + "_recurrent", width, 3 * width);
    bytes(name + "_glu_gate", width, width);
  }
  void append(const std::string& name, std::size_t count, float size) {
    Blob array;
    for (std::size_t i = 0; i < count; ++i) {
      const float value = (static_cast<float>(generator_->below(2001)) - 1000.0F) / 1000.0F * size;
      append_word(array, std::bit_cast<std::uint32_t>(value));
    }
    append_record(blob_, name, array);
  }
  void floats(const std::string& name, std::size_t inputs, std::size_t outputs) {
    append(name + "_weights_float", inputs * outputs, 0.3F);
    append(name + "_bias", outputs, 0.1F);
  }
  void bytes(const std::string& name, std::size_t inputs, std::size_t outputs) {
    Blob array(inputs * outputs);
    for (std::uint8_t& byte : array) byte = static_cast<std::uint8_t>(generator_->below(255) - 127);
    append_record(blob_, name + "_weights_int8", array);
    append(name + "_scale", outputs, 1e-5F);
    append(name + "_bias", outputs, 0.1F);
  }

  Generator* generator_;
  Blob blob_;
};

}  // namespace dred::testing
