#include "dred/vocoder_network.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <string_view>
#include <utility>

#include "dred/weight_blob.hpp"

namespace dred {
namespace {

using S = VocoderSizes;

[[nodiscard]] Status refuse(const char* layer, const char* message) noexcept {
  return {.rule = Rule::N1, .stage = Stage::audio, .message = message, .layer = layer};
}

// Loads layers until one fails.
class Loader {
 public:
  Loader(const WeightBlob& blob, VocoderNetwork& network)
      : blob_(&blob), storage_(&network.storage), order_(vocoder_kernels_of(network.path).order) {}

  void load(const char* name, std::size_t inputs, std::size_t outputs, VocoderFloatLayer& layer) {
    layer.inputs = inputs;
    layer.outputs = outputs;
    layer.weights = numbers(name, "_weights_float", inputs * outputs, "there are no float weights");
    layer.biases = numbers(name, "_bias", outputs, nullptr);
  }
  void load(const char* name, std::size_t inputs, std::size_t outputs, VocoderLayer& layer) {
    layer.inputs = inputs;
    layer.outputs = outputs;
    layer.weights = weights(name, inputs, outputs);
    layer.scales = numbers(name, "_scale", outputs, "there are no scales");
    layer.biases = numbers(name, "_bias", outputs, nullptr);
  }
  void load(const char* input, const char* recurrent, const char* gate, std::size_t inputs, std::size_t width,
            VocoderGru& gru) {
    load(input, inputs, 3 * width, gru.input);
    load(recurrent, width, 3 * width, gru.recurrent);
    load(gate, width, width, gru.gate);
  }

  [[nodiscard]] const Status& status() const noexcept { return status_; }

 private:
  // Without `if_missing` an array that is not there stands for zeros.
  [[nodiscard]] const float* numbers(const char* name, std::string_view suffix, std::size_t count,
                                     const char* if_missing) {
    if (!status_.ok()) return nullptr;
    const Bytes array = blob_->find(name, suffix);
    if (array.empty() && if_missing != nullptr) return fail(name, if_missing);
    if (!array.empty() && array.size() != 4 * count) return fail(name, "an array has another size");
    AlignedVector<float>& kept = storage_->numbers.emplace_back(count);
    for (std::size_t i = 0; i < array.size() / 4; ++i) {
      kept[i] = std::bit_cast<float>(read_word(array, i));
      if (!std::isfinite(kept[i])) return fail(name, "a weight, a scale or a bias is not a finite number");
    }
    return kept.data();
  }

  // An array has the blocks of a group of outputs one after the other, that of the first inputs first.
  // clause: DRED-net-weights, VOC-net-weights
  [[nodiscard]] const std::int8_t* weights(const char* name, std::size_t inputs, std::size_t outputs) {
    if (!status_.ok()) return nullptr;
    const Bytes array = blob_->find(name, "_weights_int8");
    if (array.empty()) return fail(name, "there are no int8 weights");
    if (!blob_->find(name, "_weights_idx").empty()) return fail(name, "the layer is sparse");
    if (array.size() != inputs * outputs) return fail(name, "the weights have another size");
    if (std::find(array.begin(), array.end(), std::uint8_t{0x80}) != array.end())
      return fail(name, "a weight is -128, which has no opposite");
    AlignedVector<std::int8_t>& kept = storage_->weights.emplace_back(array.size());
    std::size_t source = 0;
    for (std::size_t group = 0; group < outputs; group += kRowsPerGroup) {
      for (std::size_t block = 0; block < inputs; block += kColumnsPerBlock) {
        for (std::size_t row = group; row < group + kRowsPerGroup; ++row) {
          for (std::size_t column = block; column < block + kColumnsPerBlock; ++column, ++source) {
            const std::size_t target = order_ == WeightOrder::rows ? row * inputs + column : source;
            kept[target] = static_cast<std::int8_t>(array[source]);
          }
        }
      }
    }
    return kept.data();
  }

  // To be returned in place of an array.
  [[nodiscard]] std::nullptr_t fail(const char* name, const char* message) noexcept {
    status_ = refuse(name, message);
    return nullptr;
  }

  const WeightBlob* blob_;
  VocoderNetwork::Storage* storage_;
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

std::size_t VocoderNetwork::memory_bytes() const noexcept {
  return sizeof(VocoderNetwork) + bytes_of(storage.weights) + bytes_of(storage.numbers);
}

bool has_vocoder_network(Bytes blob) {
  const WeightBlob records(blob, kVocoderPrefixes);
  return !records.is_valid() || !records.is_empty();
}

// clause: VOC-net-weights
Status load_vocoder_network(Bytes blob, KernelPath path, VocoderNetwork& network) {
  const WeightBlob records(blob, kVocoderPrefixes);
  if (!records.is_valid()) return refuse("", "the weights are no DNNw blob");
  if (records.is_empty()) return refuse("", "the model has no vocoder");
  network = VocoderNetwork();
  network.path = path;
  Loader loader(records, network);
  loader.load("cond_net_pembed", S::kPeriods, S::kEmbedding, network.period_embedding);
  loader.load("cond_net_fdense1", S::kConditionInput, S::kConvolutionInput, network.condition_in);
  loader.load("cond_net_fconv1", S::kConvolutionTaps * S::kConvolutionInput, S::kConvolution,
              network.condition_conv);
  loader.load("cond_net_fdense2", S::kConvolution, S::kSubframes * S::kCondition, network.condition_out);
  loader.load("sig_net_cond_gain_dense", S::kCondition, 1, network.gain);
  loader.load("sig_net_fwc0_conv", 2 * S::kSignalInput, S::kHidden, network.hidden);
  loader.load("sig_net_fwc0_glu_gate", S::kHidden, S::kHidden, network.hidden_gate);
  loader.load("sig_net_gain_dense_out", S::kHidden, S::kPitchGains, network.pitch_gain);
  loader.load("sig_net_gru1_input", "sig_net_gru1_recurrent", "sig_net_gru1_glu_gate",
              S::kHidden + S::kSignals, S::kState1, network.gru1);
  loader.load("sig_net_gru2_input", "sig_net_gru2_recurrent", "sig_net_gru2_glu_gate",
              S::kState1 + S::kSignals, S::kState2, network.gru2);
  loader.load("sig_net_gru3_input", "sig_net_gru3_recurrent", "sig_net_gru3_glu_gate",
              S::kState2 + S::kSignals, S::kState3, network.gru3);
  loader.load("sig_net_skip_dense", S::kSkipInput, S::kSkip, network.skip);
  loader.load("sig_net_skip_glu_gate", S::kSkip, S::kSkip, network.skip_gate);
  loader.load("sig_net_sig_dense_out", S::kSkip, S::kSubframe, network.signal);
  return loader.status();
}

}  // namespace dred
