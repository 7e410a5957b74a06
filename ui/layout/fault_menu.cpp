#include "ui/layout/fault_menu.h"

#include "core/event/narration.h"
#include "core/model/queries.h"
#include "sim/run/fault_target.h"

namespace sendscope::ui {
namespace {

using sim::FaultSpec;
using sim::FaultVerb;

constexpr Nanos kLate = 200 * kNanosPerMilli;

FaultSpec on_node(FaultVerb verb, std::optional<NodeId> node) {
  FaultSpec fault;
  fault.verb = verb;
  fault.node = node;
  return fault;
}

FaultSpec on_message(FaultVerb verb, std::optional<NodeId> node, MessageKind what) {
  FaultSpec fault = on_node(verb, node);
  fault.what = what;
  fault.times = 1;
  if (verb == FaultVerb::kDelay) fault.by = sim::Distribution::constant(kLate);
  return fault;
}

FaultSpec on_produce(FaultVerb verb, NodeId node, MessageKind what) {
  FaultSpec fault = on_message(verb, node, what);
  fault.api = ApiKey::kProduce;
  return fault;
}

FaultSpec respond(std::optional<NodeId> node, ErrorCode error, bool after_append) {
  FaultSpec fault = on_node(FaultVerb::kRespond, node);
  fault.api = ApiKey::kProduce;
  fault.error = error;
  fault.after_append = after_append;
  fault.times = 1;
  return fault;
}

// The same, about one partition.
FaultSpec about(const FaultMenuInput& in, FaultSpec fault, PartitionIndex index) {
  fault.topic = in.words.view(in.model.partitions[index].topic);
  fault.partition = static_cast<PartitionId>(in.model.partitions[index].number);
  return fault;
}

void process_choices(const PipelineModel& model, NodeId node, std::vector<FaultChoice>& out) {
  const auto broker = model.brokers.find(node);
  if (broker == model.brokers.end()) return;
  const std::string name = "node " + std::to_string(node);
  switch (broker->second.state) {
    case NodeState::kUp:
      out.push_back({"Kill " + name, "its connections close, its partitions get other leaders",
                     on_node(FaultVerb::kKill, node)});
      out.push_back(
          {"Pause " + name, "connections stay open, nothing is answered", on_node(FaultVerb::kPause, node)});
      break;
    case NodeState::kKilled:
      out.push_back({"Restart " + name, "it comes back with its log", on_node(FaultVerb::kRestart, node)});
      break;
    case NodeState::kPaused:
      out.push_back({"Resume " + name, "it goes on where it stood", on_node(FaultVerb::kResume, node)});
      out.push_back({"Kill " + name, "its connections close, its partitions get other leaders",
                     on_node(FaultVerb::kKill, node)});
      break;
  }
}

void node_choices(const PipelineModel& model, NodeId node, std::vector<FaultChoice>& out) {
  process_choices(model, node, out);
  if (out.empty() || model.brokers.at(node).state == NodeState::kKilled) return;
  out.push_back({"Reset its connections", "requests in flight fail and are retried",
                 on_node(FaultVerb::kDisconnect, node)});
  out.push_back({"Drop the next request", "it never arrives; the connection stays",
                 on_produce(FaultVerb::kDrop, node, MessageKind::kRequest)});
  out.push_back({"Drop the next response", "the batch is stored, and nobody hears of it",
                 on_produce(FaultVerb::kDrop, node, MessageKind::kResponse)});
  out.push_back({"Delay the next response by 200 ms", "those behind it wait too",
                 on_produce(FaultVerb::kDelay, node, MessageKind::kResponse)});
  out.push_back({"Answer NOT_LEADER_OR_FOLLOWER once", "nothing is stored; metadata is asked for",
                 respond(node, ErrorCode::kNotLeaderOrFollower, false)});
  out.push_back({"Answer REQUEST_TIMED_OUT after storing", "retried, although it is in the log",
                 respond(node, ErrorCode::kRequestTimedOut, true)});
}

// What can be done to this request and to no other; `partition`: the one that an answer is about, none: all.
void request_choices(const FaultMenuInput& in, const RequestModel& request,
                     std::optional<PartitionIndex> partition, std::vector<FaultChoice>& out) {
  if (request.producer >= in.producers.size()) return;
  const std::string& client = in.producers[request.producer];
  const auto offer = [&](std::string label, std::string effect, FaultSpec fault) {
    fault.api.reset();
    fault.client = client;
    fault.request = number_of(request.id);
    if (run::missed(in.model, in.producers, fault).empty())
      out.push_back({std::move(label), std::move(effect), std::move(fault)});
  };
  // Behind a bootstrap address is some node; the request's own number is enough.
  const std::optional<NodeId> node = request.node >= 0 ? std::optional(request.node) : std::nullopt;
  offer("Drop it", "it never arrives, nor what is behind it; request.timeout.ms finds out",
        on_message(FaultVerb::kDrop, node, MessageKind::kRequest));
  offer("Drop its response", "stored, and nobody hears of it, nor of what is behind it",
        on_message(FaultVerb::kDrop, node, MessageKind::kResponse));
  offer("Delay its response by 200 ms", "those behind it wait too",
        on_message(FaultVerb::kDelay, node, MessageKind::kResponse));
  if (!request.batches.empty()) {
    const auto answer = [&](ErrorCode error, bool after_append) {
      FaultSpec fault = respond(node, error, after_append);
      return partition ? about(in, std::move(fault), *partition) : fault;
    };
    offer("Answer NOT_LEADER_OR_FOLLOWER", "nothing is stored; retried after new metadata",
          answer(ErrorCode::kNotLeaderOrFollower, false));
    offer("Answer REQUEST_TIMED_OUT after storing", "retried, although it is in the log",
          answer(ErrorCode::kRequestTimedOut, true));
  }
  if (!node || !request.in_flight) return;
  FaultSpec reset = on_node(FaultVerb::kDisconnect, node);
  reset.client = client;
  out.push_back({"Reset its connection to node " + std::to_string(*node), "all requests in flight on it fail",
                 std::move(reset)});
  process_choices(in.model, *node, out);
}

void partition_choices(const FaultMenuInput& in, PartitionIndex index, std::vector<FaultChoice>& out) {
  const PipelineModel& model = in.model;
  if (index >= model.partitions.size()) return;
  const NodeId leader = model.partitions[index].log.leader;
  for (const auto& [node, broker] : model.brokers) {
    if (node == leader || broker.state != NodeState::kUp ||
        model.partitions[index].log.replica(node) == nullptr)
      continue;
    FaultSpec move;
    move.verb = FaultVerb::kMoveLeader;
    move.to = node;
    out.push_back({"Move its leader to node " + std::to_string(node), "the producer finds out from an error",
                   about(in, std::move(move), index)});
  }
  out.push_back({"Answer NOT_LEADER_OR_FOLLOWER for it once", "nothing is stored; retried after new metadata",
                 about(in, respond({}, ErrorCode::kNotLeaderOrFollower, false), index)});
  out.push_back({"Answer NOT_ENOUGH_REPLICAS for it once", "nothing is stored; retried",
                 about(in, respond({}, ErrorCode::kNotEnoughReplicas, false), index)});
}

}  // namespace

std::vector<FaultChoice> fault_choices(const FaultMenuInput& in, const Subject& subject) {
  const PipelineModel& model = in.model;
  std::vector<FaultChoice> out;
  switch (subject.kind) {
    case SubjectKind::kNode: node_choices(model, node_of(subject), out); break;
    case SubjectKind::kRequest:
      if (const RequestModel* request = model.request(static_cast<RequestId>(subject.id)))
        request_choices(in, *request, {}, out);
      break;
    case SubjectKind::kPartition: partition_choices(in, static_cast<PartitionIndex>(subject.id), out); break;
    case SubjectKind::kBatch:
      if (const BatchModel* batch = model.batch(static_cast<BatchId>(subject.id));
          batch != nullptr && batch->request != kNoRequest) {
        if (const RequestModel* request = model.request(batch->request))
          request_choices(in, *request, batch->partition, out);
      }
      break;
    case SubjectKind::kNone:
      for (const auto& [node, broker] : model.brokers) process_choices(model, node, out);
      break;
    default: break;
  }
  return out;
}

}  // namespace sendscope::ui
