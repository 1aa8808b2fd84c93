// Decodes payloads with synthetic models; the symbols, encoded and decoded again, must be the same.

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <vector>

#include "dred/payload_decoder.hpp"
#include "dred/payload_encoder.hpp"
#include "fuzz/fuzz_input.hpp"
#include "tests/synthetic_tables.hpp"

using dred::Bytes;
using dred::fuzz::require;

namespace {

constexpr std::size_t kModels = 16;
constexpr std::int64_t kNeverStop = std::numeric_limits<std::int64_t>::min();

const dred::ModelTables& model(std::size_t index) {
  static std::array<std::optional<dred::ModelTables>, kModels> models;
  if (!models[index]) models[index] = dred::testing::make_tables(index);
  return *models[index];
}

void require_same(const dred::PayloadDecoder& a, const dred::PayloadDecoder& b, std::size_t count) {
  require(a.result().header.q0 == b.result().header.q0 && a.result().header.dq == b.result().header.dq);
  require(a.result().header.qmax == b.result().header.qmax &&
          a.result().offset_2p5ms == b.result().offset_2p5ms);
  require(std::equal(a.state().begin(), a.state().end(), b.state().begin()));
  for (std::size_t i = 0; i < count; ++i) {
    require(a.level(i) == b.level(i));
    require(std::equal(a.latent(i).begin(), a.latent(i).end(), b.latent(i).begin()));
  }
}

void check_rewritten(const dred::PayloadDecoder& decoder, bool keep_last) {
  const dred::DecodedPayload& result = decoder.result();
  const std::size_t dimension = decoder.tables().latent.dimension();
  std::vector<std::int32_t> latents;
  for (std::size_t i = 0; i < result.latent_count; ++i)
    latents.insert(latents.end(), decoder.latent(i).begin(), decoder.latent(i).end());
  std::vector<std::uint8_t> buffer(std::size_t{1} << 16);
  dred::EncodedPayload encoded;
  const dred::PayloadSymbols symbols{result.header, decoder.state(), latents};
  const dred::Status status = dred::encode_payload(symbols, decoder.tables(), keep_last, buffer, encoded);
  // Where p0 is 0 a damaged stream can still yield the zero that no encoder can write.
  if (status.rule == dred::Rule::W1) return;
  require(status.ok() && encoded.latent_count * dimension == latents.size());

  const Bytes payload(buffer.data(), encoded.size);
  dred::PayloadDecoder again(decoder.tables());
  dred::DecodeOptions options;
  options.max_latents = result.latent_count;
  options.stop_bits = kNeverStop;
  again.decode_coded(payload, options);
  require(again.result().latent_count == result.latent_count);
  require_same(decoder, again, result.latent_count);

  // A decoder with the stop rule loses latents of the last 7 bits, and none with keep_last.
  again.decode_coded(payload, {});
  const std::size_t count = std::min(again.result().latent_count, result.latent_count);
  require_same(decoder, again, count);
  if (keep_last) require(count == result.latent_count);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  dred::fuzz::Input input(data, size);
  const dred::ModelTables& tables = model(input.below(kModels));
  const bool keep_last = (input.byte() & 1) != 0;
  const Bytes coded = input.rest();
  dred::PayloadDecoder decoder(tables);
  decoder.decode_coded(coded, {});
  require(decoder.result().latent_count <= dred::kMaxLatents);
  require(decoder.result().range > dred::kCodeBottom);
  check_rewritten(decoder, keep_last);
  return 0;
}
