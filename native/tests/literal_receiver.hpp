// The decisions of a receiver as spec-notes/receiver.md tells them, looking at every packet for every block.
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "dred/location.hpp"
#include "dred/packet.hpp"
#include "dred/payload_decoder.hpp"
#include "dred/receiver.hpp"

namespace dred::testing {

class LiteralReceiver {
 public:
  LiteralReceiver(std::span<const Arrival> arrivals, const ReceiverSettings& settings,
                  const ModelTables& tables, const WireProfile& wire)
      : settings_(settings) {
    for (const Arrival& arrival : arrivals) add(arrival, tables, wire);
    std::sort(heard_.begin(), heard_.end(),
              [](const Heard& a, const Heard& b) { return a.timestamp < b.timestamp; });
  }

  [[nodiscard]] std::vector<Decision> decide() const {
    std::vector<Decision> decisions;
    for (std::int64_t t = 0; t < settings_.duration_48k;) {
      Decision decision = at(t);
      t += decision.duration_48k;
      decision.duration_48k = std::min(t, settings_.duration_48k) - decision.start_48k;
      decisions.push_back(decision);
    }
    return decisions;
  }

 private:
  struct Heard {
    std::int64_t timestamp = 0;
    std::int64_t arrival = 0;
    std::int64_t length = 0;
    std::optional<std::int64_t> lbrr;  // its length
    std::optional<std::int64_t> offset;
    std::int64_t latents = 0;
  };

  void add(const Arrival& arrival, const ModelTables& tables, const WireProfile& wire) {
    Packet packet;
    if (!parse_packet(arrival.packet, false, packet).ok() || arrival.timestamp_48k < 0) return;
    for (const Heard& other : heard_)
      if (other.timestamp == arrival.timestamp_48k) return;
    if (heard_.empty()) base_ = arrival.arrival_48k - arrival.timestamp_48k;
    const std::int64_t frame = frame_samples48(packet.config);
    const Bytes first = packet.frame(arrival.packet, 0);
    Heard heard{arrival.timestamp_48k,
                arrival.arrival_48k,
                frame * static_cast<std::int64_t>(packet.frame_count),
                {},
                {},
                0};
    if (packet.config < 16 && frame >= 480 && first.size() > 1) {
      const std::int64_t n = std::max<std::int64_t>(1, frame / 960);
      const auto bit = [&](std::int64_t place) { return (first[0] >> place & 1) != 0; };
      if (bit(7 - n) || (packet.stereo && bit(6 - 2 * n))) heard.lbrr = frame;
    }
    Location location;
    PayloadDecoder decoder(tables);
    (void)find_dred(arrival.packet, wire, location);
    DecodeOptions options;
    options.frame_offset_2p5ms = location.frame_offset_2p5ms;
    if (location.is_found && decoder.decode(location.payload, wire, options).ok()) {
      heard.offset = decoder.result().offset_2p5ms;
      heard.latents = static_cast<std::int64_t>(decoder.result().latent_count);
    }
    heard_.push_back(heard);
  }

  [[nodiscard]] bool is_at_hand(const Heard& heard, std::int64_t t) const {
    return !settings_.delay_48k || heard.arrival <= t + base_ + *settings_.delay_48k;
  }

  [[nodiscard]] Decision at(std::int64_t t) const {
    std::int64_t end = t + 480;
    const Heard* nearest = nullptr;
    for (const Heard& heard : heard_) {
      if (heard.timestamp < t || !is_at_hand(heard, heard.timestamp)) continue;
      if (heard.timestamp == t) return {t, heard.length, SoundSource::regular, t, {}};
      end = std::min(end, heard.timestamp);
      if (nearest == nullptr && is_at_hand(heard, t)) nearest = &heard;
    }
    if (settings_.lbrr && nearest != nullptr && nearest->lbrr) {
      const std::int64_t start = nearest->timestamp - *nearest->lbrr;
      if (start == t) return {t, *nearest->lbrr, SoundSource::lbrr, nearest->timestamp, {}};
      if (start > t) end = std::min(end, start);
    }
    for (const Heard& heard : heard_) {
      if (!settings_.dred || heard.timestamp <= t || !is_at_hand(heard, t) || !heard.offset) continue;
      const std::int64_t x = heard.timestamp - t + 120 * *heard.offset;
      const std::int64_t k = (x >= 0 ? x / 480 : -1) - 2;  // all that is below 0 is too new
      if (k >= 0 && k <= 4 * heard.latents - 1) return {t, end - t, SoundSource::dred, heard.timestamp, k};
    }
    return {t, end - t, SoundSource::concealment, {}, {}};
  }

  ReceiverSettings settings_;
  std::int64_t base_ = 0;
  std::vector<Heard> heard_;
};

inline bool is_same(const Decision& a, const Decision& b) {
  return a.start_48k == b.start_48k && a.duration_48k == b.duration_48k && a.source == b.source &&
         a.packet_48k == b.packet_48k && a.feature == b.feature;
}

}  // namespace dred::testing
