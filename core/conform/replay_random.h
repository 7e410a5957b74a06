// The chance in a transcript: its draws, handed out in their order; no jitter, scans start at the first node,
// nodes are drained in the order of Kafka's hash set.
#pragma once

#include <algorithm>
#include <deque>
#include <map>

#include "core/base/random_source.h"
#include "core/conform/transcript.h"

namespace sendscope::conform {

class ReplayRandom final : public RandomSource {
 public:
  // `draws` is the "random" of one operation; null counts as none.
  void expect(const Json& draws) {
    if (!draws.is_array()) return;
    for (const Json& draw : draws) draws_.push_back(draw.get<std::int32_t>());
  }
  // What is wrong with the number of draws made since expect(); empty: nothing. Forgets those left over.
  std::string take_complaint() {
    std::string complaint;
    if (missing_ > 0) complaint = std::to_string(missing_) + " draws too many";
    if (!draws_.empty()) complaint = std::to_string(draws_.size()) + " draws not made";
    draws_.clear();
    missing_ = 0;
    return complaint;
  }

  std::int32_t next_partition_draw() override {
    if (draws_.empty()) {
      ++missing_;
      return 0;
    }
    const std::int32_t draw = draws_.front();
    draws_.pop_front();
    return draw;
  }
  std::int32_t next_jitter_draw() override { return 0; }
  std::uint32_t next_node_offset(std::uint32_t) override { return 0; }
  void order_nodes(std::vector<NodeId>& nodes) override {
    std::stable_sort(nodes.begin(), nodes.end(),
                     [this](NodeId a, NodeId b) { return rank_of(a) < rank_of(b); });
  }
  // The order of order_nodes(); a node without a rank comes first.
  void set_ranks(std::map<NodeId, int> ranks) { ranks_ = std::move(ranks); }

 private:
  int rank_of(NodeId node) const {
    const auto found = ranks_.find(node);
    return found == ranks_.end() ? -1 : found->second;
  }

  std::map<NodeId, int> ranks_;
  std::deque<std::int32_t> draws_;
  int missing_ = 0;
};

}  // namespace sendscope::conform
