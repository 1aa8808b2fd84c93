#include "dred/redundancy_writer.hpp"

#include <algorithm>
#include <array>

#include "dred/latent.hpp"
#include "dred/payload_header.hpp"
#include "dred/range_encoder.hpp"

namespace dred {
namespace {

constexpr std::size_t kMostFurther = 4;  // latents that are tried in order to keep the last one

[[nodiscard]] Status refuse(const char* message) noexcept {
  return refusal(Rule::W1, Stage::payload, message);
}

class RedundancyWriter {
 public:
  RedundancyWriter(const SpeechHistory& history, const RedundancyChoice& choice, const RedundancyStart& start,
                   const ModelTables& tables, MutableBytes buffer) noexcept
      : history_(history), choice_(choice), start_(start), tables_(tables), buffer_(buffer) {}

  [[nodiscard]] Status write(std::size_t& size, std::size_t& count) noexcept;

 private:
  [[nodiscard]] Status write_start(bool& fits) noexcept;
  [[nodiscard]] Status write_latent(std::size_t index, bool& fits) noexcept;
  [[nodiscard]] Status write_latents(std::size_t wanted, std::size_t& count) noexcept;
  [[nodiscard]] Status keep_last(std::size_t& count) noexcept;
  [[nodiscard]] Status write_row(const QuantiserTables& tables, std::size_t level,
                                 std::span<const float> rows, std::size_t step,
                                 RangeEncoder& encoder) const noexcept;
  [[nodiscard]] bool is_over_budget(const RangeEncoder& encoder) const noexcept {
    return encoder.tell() > 8 * buffer_.size();
  }
  [[nodiscard]] std::size_t size_of(std::size_t count) const noexcept {
    return static_cast<std::size_t>((after_[count].tell() + 7) / 8);
  }
  [[nodiscard]] bool is_last_lost(std::size_t count) const noexcept {
    return 8 * size_of(count) <= after_[count - 1].tell() + 7;
  }

  const SpeechHistory& history_;
  const RedundancyChoice& choice_;
  const RedundancyStart& start_;
  const ModelTables& tables_;
  MutableBytes buffer_;
  PayloadHeader header_;
  // The coder once that many latents are written: where to go on from, or back to.
  std::array<RangeEncoder, kMostRedundancy + 1> after_{};
};

// What is not sent is not written first: the silent end is known beforehand, and again where the budget ends.
// clause: DRED-write-latents, ENC-write-trim, ENC-write-none, ENC-write-size
Status RedundancyWriter::write(std::size_t& size, std::size_t& count) noexcept {
  size = 0;
  count = 0;
  const auto trim = [&](std::size_t latents) {
    return without_silent_end(history_.activity, start_.first, latents);
  };
  const std::size_t wanted = trim(std::min(choice_.max_latents, start_.available()));
  if (wanted == 0) return {};
  bool fits = false;
  if (const Status status = write_start(fits); !status.ok() || !fits) return status;
  if (const Status status = write_latents(wanted, count); !status.ok()) return status;
  count = trim(count);
  // One latent behind silence is not worth a payload.
  if (count == 1 && start_.skipped > 0) count = 0;
  if (choice_.rule == RedundancyRule::kept && count > 0)
    if (const Status status = keep_last(count); !status.ok()) return status;
  if (count == 0) return {};
  size = size_of(count);
  after_[count].shrink(size);
  after_[count].finish();
  return {};
}

// clause: DRED-write-header, DRED-write-state, ENC-write-state
Status RedundancyWriter::write_start(bool& fits) noexcept {
  header_ = {choice_.q0, choice_.dq, choice_.qmax, start_.offset_2p5ms};
  RangeEncoder encoder(buffer_);
  write_header(encoder, header_);
  const Status status =
      write_row(tables_.state, static_cast<std::size_t>(choice_.q0), history_.states, start_.first, encoder);
  fits = !is_over_budget(encoder);
  after_[0] = encoder;
  return status;
}

// clause: DRED-write-latents, DRED-schedule, ENC-write-latents
Status RedundancyWriter::write_latent(std::size_t index, bool& fits) noexcept {
  RangeEncoder encoder = after_[index];
  const Status status = write_row(tables_.latent, latent_level(header_, index), history_.latents,
                                  start_.first + 2 * index, encoder);
  fits = !is_over_budget(encoder);
  after_[index + 1] = encoder;
  return status;
}

// Sets `count` to those that fit.
// clause: DRED-write-budget, ENC-write-budget
Status RedundancyWriter::write_latents(std::size_t wanted, std::size_t& count) noexcept {
  for (count = 0; count < wanted; ++count) {
    bool fits = false;
    if (const Status status = write_latent(count, fits); !status.ok() || !fits) return status;
  }
  return {};
}

// Decoders do not look at a last latent that began with at most 7 bits left. Another one behind it takes its
// place as the last; where that does not help, it is better not to send what nobody reads, nor silence that
// then stands at the end.
// clause: ENC-kept-last, DRED-last-latent
Status RedundancyWriter::keep_last(std::size_t& count) noexcept {
  const std::size_t most = std::min(start_.available(), count + kMostFurther);
  std::size_t longer = count;
  while (is_last_lost(longer)) {
    bool fits = false;
    if (longer < most)
      if (const Status status = write_latent(longer, fits); !status.ok()) return status;
    if (!fits) {
      while (count > 0 && is_last_lost(count))
        count = without_silent_end(history_.activity, start_.first, count - 1);
      return {};
    }
    ++longer;
  }
  count = longer;
  return {};
}

// Stops early where the budget is spent: a row may cost far more than that.
// clause: DRED-quantise, DRED-symbol-skip
Status RedundancyWriter::write_row(const QuantiserTables& tables, std::size_t level,
                                   std::span<const float> rows, std::size_t step,
                                   RangeEncoder& encoder) const noexcept {
  std::array<std::int32_t, kMaxDimension> memory;
  const std::size_t dimension = tables.dimension();
  const std::span<std::int32_t> symbols = std::span(memory).first(dimension);
  if (!quantise_row(tables, level, rows.subspan(step * dimension, dimension), symbols))
    return refuse("a value that is no number or too large");
  for (const CodedDimension& coded : tables.coded(level)) {
    if (!coded.table.encode(encoder, symbols[coded.index]))
      return refuse("a value that the model cannot code");
    if (is_over_budget(encoder)) return {};
  }
  return {};
}

[[nodiscard]] Status check(const SpeechHistory& history, const RedundancyChoice& choice,
                           const ModelTables& tables) noexcept {
  if (history.activity.size() != kActivityCount) return refuse("the activity does not have 416 entries");
  if (history.latents.size() % tables.latent.dimension() != 0)
    return refuse("a latent has another dimension");
  const std::size_t count = history.latents.size() / tables.latent.dimension();
  if (count > kLongestHistory) return refuse("more than 104 latents of 20 ms");
  if (history.states.size() != count * tables.state.dimension())
    return refuse("there are not as many states of the model's dimension as latents");
  return check_levels({choice.q0, choice.dq, choice.qmax, 0}, Stage::payload);
}

}  // namespace

// clause: DRED-write-header, DRED-write-state, DRED-write-latents, DRED-write-budget
Status write_redundancy(const SpeechHistory& history, const RedundancyChoice& choice, std::size_t last_extra,
                        const ModelTables& tables, MutableBytes buffer, WrittenRedundancy& written) noexcept {
  written = {};
  if (const Status status = check(history, choice, tables); !status.ok()) return status;
  const std::size_t count = history.latents.size() / tables.latent.dimension();
  const RedundancyStart start = select_start(
      {history.activity, history.dred_offset_2p5ms, history.latent_offset, count}, choice.rule, last_extra);
  written.last_extra = start.last_extra;
  if (start.offset_2p5ms > kNewestOffset || start.offset_2p5ms < kOldestOffset) return {};
  std::size_t size = 0;
  std::size_t latents = 0;
  const Status status = RedundancyWriter(history, choice, start, tables, buffer).write(size, latents);
  if (status.ok() && size > 0) written = {size, latents, start.offset_2p5ms, start.first, start.last_extra};
  return status;
}

}  // namespace dred
