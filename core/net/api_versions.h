// What the nodes said they can do. Kafka: ApiVersions, NodeApiVersions; KIP-35, KIP-511, KIP-584.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/base/mutex.h"
#include "core/base/result.h"
#include "core/net/client_request.h"
#include "core/net/cluster.h"

namespace sendscope {

// One node's versions. APIs this client does not know are left out.
class NodeApiVersions {
 public:
  explicit NodeApiVersions(const wire::ApiVersionsResponse& response);

  // The latest version both sides know; kUnsupportedVersion, naming both ranges, when there is none.
  Result<std::int16_t> latest_usable(ApiKey api, VersionRange ours) const;
  // nullopt: the node does not know the api.
  std::optional<VersionRange> range(ApiKey api) const;

 private:
  std::map<ApiKey, VersionRange> ranges_;
};

struct FinalizedFeatures {
  std::int64_t epoch = -1;
  std::map<std::string, std::int16_t> levels;  // name -> highest level

  // 0 when the feature is not there.
  std::int16_t level(const std::string& name) const {
    const auto found = levels.find(name);
    return found == levels.end() ? std::int16_t{0} : found->second;
  }
};

// All nodes' versions. Thread-safety: any thread; one lock.
class ApiVersions {
 public:
  // Remembers the node's versions, and its finalized features if their epoch is higher than any seen.
  void update(NodeId node, const wire::ApiVersionsResponse& response) EXCLUDES_LOCK(mutex_);
  // Forgets the node's versions; finalized features stay.
  void remove(NodeId node) EXCLUDES_LOCK(mutex_);
  // nullopt: nothing is known about the node.
  std::optional<NodeApiVersions> find(NodeId node) const EXCLUDES_LOCK(mutex_);
  FinalizedFeatures finalized_features() const EXCLUDES_LOCK(mutex_);

 private:
  mutable Mutex mutex_ ACQUIRED_AFTER(lock_order::leaves);
  std::map<NodeId, NodeApiVersions, NodeOrder> nodes_ GUARDED_BY(mutex_);
  FinalizedFeatures features_ GUARDED_BY(mutex_);
};

}  // namespace sendscope
