#include "dred/payload_encoder.hpp"

#include <algorithm>
#include <array>

#include "dred/payload_decoder.hpp"

namespace dred {
namespace {

[[nodiscard]] Status refuse(const char* message) noexcept {
  return refusal(Rule::W1, Stage::payload, message);
}

class PayloadWriter {
 public:
  PayloadWriter(const PayloadSymbols& symbols, const ModelTables& tables, MutableBytes buffer) noexcept
      : symbols_(symbols), tables_(tables), buffer_(buffer), encoder_(buffer) {}

  [[nodiscard]] Status write(bool keep_last, EncodedPayload& encoded) noexcept;

 private:
  [[nodiscard]] Status write_start() noexcept;
  [[nodiscard]] Status write_latents(std::size_t& count) noexcept;
  [[nodiscard]] Status write_row(const QuantiserTables& tables, std::size_t level,
                                 std::span<const std::int32_t> values) noexcept;
  [[nodiscard]] std::size_t choose_size(bool keep_last, std::size_t& count) const noexcept;
  [[nodiscard]] bool is_over_budget() const noexcept { return encoder_.tell() > 8 * buffer_.size(); }
  [[nodiscard]] std::size_t bytes_after(std::size_t count) const noexcept {
    return static_cast<std::size_t>((tells_[count] + 7) / 8);
  }

  const PayloadSymbols& symbols_;
  const ModelTables& tables_;
  MutableBytes buffer_;
  RangeEncoder encoder_;
  std::array<std::uint64_t, kMaxLatents + 1> tells_{};  // bits used once that many latents are written
};

// clause: DRED-write-latents, DRED-write-budget, DRED-write-last
Status PayloadWriter::write(bool keep_last, EncodedPayload& encoded) noexcept {
  if (const Status status = write_start(); !status.ok()) return status;
  std::size_t count = symbols_.latents.size() / tables_.latent.dimension();
  if (const Status status = write_latents(count); !status.ok()) return status;
  const std::size_t fitting = count;
  const std::size_t size = choose_size(keep_last, count);
  if (count != fitting) {
    encoder_ = RangeEncoder(buffer_);
    if (const Status status = write_start(); !status.ok()) return status;
    if (const Status status = write_latents(count); !status.ok()) return status;
  }
  encoder_.shrink(size);
  encoder_.finish();
  encoded = {size, count};
  return {};
}

// clause: DRED-write-header, DRED-write-state
Status PayloadWriter::write_start() noexcept {
  write_header(encoder_, symbols_.header);
  const auto level = static_cast<std::size_t>(symbols_.header.q0);
  if (const Status status = write_row(tables_.state, level, symbols_.state); !status.ok()) return status;
  if (is_over_budget()) return refusal(Rule::W2, Stage::payload, "the initial state does not fit");
  tells_[0] = encoder_.tell();
  return {};
}

// Writes up to `count` latents and sets `count` to those that fit.
Status PayloadWriter::write_latents(std::size_t& count) noexcept {
  const std::size_t dimension = tables_.latent.dimension();
  for (std::size_t i = 0; i < count; ++i) {
    const RangeEncoder before = encoder_;
    const std::size_t level = latent_level(symbols_.header, i);
    const Status status =
        write_row(tables_.latent, level, symbols_.latents.subspan(i * dimension, dimension));
    if (!status.ok()) return status;
    if (is_over_budget()) {
      encoder_ = before;
      count = i;
      return {};
    }
    tells_[i + 1] = encoder_.tell();
  }
  return {};
}

// clause: DRED-symbol-skip
Status PayloadWriter::write_row(const QuantiserTables& tables, std::size_t level,
                                std::span<const std::int32_t> values) noexcept {
  for (std::size_t index = 0; index < values.size(); ++index)
    if (values[index] != 0 && !tables.is_coded(level, index))
      return refuse("a value that is not 0 in a dimension that the model does not code at this level");
  for (const CodedDimension& dimension : tables.coded(level)) {
    if (!dimension.table.encode(encoder_, values[dimension.index]))
      return refuse("a value that the model cannot code");
    if (is_over_budget()) return {};
  }
  return {};
}

// A decoder reads the last latent only when more than 7 bits are left before it.
// clause: DRED-write-last
std::size_t PayloadWriter::choose_size(bool keep_last, std::size_t& count) const noexcept {
  if (!keep_last) return bytes_after(count);
  for (; count > 0; --count) {
    const std::size_t size = bytes_after(count);
    if (8 * size > tells_[count - 1] + 7) return size;
    if (size < buffer_.size()) return size + 1;
  }
  return bytes_after(0);
}

}  // namespace

// clause: DRED-write-header, DRED-write-state, DRED-write-latents, DRED-write-budget
Status encode_payload(const PayloadSymbols& symbols, const ModelTables& tables, bool keep_last,
                      MutableBytes buffer, EncodedPayload& encoded) noexcept {
  encoded = {};
  if (const Status status = check_header(symbols.header); !status.ok()) return status;
  if (symbols.state.size() != tables.state.dimension()) return refuse("the state has another dimension");
  if (symbols.latents.size() % tables.latent.dimension() != 0)
    return refuse("a latent has another dimension");
  if (symbols.latents.size() / tables.latent.dimension() > kMaxLatents)
    return refuse("more than 1024 latents");
  return PayloadWriter(symbols, tables, buffer).write(keep_last, encoded);
}

}  // namespace dred
