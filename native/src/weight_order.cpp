#include "weight_order.hpp"

#include <algorithm>
#include <array>

namespace dred {
namespace {

// The kernel for blocks keeps the sums of even and of odd rows in two registers.
constexpr std::array<std::size_t, kRowsPerGroup> kEvenRowsFirst = {0, 2, 4, 6, 1, 3, 5, 7};

[[nodiscard]] std::size_t whole_pieces(std::size_t columns) noexcept {
  return (columns + kColumnsPerPiece - 1) / kColumnsPerPiece * kColumnsPerPiece;
}

// Row after row, each filled up to whole pieces.
void append_rows(Bytes blocks, AlignedVector<std::int8_t>& weights) {
  const std::size_t count = blocks.size() / kWeightsPerBlock;
  const std::size_t row_size = whole_pieces(count * kColumnsPerBlock);
  const std::size_t first = weights.size();
  weights.resize(first + kRowsPerGroup * row_size);
  for (std::size_t block = 0; block < count; ++block)
    for (std::size_t i = 0; i < kWeightsPerBlock; ++i)
      weights[first + i / kColumnsPerBlock * row_size + block * kColumnsPerBlock + i % kColumnsPerBlock] =
          static_cast<std::int8_t>(blocks[block * kWeightsPerBlock + i]);
}

// Block after block, within it the even rows before the odd ones.
void append_blocks(Bytes blocks, AlignedVector<std::int8_t>& weights) {
  for (std::size_t first = 0; first < blocks.size(); first += kWeightsPerBlock)
    for (const std::size_t row : kEvenRowsFirst)
      for (std::size_t c = 0; c < kColumnsPerBlock; ++c)
        weights.push_back(static_cast<std::int8_t>(blocks[first + row * kColumnsPerBlock + c]));
}

}  // namespace

// clause: FIX-int8-layer
ArrangedWeights arrange_weights(const RawInt8Layer& layer, WeightOrder order) {
  ArrangedWeights arranged;
  const bool is_sparse = !layer.index.empty();
  std::size_t index_position = 0;
  Bytes rest = layer.weights;
  for (std::size_t row = 0; row < layer.outputs; row += kRowsPerGroup) {
    const std::size_t count =
        is_sparse ? read_word(layer.index, index_position++) : layer.inputs / kColumnsPerBlock;
    arranged.groups.push_back({arranged.weights.size(), static_cast<std::uint32_t>(arranged.columns.size()),
                               static_cast<std::uint32_t>(count)});
    for (std::size_t block = 0; is_sparse && block < count; ++block)
      arranged.columns.push_back(read_word(layer.index, index_position++));
    const Bytes blocks = rest.first(count * kWeightsPerBlock);
    rest = rest.subspan(blocks.size());
    if (order == WeightOrder::blocks) {
      append_blocks(blocks, arranged.weights);
    } else {
      append_rows(blocks, arranged.weights);
      const std::size_t gathering = whole_pieces(count * kColumnsPerBlock);
      arranged.widest_gathering = std::max(arranged.widest_gathering, gathering);
    }
  }
  return arranged;
}

}  // namespace dred
