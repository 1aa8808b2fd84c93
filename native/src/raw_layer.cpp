#include "raw_layer.hpp"

#include <cstdint>
#include <string_view>

namespace dred {
namespace {

struct BlockNames {
  const char* gru_input;
  const char* gru_recurrent;
  const char* glu;
  const char* conv_dense;
  const char* conv;
};
constexpr std::array<BlockNames, kNetworkBlocks> kBlockNames = {{
    {"dec_gru1_input", "dec_gru1_recurrent", "dec_glu1", "dec_conv_dense1", "dec_conv1"},
    {"dec_gru2_input", "dec_gru2_recurrent", "dec_glu2", "dec_conv_dense2", "dec_conv2"},
    {"dec_gru3_input", "dec_gru3_recurrent", "dec_glu3", "dec_conv_dense3", "dec_conv3"},
    {"dec_gru4_input", "dec_gru4_recurrent", "dec_glu4", "dec_conv_dense4", "dec_conv4"},
    {"dec_gru5_input", "dec_gru5_recurrent", "dec_glu5", "dec_conv_dense5", "dec_conv5"},
}};

[[nodiscard]] Status refuse(const char* layer, const char* message) noexcept {
  return {.rule = Rule::N1, .stage = Stage::feature, .message = message, .layer = layer};
}

[[nodiscard]] bool are_finite(Bytes floats) noexcept {
  for (std::size_t i = 0; i < floats.size() / 4; ++i)
    if ((read_word(floats, i) & 0x7F800000) == 0x7F800000) return false;
  return true;
}

[[nodiscard]] Status check_bias(const char* name, Bytes bias, std::size_t outputs) noexcept {
  if (!bias.empty() && bias.size() != 4 * outputs) return refuse(name, "the bias has another size");
  if (!are_finite(bias)) return refuse(name, "a bias is not a finite number");
  return {};
}

// Counts of blocks and first inputs must describe all groups and all weights.
// clause: FIX-int8-layer, DRED-net-weights
[[nodiscard]] Status check_index(const RawInt8Layer& layer) noexcept {
  if (layer.index.size() % 4 != 0) return refuse(layer.name, "the index has a broken size");
  const std::size_t words = layer.index.size() / 4;
  std::size_t position = 0;
  std::size_t groups = 0;
  std::size_t blocks = 0;
  for (; position < words; ++groups) {
    const std::size_t count = read_word(layer.index, position++);
    if (count > words - position) return refuse(layer.name, "the index ends within a group");
    for (const std::size_t end = position + count; position < end; ++position) {
      const std::size_t column = read_word(layer.index, position);
      if (column % kColumnsPerBlock != 0 || column >= layer.inputs)
        return refuse(layer.name, "a block lies beside the inputs");
    }
    blocks += count;
  }
  if (groups * kRowsPerGroup != layer.outputs)
    return refuse(layer.name, "the index is not for its number of outputs");
  if (layer.weights.size() != blocks * kWeightsPerBlock)
    return refuse(layer.name, "the weights are not those of the index");
  return {};
}

// The number of outputs follows from the scales; `wanted` is 0 where the layer itself decides.
// clause: FIX-int8-layer, DRED-net-weights
[[nodiscard]] Status read_int8(const WeightBlob& blob, const char* name, std::size_t inputs,
                               std::size_t wanted, RawInt8Layer& layer) {
  layer = {name,
           blob.find(name, "_weights_int8"),
           blob.find(name, "_weights_idx"),
           blob.find(name, "_scale"),
           blob.find(name, "_bias"),
           inputs,
           0};
  if (layer.weights.empty()) return refuse(name, "there are no int8 weights");
  if (layer.scale.empty()) return refuse(name, "there are no scales");
  layer.outputs = layer.scale.size() / 4;
  if (layer.scale.size() % 4 != 0 || layer.outputs % kRowsPerGroup != 0)
    return refuse(name, "the number of outputs is no multiple of 8");
  if (wanted != 0 && layer.outputs != wanted) return refuse(name, "the number of outputs does not fit");
  if (!are_finite(layer.scale)) return refuse(name, "a scale is not a finite number");
  if (const Status status = check_bias(name, layer.bias, layer.outputs); !status.ok()) return status;
  if (!layer.index.empty()) return check_index(layer);
  const bool fits = layer.weights.size() % inputs == 0 && layer.weights.size() / inputs == layer.outputs;
  return fits ? Status{} : refuse(name, "the weights are not those of its inputs and outputs");
}

// clause: FIX-float-weight, DRED-net-weights
[[nodiscard]] Status read_float(const WeightBlob& blob, const char* name, std::size_t inputs,
                                RawFloatLayer& layer) {
  layer = {name, blob.find(name, "_weights_float"), blob.find(name, "_bias"), inputs, 0};
  if (layer.weights.empty()) return refuse(name, "there are no float weights");
  layer.outputs = layer.weights.size() / (4 * inputs);
  if (layer.weights.size() % (4 * inputs) != 0)
    return refuse(name, "the weights are not those of its inputs");
  if (layer.outputs % kColumnsPerBlock != 0 || layer.outputs > kMaxWidth)
    return refuse(name, "the number of outputs is no multiple of 4 up to 65536");
  if (!are_finite(layer.weights)) return refuse(name, "a weight is not a finite number");
  return check_bias(name, layer.bias, layer.outputs);
}

// Reads layers until one fails.
class Reader {
 public:
  explicit Reader(const WeightBlob& blob) : blob_(&blob) {}

  void read(const char* name, std::size_t inputs, RawFloatLayer& layer) {
    if (status_.ok()) status_ = read_float(*blob_, name, inputs, layer);
  }
  void read(const char* name, std::size_t inputs, std::size_t wanted, RawInt8Layer& layer) {
    if (status_.ok()) status_ = read_int8(*blob_, name, inputs, wanted, layer);
  }
  void require(bool condition, const char* name, const char* message) {
    if (status_.ok() && !condition) status_ = refuse(name, message);
  }
  [[nodiscard]] const Status& status() const noexcept { return status_; }

 private:
  const WeightBlob* blob_;
  Status status_;
};

}  // namespace

// clause: DRED-net-concat, FIX-start, FIX-gru, FIX-glu, FIX-conv, FIX-output
Status read_network(const WeightBlob& blob, std::size_t latent_dim, std::size_t state_dim,
                    RawNetwork& network) {
  if (!blob.is_valid()) return refuse("", "the weights are no DNNw blob");
  if (blob.is_empty()) return refuse("", "the model has no decoder network");
  constexpr const char* kTooWide = "the layer is wider than 65536";
  Reader reader(blob);
  reader.read("dec_hidden_init", state_dim, network.hidden_init);
  reader.read("dec_gru_init", network.hidden_init.outputs, 0, network.gru_init);
  const std::size_t width = network.gru_init.outputs / kNetworkBlocks;
  reader.require(network.gru_init.outputs % (kNetworkBlocks * kRowsPerGroup) == 0, "dec_gru_init",
                 "the outputs are not five states of a multiple of 8");
  reader.require(width <= kMaxWidth, "dec_gru_init", kTooWide);
  network.gru_width = width;
  reader.read("dec_dense1", latent_dim + 1, network.dense1);
  std::size_t concatenated = network.dense1.outputs;
  for (std::size_t k = 0; k < kNetworkBlocks; ++k) {
    const BlockNames& names = kBlockNames[k];
    RawBlock& block = network.blocks[k];
    reader.read(names.gru_input, concatenated, 3 * width, block.gru_input);
    reader.read(names.gru_recurrent, width, 3 * width, block.gru_recurrent);
    reader.read(names.glu, width, width, block.glu);
    concatenated += width;
    reader.read(names.conv_dense, concatenated, 0, block.conv_dense);
    reader.require(block.conv_dense.outputs <= kMaxWidth, names.conv_dense, kTooWide);
    reader.read(names.conv, 2 * block.conv_dense.outputs, 0, block.conv);
    reader.require(block.conv.outputs <= kMaxWidth, names.conv, kTooWide);
    concatenated += block.conv.outputs;
  }
  reader.read("dec_output", concatenated, kFeaturesPerLatent, network.output);
  return reader.status();
}

}  // namespace dred
