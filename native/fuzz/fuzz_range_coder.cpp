// Encodes whatever calls the input names, then decodes: every value, tell and range must be the same on both
// sides.

#include <array>
#include <vector>

#include "dred/laplace.hpp"
#include "dred/range_decoder.hpp"
#include "dred/range_encoder.hpp"
#include "fuzz/fuzz_input.hpp"

using dred::fuzz::require;

namespace {

constexpr std::size_t kMostCalls = 400;

enum class Kind : std::uint8_t { symbol, bin, logp, icdf, uniform, raw, laplace };

struct Call {
  Kind kind = Kind::symbol;
  std::int64_t value = 0;
  std::uint32_t low = 0;  // also p0
  std::uint32_t high = 0;
  std::uint32_t total = 0;  // also bits, logp, decay
  std::array<std::uint32_t, 4> table{};
  std::uint64_t tell = 0;
  std::uint64_t tell_frac = 0;
  std::uint32_t range = 0;
};

void pick_symbol(dred::fuzz::Input& input, Call& call) {
  const std::uint32_t total = call.kind == Kind::bin ? std::uint32_t{1} << call.total : call.total;
  call.low = input.below(total);
  call.high = call.low + 1 + input.below(total - call.low);
}

[[nodiscard]] Call pick(dred::fuzz::Input& input) {
  Call call;
  call.kind = static_cast<Kind>(input.below(7));
  switch (call.kind) {
    case Kind::symbol:
      call.total = 1 + input.below(dred::kMaxTotal);
      pick_symbol(input, call);
      break;
    case Kind::bin:
      call.total = input.below(24);
      pick_symbol(input, call);
      break;
    case Kind::logp:
      call.total = 1 + input.below(23);
      call.value = input.below(2);
      break;
    case Kind::icdf:
      call.total = 2 + input.below(15);
      call.table = {0, 0, 0, 0};
      call.table[0] = 3 + input.below((std::uint32_t{1} << call.total) - 3);
      call.table[1] = 2 + input.below(call.table[0] - 2);
      call.table[2] = 1 + input.below(call.table[1] - 1);
      call.value = input.below(4);
      break;
    case Kind::uniform:
      call.total = 2 + input.below(0xFFFFFFFE);
      call.value = input.below(call.total);
      break;
    case Kind::raw:
      call.total = input.below(26);
      call.value = input.word() & ((std::uint32_t{1} << call.total) - 1);
      break;
    case Kind::laplace:
      call.low = 1 + input.below(0x7FFD);
      call.total = input.below(0x7F81);
      call.value = std::int64_t{input.below(600)} - 300;
      break;
  }
  return call;
}

void encode(const Call& call, dred::RangeEncoder& encoder) {
  const auto value = static_cast<std::uint32_t>(call.value);
  switch (call.kind) {
    case Kind::symbol:
      return encoder.encode(call.low, call.high, call.total);
    case Kind::bin:
      return encoder.encode_bin(call.low, call.high, call.total);
    case Kind::logp:
      return encoder.bit_logp(value != 0, call.total);
    case Kind::icdf:
      return require(encoder.icdf(value, call.table, call.total));
    case Kind::uniform:
      return encoder.uniform(value, call.total);
    case Kind::raw:
      return encoder.raw_bits(value, call.total);
    case Kind::laplace:
      break;
  }
  const dred::LaplaceTable table(call.low, call.total);
  require(table.encode(encoder, static_cast<std::int32_t>(call.value)));
}

[[nodiscard]] bool is_decoded(const Call& call, dred::RangeDecoder& decoder) {
  const auto value = static_cast<std::uint32_t>(call.value);
  switch (call.kind) {
    case Kind::symbol:
    case Kind::bin: {
      const bool is_bin = call.kind == Kind::bin;
      const std::uint32_t frequency = is_bin ? decoder.decode_bin(call.total) : decoder.decode(call.total);
      if (frequency < call.low || frequency >= call.high) return false;
      decoder.update(call.low, call.high, is_bin ? std::uint32_t{1} << call.total : call.total);
      return true;
    }
    case Kind::logp:
      return decoder.bit_logp(call.total) == (value != 0);
    case Kind::icdf:
      return decoder.icdf(call.table, call.total) == value;
    case Kind::uniform:
      return decoder.uniform(call.total) == value;
    case Kind::raw:
      return decoder.raw_bits(call.total) == value;
    case Kind::laplace:
      break;
  }
  return dred::LaplaceTable(call.low, call.total).decode(decoder) == call.value;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dred::fuzz::Input input(data, size);
  std::vector<std::uint8_t> buffer(input.below(8) == 0 ? input.byte() : 1U << 17);
  dred::RangeEncoder encoder(buffer);
  std::vector<Call> calls;
  while (!input.is_empty() && calls.size() < kMostCalls) {
    Call call = pick(input);
    encode(call, encoder);
    call.tell = encoder.tell();
    call.tell_frac = encoder.tell_frac();
    call.range = encoder.range();
    calls.push_back(call);
  }
  // Bytes enough for the bits used are bytes enough for the finished stream.
  const auto needed = static_cast<std::size_t>((encoder.tell() + 7) / 8);
  const bool is_shrunk =
      !encoder.has_overflowed() && needed >= encoder.written() && needed <= encoder.storage();
  if (is_shrunk) encoder.shrink(needed);
  encoder.finish();
  if (is_shrunk) require(!encoder.has_overflowed());
  if (encoder.has_overflowed()) return 0;

  dred::RangeDecoder decoder(dred::Bytes(buffer).first(encoder.storage()));
  for (const Call& call : calls) {
    require(is_decoded(call, decoder));
    require(decoder.tell() == call.tell && decoder.tell_frac() == call.tell_frac &&
            decoder.range() == call.range);
  }
  require(!decoder.has_uniform_error());
  return 0;
}
