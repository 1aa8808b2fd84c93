// Chooses latents of the latest speech and writes them as the range coded part of a DRED payload.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "dred/bytes.hpp"
#include "dred/model_tables.hpp"
#include "dred/redundancy_selection.hpp"
#include "dred/status.hpp"

namespace dred {

// What an encoder knows about the latest speech. One row per 20 ms, newest first, not quantised.
struct SpeechHistory {
  std::span<const float> latents;
  std::span<const float> states;  // as many rows
  Bytes activity;                 // as in SpeechTimes, and the offsets, too
  std::int64_t dred_offset_2p5ms = 0;
  std::size_t latent_offset = 0;
};

struct RedundancyChoice {
  std::int64_t q0 = 0;
  std::int64_t dq = 0;  // dQ
  std::int64_t qmax = 0;
  std::size_t max_latents = 0;  // the rule `kept` may write a few more
  RedundancyRule rule = RedundancyRule::deployed;
};

struct WrittenRedundancy {
  std::size_t size = 0;  // 0: nothing is sent, which is no error; then only last_extra has a meaning
  std::size_t latent_count = 0;
  std::int64_t offset_2p5ms = 0;  // as signalled
  std::size_t first = 0;          // step of the newest latent
  std::size_t last_extra = 0;     // for the next call
};

// The budget is the size of `buffer`. W1 where an argument is out of its range or a value has no symbol.
[[nodiscard]] Status write_redundancy(const SpeechHistory& history, const RedundancyChoice& choice,
                                      std::size_t last_extra, const ModelTables& tables, MutableBytes buffer,
                                      WrittenRedundancy& written) noexcept;

}  // namespace dred
