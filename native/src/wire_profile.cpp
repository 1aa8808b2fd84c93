#include "dred/wire_profile.hpp"

#include <algorithm>

namespace dred {
namespace {

constexpr std::array<WireProfile, 4> kProfiles = {{
    {"experimental-12", 126, {0x44, 12}, 2, true},
    {"bundled-1", 126, {0x44, 0xb1}, 2, true},  // the project's own model
    {"draft-32", 32, {}, 0, true},
    {"experimental-10", 126, {0x44, 10}, 2, false},  // libopus 1.5: another model, other dimensions
}};

}  // namespace

// clause: DRED-version
bool WireProfile::accepts(Bytes payload) const noexcept {
  const Bytes wanted = prefix();
  return payload.size() > wanted.size() && std::equal(wanted.begin(), wanted.end(), payload.begin());
}

std::span<const WireProfile> wire_profiles() noexcept {
  return kProfiles;
}

const WireProfile* find_wire_profile(std::string_view name) noexcept {
  const auto* const found =
      std::find_if(kProfiles.begin(), kProfiles.end(), [&](const WireProfile& p) { return p.name == name; });
  return found == kProfiles.end() ? nullptr : found;
}

// clause: DRED-version
Status strip_prefix(Bytes payload, const WireProfile& wire, Bytes& coded) noexcept {
  if (payload.size() <= wire.prefix_size)
    return failure_at(Rule::D1, Stage::payload, payload.size(), "the payload ends with its prefix");
  if (!wire.accepts(payload)) {
    Status status = failure_at(Rule::D2, Stage::payload, 0, "the prefix is not that of the wire profile");
    if (payload[0] == wire.prefix_bytes[0]) status.found_version = payload[1];
    return status;
  }
  if (!wire.is_supported) {
    Status status = failure_at(Rule::D2, Stage::payload, 0, "this wire profile is recognised, not decoded");
    status.found_version = payload[1];
    return status;
  }
  coded = payload.subspan(wire.prefix_size);
  return {};
}

}  // namespace dred
