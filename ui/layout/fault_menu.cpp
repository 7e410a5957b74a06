#include "ui/layout/fault_menu.h"

#include "core/event/narration.h"
#include "ui/model/queries.h"

namespace sendscope::ui {
namespace {

FaultOrder order(std::string verb, NodeId node) {
  FaultOrder fault;
  fault.verb = std::move(verb);
  fault.node = node;
  return fault;
}

FaultOrder message(std::string verb, NodeId node, std::string what, std::string api, Nanos by = 0) {
  FaultOrder fault = order(std::move(verb), node);
  fault.what = std::move(what);
  fault.api = std::move(api);
  fault.by = by;
  fault.times = 1;
  return fault;
}

FaultOrder respond(NodeId node, std::string error, bool after_append, std::string partition = {}) {
  FaultOrder fault = order("respond", node);
  fault.api = "Produce";
  fault.partition = std::move(partition);
  fault.error = std::move(error);
  fault.after_append = after_append;
  fault.times = 1;
  return fault;
}

void process_choices(const PipelineModel& model, NodeId node, std::vector<FaultChoice>& out) {
  const auto broker = model.brokers.find(node);
  if (broker == model.brokers.end()) return;
  const std::string name = "node " + std::to_string(node);
  switch (broker->second.state) {
    case NodeState::kUp:
      out.push_back(
          {"Kill " + name, "its connections close, its partitions get other leaders", order("kill", node)});
      out.push_back({"Pause " + name, "connections stay open, nothing is answered", order("pause", node)});
      break;
    case NodeState::kKilled:
      out.push_back({"Restart " + name, "it comes back with its log", order("restart", node)});
      break;
    case NodeState::kPaused:
      out.push_back({"Resume " + name, "it goes on where it stood", order("resume", node)});
      out.push_back(
          {"Kill " + name, "its connections close, its partitions get other leaders", order("kill", node)});
      break;
  }
}

void node_choices(const PipelineModel& model, NodeId node, std::vector<FaultChoice>& out) {
  process_choices(model, node, out);
  if (out.empty() || model.brokers.at(node).state == NodeState::kKilled) return;
  constexpr Nanos kLate = 200 * kNanosPerMilli;
  out.push_back(
      {"Reset its connections", "requests in flight fail and are retried", order("disconnect", node)});
  out.push_back({"Drop the next request", "it never arrives; the connection stays",
                 message("drop", node, "request", "Produce")});
  out.push_back({"Drop the next response", "the batch is stored, and nobody hears of it",
                 message("drop", node, "response", "Produce")});
  out.push_back({"Delay the next response by 200 ms", "those behind it wait too",
                 message("delay", node, "response", "Produce", kLate)});
  out.push_back({"Answer NOT_LEADER_OR_FOLLOWER once", "nothing is stored; metadata is asked for",
                 respond(node, "NOT_LEADER_OR_FOLLOWER", false)});
  out.push_back({"Answer REQUEST_TIMED_OUT after storing", "retried, although it is in the log",
                 respond(node, "REQUEST_TIMED_OUT", true)});
}

void request_choices(const PipelineModel& model, const RequestModel& request, std::vector<FaultChoice>& out) {
  if (!request.in_flight) return;
  const std::string api(api_name(request.api));
  constexpr Nanos kLate = 200 * kNanosPerMilli;
  const bool on_its_way = request.phase == RequestPhase::kTravelling;
  const bool answered = request.phase == RequestPhase::kResponseTravelling;
  if (on_its_way) {
    out.push_back({"Drop the next request like it", "it never arrives; request.timeout.ms finds out",
                   message("drop", request.node, "request", api)});
  }
  if (!answered) {
    out.push_back({"Drop its response", "stored, and nobody hears of it",
                   message("drop", request.node, "response", api)});
    out.push_back({"Delay its response by 200 ms", "those behind it wait too",
                   message("delay", request.node, "response", api, kLate)});
    if (!request.batches.empty()) {
      out.push_back({"Answer NOT_LEADER_OR_FOLLOWER", "nothing is stored; retried after new metadata",
                     respond(request.node, "NOT_LEADER_OR_FOLLOWER", false)});
      out.push_back({"Answer REQUEST_TIMED_OUT after storing", "retried, although it is in the log",
                     respond(request.node, "REQUEST_TIMED_OUT", true)});
    }
  }
  out.push_back({"Reset the connection to node " + std::to_string(request.node),
                 "all its requests in flight fail", order("disconnect", request.node)});
  process_choices(model, request.node, out);
}

void partition_choices(const PipelineModel& model, const StringTable& words, PartitionIndex index,
                       std::vector<FaultChoice>& out) {
  if (index >= model.partitions.size()) return;
  const std::string name = partition_name(model, words, index);
  const NodeId leader = model.partitions[index].log.leader;
  for (const auto& [node, broker] : model.brokers) {
    if (node == leader || broker.state != NodeState::kUp ||
        model.partitions[index].log.replica(node) == nullptr)
      continue;
    FaultOrder fault = order("move_leader", node);
    fault.partition = name;
    out.push_back(
        {"Move its leader to node " + std::to_string(node), "the producer finds out from an error", fault});
  }
  out.push_back({"Answer NOT_LEADER_OR_FOLLOWER for it once", "nothing is stored; retried after new metadata",
                 respond(kNoNode, "NOT_LEADER_OR_FOLLOWER", false, name)});
  out.push_back({"Answer NOT_ENOUGH_REPLICAS for it once", "nothing is stored; retried",
                 respond(kNoNode, "NOT_ENOUGH_REPLICAS", false, name)});
}

}  // namespace

std::vector<FaultChoice> fault_choices(const PipelineModel& model, const StringTable& words,
                                       const Subject& subject) {
  std::vector<FaultChoice> out;
  switch (subject.kind) {
    case SubjectKind::kNode: node_choices(model, node_of(subject), out); break;
    case SubjectKind::kRequest:
      if (const RequestModel* request = model.request(static_cast<RequestId>(subject.id)))
        request_choices(model, *request, out);
      break;
    case SubjectKind::kPartition:
      partition_choices(model, words, static_cast<PartitionIndex>(subject.id), out);
      break;
    case SubjectKind::kBatch:
      if (const BatchModel* batch = model.batch(static_cast<BatchId>(subject.id));
          batch != nullptr && batch->request != kNoRequest) {
        if (const RequestModel* request = model.request(batch->request))
          request_choices(model, *request, out);
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
