#include "dred/laplace.hpp"
#include "dred/range_encoder.hpp"
#include "operations/range_arguments.hpp"
#include "operations/range_steps.hpp"

namespace dred {
namespace {

class StepEncoder {
 public:
  explicit StepEncoder(MutableBytes buffer) : encoder_(buffer) {}

  void run(const RangeStep& step);
  void record(RangeTrace& trace) const {
    trace.tells.push_back(encoder_.tell());
    trace.tell_fracs.push_back(encoder_.tell_frac());
    trace.ranges.push_back(encoder_.range());
  }
  [[nodiscard]] RangeEncoder& encoder() noexcept { return encoder_; }

 private:
  void encode(const RangeStep& step, bool is_bin);
  void icdf(const RangeStep& step);
  void uniform(const RangeStep& step);
  void raw_bits(const RangeStep& step);
  void laplace(const RangeStep& step);
  void shrink(const RangeStep& step);

  RangeEncoder encoder_;
};

void StepEncoder::run(const RangeStep& step) {
  if (step.name == "encode") return encode(step, false);
  if (step.name == "encode_bin") return encode(step, true);
  if (step.name == "bit_logp") {
    RangeArguments arguments(step, 2);
    const bool value = arguments.take(0, 1) != 0;
    return encoder_.bit_logp(value, arguments.take(1, kMaxLogp));
  }
  if (step.name == "icdf") return icdf(step);
  if (step.name == "uint") return uniform(step);
  if (step.name == "bits") return raw_bits(step);
  if (step.name == "laplace") return laplace(step);
  if (step.name == "shrink") return shrink(step);
  throw MalformedStep("an unknown range encoder step");
}

void StepEncoder::encode(const RangeStep& step, bool is_bin) {
  RangeArguments arguments(step, 3);
  const std::uint32_t low = arguments.take(0, kMaxStepTotal);
  const std::uint32_t high = arguments.take(std::int64_t{low} + 1, kMaxStepTotal);
  const std::uint32_t last = is_bin ? arguments.take(1, kMaxBinBits) : arguments.take(1, kMaxStepTotal);
  const std::uint32_t total = is_bin ? std::uint32_t{1} << last : last;
  if (high > total) refuse_step("a symbol that ends above its total");
  is_bin ? encoder_.encode_bin(low, high, last) : encoder_.encode(low, high, total);
}

void StepEncoder::icdf(const RangeStep& step) {
  RangeArguments arguments(step, 2, 1);
  const std::uint32_t symbol = arguments.take(0, static_cast<std::int64_t>(step.table.size()) - 1);
  const std::uint32_t bits = arguments.take(1, kMaxIcdfBits);
  if (!encoder_.icdf(symbol, arguments.table(bits), bits))
    refuse_step("a symbol without a share of the range");
}

void StepEncoder::uniform(const RangeStep& step) {
  RangeArguments arguments(step, 2);
  const std::uint32_t value = arguments.take(0, kMaxUniformTotal - 1);
  const std::uint32_t total = arguments.take(2, kMaxUniformTotal);
  if (value >= total) refuse_step("an integer that is not below its total");
  encoder_.uniform(value, total);
}

void StepEncoder::raw_bits(const RangeStep& step) {
  RangeArguments arguments(step, 2);
  const std::uint32_t value = arguments.take(0, (std::int64_t{1} << kMaxRawBits) - 1);
  const std::uint32_t count = arguments.take(0, kMaxRawBits);
  if (value >> count != 0) refuse_step("raw bits that do not fit their number");
  encoder_.raw_bits(value, count);
}

void StepEncoder::laplace(const RangeStep& step) {
  RangeArguments arguments(step, 3);
  const auto value = static_cast<std::int32_t>(arguments.take(-kMaxEncodedMagnitude, kMaxEncodedMagnitude));
  const std::uint32_t p0_q15 = arguments.take(0, kMaxStepP0);
  const std::uint32_t decay_q15 = arguments.take(0, kMaxStepDecay);
  if (!LaplaceTable(p0_q15, decay_q15).encode(encoder_, value)) refuse_step("a value of probability 0");
}

void StepEncoder::shrink(const RangeStep& step) {
  const auto least = static_cast<std::int64_t>(encoder_.written());
  const auto most = static_cast<std::int64_t>(encoder_.storage());
  encoder_.shrink(RangeArguments(step, 1).take(least, most));
}

}  // namespace

RangeTrace encode_steps(std::int64_t size, std::span<const RangeStep> steps) {
  if (size < 0 || size > static_cast<std::int64_t>(kMaxFilledSize))
    refuse_step("the size is not in 0..1048576");
  RangeTrace trace;
  trace.data.resize(static_cast<std::size_t>(size));
  StepEncoder encoder(trace.data);
  for (const RangeStep& step : steps) {
    encoder.run(step);
    encoder.record(trace);
  }
  encoder.encoder().finish();
  trace.data.resize(encoder.encoder().storage());
  trace.has_failed = encoder.encoder().has_overflowed();
  return trace;
}

}  // namespace dred
