// Weight blobs of small decoder networks made of a seed, for tests and fuzzers that must not depend on any
// model.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "dred/network.hpp"
#include "tests/synthetic_tables.hpp"

namespace dred::testing {

using Blob = std::vector<std::uint8_t>;

inline void append_word(Blob& blob, std::uint32_t word) {
  for (unsigned shift = 0; shift < 32; shift += 8) blob.push_back(static_cast<std::uint8_t>(word >> shift));
}

inline void append_record(Blob& blob, const std::string& name, const Blob& array) {
  if (array.empty()) return;  // a record of no bytes would end the blob
  const std::size_t filled = (array.size() + 63) / 64 * 64;
  for (const char c : std::string_view("DNNw")) blob.push_back(static_cast<std::uint8_t>(c));
  for (const std::size_t word : {std::size_t{0}, std::size_t{0}, array.size(), filled})
    append_word(blob, static_cast<std::uint32_t>(word));
  for (std::size_t i = 0; i < 44; ++i)
    blob.push_back(i < name.size() ? static_cast<std::uint8_t>(name[i]) : std::uint8_t{0});
  blob.insert(blob.end(), array.begin(), array.end());
  blob.resize(blob.size() + filled - array.size());
}

class NetworkMaker {
 public:
  // Layers are up to `most_groups` groups wide.
  explicit NetworkMaker(std::uint64_t seed, std::uint32_t most_groups = 4)
      : generator_(seed), most_groups_(most_groups) {}

  [[nodiscard]] Blob make(std::size_t latent_dim, std::size_t state_dim) {
    const std::size_t hidden = width();
    const std::size_t gru = width();
    std::size_t all = width();
    float_layer("dec_hidden_init", state_dim, hidden);
    int8_layer("dec_gru_init", hidden, 5 * gru, true);
    float_layer("dec_dense1", latent_dim + 1, all);
    for (std::size_t k = 1; k <= kNetworkBlocks; ++k) {
      const std::string number = std::to_string(k);
      const std::size_t conv_dense = width();
      const std::size_t conv = width();
      int8_layer("dec_gru" + number + "_input", all, 3 * gru, true);
      int8_layer("dec_gru" + number + "_recurrent", gru, 3 * gru, false);
      int8_layer("dec_glu" + number, gru, gru, false);
      int8_layer("dec_conv_dense" + number, all + gru, conv_dense, true);
      int8_layer("dec_conv" + number, 2 * conv_dense, conv, false);
      all += gru + conv;
    }
    int8_layer("dec_output", all, kFeaturesPerLatent, true);
    return std::move(blob_);
  }

 private:
  [[nodiscard]] std::size_t width() {
    return kRowsPerGroup * std::size_t{1 + generator_.below(most_groups_)};
  }

  // Between -limit and limit.
  void append_float(Blob& array, float limit) {
    const float unit = static_cast<float>(generator_.below(1U << 20)) / static_cast<float>(1 << 19) - 1;
    append_word(array, std::bit_cast<std::uint32_t>(unit * limit));
  }
  [[nodiscard]] Blob floats(std::size_t count, float limit) {
    Blob array;
    for (std::size_t i = 0; i < count; ++i) append_float(array, limit);
    return array;
  }

  void float_layer(const std::string& name, std::size_t inputs, std::size_t outputs) {
    append_record(blob_, name + "_weights_float", floats(inputs * outputs, 0.1F));
    append_record(blob_, name + "_bias", floats(outputs, 0.5F));
  }

  void int8_layer(const std::string& name, std::size_t inputs, std::size_t outputs, bool is_sparse) {
    Blob index;
    std::size_t blocks = inputs / kColumnsPerBlock * (outputs / kRowsPerGroup);
    if (is_sparse) {
      blocks = 0;
      for (std::size_t row = 0; row < outputs; row += kRowsPerGroup) blocks += sparse_group(inputs, index);
    }
    Blob weights;
    for (std::size_t i = 0; i < blocks * kWeightsPerBlock; ++i) weights.push_back(generator_.byte());
    append_record(blob_, name + "_weights_int8", weights);
    append_record(blob_, name + "_weights_idx", index);
    append_record(blob_, name + "_scale", floats(outputs, 0.0005F));
    if (generator_.below(4) != 0) append_record(blob_, name + "_bias", floats(outputs, 0.5F));
  }

  // The first input is always there, so that no layer is without weights; some places come twice.
  [[nodiscard]] std::size_t sparse_group(std::size_t inputs, Blob& index) {
    std::vector<std::uint32_t> columns = {0};
    for (std::uint32_t column = 0; column < inputs; column += kColumnsPerBlock)
      if (generator_.below(3) == 0) columns.push_back(column);
    append_word(index, static_cast<std::uint32_t>(columns.size()));
    for (const std::uint32_t column : columns) append_word(index, column);
    return columns.size();
  }

  Generator generator_;
  std::uint32_t most_groups_;
  Blob blob_;
};

}  // namespace dred::testing
