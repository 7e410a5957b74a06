#include "core/net/api_versions.h"

#include <algorithm>

namespace sendscope {

namespace {
std::string to_text(VersionRange range) {
  return std::to_string(range.oldest) + " to " + std::to_string(range.latest);
}
}  // namespace

NodeApiVersions::NodeApiVersions(const wire::ApiVersionsResponse& response) {
  for (const wire::ApiVersionRange& range : response.api_keys) {
    const ApiRow* api = find_api(range.api_key);
    if (api != nullptr) ranges_[api->key] = {range.min_version, range.max_version};
  }
}

Result<std::int16_t> NodeApiVersions::latest_usable(ApiKey api, VersionRange ours) const {
  const std::string name(api_row(api).name);
  const auto theirs = range(api);
  if (!theirs) return Error(ErrorCode::kUnsupportedVersion, "the node does not support " + name);
  const std::int16_t latest = std::min(theirs->latest, ours.latest);
  if (latest < std::max(theirs->oldest, ours.oldest)) {
    return Error(ErrorCode::kUnsupportedVersion, "the node supports " + name + " " + to_text(*theirs) +
                                                     ", this request needs " + to_text(ours));
  }
  return latest;
}

std::optional<VersionRange> NodeApiVersions::range(ApiKey api) const {
  const auto found = ranges_.find(api);
  if (found == ranges_.end()) return std::nullopt;
  return found->second;
}

void ApiVersions::update(NodeId node, const wire::ApiVersionsResponse& response) {
  MutexLock lock(mutex_);
  nodes_.insert_or_assign(node, NodeApiVersions(response));
  if (response.finalized_features_epoch <= features_.epoch) return;
  features_.epoch = response.finalized_features_epoch;
  features_.levels.clear();
  for (const wire::FinalizedFeature& feature : response.finalized_features) {
    features_.levels[feature.name] = feature.max_version_level;
  }
}

void ApiVersions::remove(NodeId node) {
  MutexLock lock(mutex_);
  nodes_.erase(node);
}

std::optional<NodeApiVersions> ApiVersions::find(NodeId node) const {
  MutexLock lock(mutex_);
  const auto found = nodes_.find(node);
  if (found == nodes_.end()) return std::nullopt;
  return found->second;
}

FinalizedFeatures ApiVersions::finalized_features() const {
  MutexLock lock(mutex_);
  return features_;
}

}  // namespace sendscope
