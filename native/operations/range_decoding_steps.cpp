#include "dred/laplace.hpp"
#include "dred/range_decoder.hpp"
#include "operations/range_arguments.hpp"
#include "operations/range_steps.hpp"

namespace dred {
namespace {

class StepDecoder {
 public:
  explicit StepDecoder(Bytes data) : decoder_(data) {}

  [[nodiscard]] std::int64_t run(const RangeStep& step);
  void expect_no_update() const {
    if (open_total_ != 0) refuse_step("a decoded frequency that no update follows");
  }
  void record(std::int64_t value, RangeTrace& trace) const {
    trace.values.push_back(value);
    trace.tells.push_back(decoder_.tell());
    trace.tell_fracs.push_back(decoder_.tell_frac());
    trace.ranges.push_back(decoder_.range());
    trace.has_failed = decoder_.has_uniform_error();
  }

 private:
  [[nodiscard]] std::int64_t open(std::uint32_t value, std::uint32_t total);
  void update(const RangeStep& step);
  [[nodiscard]] std::int64_t icdf(const RangeStep& step);
  [[nodiscard]] std::int64_t laplace(const RangeStep& step);

  RangeDecoder decoder_;
  std::uint32_t open_total_ = 0;  // of a decode that still waits for its update
  std::uint32_t open_value_ = 0;
};

std::int64_t StepDecoder::run(const RangeStep& step) {
  if (step.name == "update") {
    update(step);
    return 0;
  }
  expect_no_update();
  if (step.name == "decode") {
    const std::uint32_t total = RangeArguments(step, 1).take(1, kMaxStepTotal);
    return open(decoder_.decode(total), total);
  }
  if (step.name == "decode_bin") {
    const std::uint32_t bits = RangeArguments(step, 1).take(1, kMaxBinBits);
    return open(decoder_.decode_bin(bits), std::uint32_t{1} << bits);
  }
  if (step.name == "bit_logp") return decoder_.bit_logp(RangeArguments(step, 1).take(1, kMaxLogp)) ? 1 : 0;
  if (step.name == "icdf") return icdf(step);
  if (step.name == "uint") return decoder_.uniform(RangeArguments(step, 1).take(2, kMaxUniformTotal));
  if (step.name == "bits") return decoder_.raw_bits(RangeArguments(step, 1).take(0, kMaxRawBits));
  if (step.name == "laplace") return laplace(step);
  throw MalformedStep("an unknown range decoder step");
}

std::int64_t StepDecoder::open(std::uint32_t value, std::uint32_t total) {
  open_total_ = total;
  open_value_ = value;
  return value;
}

// An update that leaves out the decoded value would put the difference outside the range.
void StepDecoder::update(const RangeStep& step) {
  RangeArguments arguments(step, 3);
  if (open_total_ == 0) refuse_step("an update that follows no decoded frequency");
  const std::uint32_t low = arguments.take(0, open_value_);
  const std::uint32_t high = arguments.take(std::int64_t{open_value_} + 1, open_total_);
  decoder_.update(low, high, arguments.take(open_total_, open_total_));
  open_total_ = 0;
}

std::int64_t StepDecoder::icdf(const RangeStep& step) {
  RangeArguments arguments(step, 1, 0);
  const std::uint32_t bits = arguments.take(1, kMaxIcdfBits);
  return decoder_.icdf(arguments.table(bits), bits);
}

std::int64_t StepDecoder::laplace(const RangeStep& step) {
  RangeArguments arguments(step, 2);
  const std::uint32_t p0_q15 = arguments.take(0, kMaxStepP0);
  const std::uint32_t decay_q15 = arguments.take(0, kMaxStepDecay);
  return LaplaceTable(p0_q15, decay_q15).decode(decoder_);
}

}  // namespace

RangeTrace decode_steps(Bytes data, std::span<const RangeStep> steps) {
  if (data.size() > kMaxFilledSize) refuse_step("more than 1048576 bytes of data");
  RangeTrace trace;
  StepDecoder decoder(data);
  for (const RangeStep& step : steps) decoder.record(decoder.run(step), trace);
  decoder.expect_no_update();
  return trace;
}

}  // namespace dred
