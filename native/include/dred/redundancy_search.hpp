// Which received packet knows of a time before it: a search that goes with the time, and measures the
// redundancy of a packet once, when it is first asked. All memory is taken at construction.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <queue>
#include <span>
#include <utility>
#include <vector>

#include "dred/model_tables.hpp"
#include "dred/reception.hpp"
#include "dred/wire_profile.hpp"

namespace dred {

struct KnownFeature {
  std::size_t packet = 0;    // its index
  std::int64_t feature = 0;  // 0 is the newest
};

class RedundancySearch {
 public:
  // Packets, their bytes and the tables must outlive the search.
  RedundancySearch(std::span<const ReceivedPacket> packets, const ModelTables& tables,
                   const WireProfile& wire);

  // Of the packets behind `time` that are at hand, the first whose redundancy reaches there. The time never
  // goes back from one call to the next.
  [[nodiscard]] std::optional<KnownFeature> find(std::int64_t time) noexcept;

 private:
  // The times for which the packet can serve. Until it is measured they are the most that may be.
  struct Reach {
    std::int64_t first = 0;
    std::int64_t last = 0;
    std::int64_t newest_end = 0;  // where the newest features end
    bool is_measured = false;
  };
  using Timed = std::pair<std::int64_t, std::size_t>;  // since when, and which packet

  void measure(std::size_t index) noexcept;

  std::span<const ReceivedPacket> packets_;
  const ModelTables* tables_;
  const WireProfile* wire_;
  std::vector<Reach> reaches_;
  std::vector<std::int32_t> state_;
  std::vector<std::int32_t> latent_;
  // Every packet is in one of them at most. As packets are in order, the least index is the next packet.
  std::priority_queue<Timed, std::vector<Timed>, std::greater<>> waiting_;
  std::priority_queue<std::size_t, std::vector<std::size_t>, std::greater<>> serving_;
};

}  // namespace dred
