#include "binding/feature_results.hpp"

#include <cstring>

namespace dred::binding {

FeatureArray make_features(std::size_t latent_count) {
  return FeatureArray({latent_count * kFramesPerLatent, kFeaturesPerFrame});
}

FeatureArray as_features(const std::vector<std::int32_t>& features) {
  FeatureArray array = make_features(features.size() / kFeaturesPerLatent);
  if (!features.empty())
    std::memcpy(array.mutable_data(), features.data(), features.size() * sizeof(std::int32_t));
  return array;
}

py::dict feature_dict(const SourceFeatureDecoder& decoder, std::optional<std::size_t> frame,
                      const std::vector<std::int32_t>& features) {
  const DecodedPayload header = decoder.header();
  py::dict result = header_dict(header, frame);
  result["features"] = as_features(features);
  result["feature_count"] = header.latent_count * kFramesPerLatent;
  result["latent_count"] = header.latent_count;
  return result;
}

}  // namespace dred::binding
