// How it stands with each node's connection, and why the last one was lost: for whoever asks why nothing
// happens. Kafka only logs it ("Connection to node -1 could not be established").
//
// Thread-safety: any thread; one lock. Written when a connection changes, never per request or
// record.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/base/mutex.h"
#include "core/event/event.h"
#include "core/net/cluster.h"

namespace sendscope {

struct NodeReport {
  std::string address;  // "127.0.0.1:9092"
  ConnectionState state = ConnectionState::kConnecting;
  Nanos since = 0;                           // when the state began
  LossReason last_loss = LossReason::kNone;  // since it answered last; kNone: there is no trouble
  std::string words;                         // more about that loss: the system's words, or what came
  bool answered = false;                     // ever, a request other than ApiVersions
};

class NodeReports {
 public:
  // ---- I/O thread
  void connecting(const Node& node, Nanos now) EXCLUDES_LOCK(mutex_);
  // REQUIRES, as all that follow: connecting() was told of it
  void checking(NodeId node, Nanos now) EXCLUDES_LOCK(mutex_);
  void ready(NodeId node, Nanos now) EXCLUDES_LOCK(mutex_);
  // It does what brokers do: what went wrong before is over.
  void answered(NodeId node, Nanos now) EXCLUDES_LOCK(mutex_);
  // Closed by this side: that is no trouble, and ends none.
  void left(NodeId node, Nanos now) EXCLUDES_LOCK(mutex_);
  void lost(NodeId node, LossReason reason, std::string words, Nanos now) EXCLUDES_LOCK(mutex_);

  // One sentence for every address that is in trouble, with a remedy, in the order of nodes. `patience`: who
  // has been connecting, or owing its ApiVersions, for so long is in trouble too.
  std::vector<std::string> troubles(Nanos now, Nanos patience) const EXCLUDES_LOCK(mutex_);

 private:
  void enter(NodeId node, ConnectionState state, Nanos now) EXCLUDES_LOCK(mutex_);

  mutable Mutex mutex_ ACQUIRED_AFTER(lock_order::leaves);
  std::map<NodeId, NodeReport, NodeOrder> reports_ GUARDED_BY(mutex_);
};

// The sentence for one node that is in trouble at `now`; empty when it is not.
std::string trouble_of(const NodeReport& report, Nanos now, Nanos patience);

}  // namespace sendscope
