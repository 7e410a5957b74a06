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

// What can be done to this request and to no other; `partition`: the one that an answer is about, empty: all.
void request_choices(const PipelineModel& model, const RequestModel& request, const std::string& partition,
                     std::vector<FaultChoice>& out) {
  constexpr Nanos kLate = 200 * kNanosPerMilli;
  const auto offer = [&](std::string label, std::string effect, FaultOrder fault) {
    fault.api.clear();
    fault.request = request.id;
    if (missed(model, fault).empty()) out.push_back({std::move(label), std::move(effect), std::move(fault)});
  };
  // Behind a bootstrap address is some node; the request's own number is enough.
  const NodeId node = request.node >= 0 ? request.node : kNoNode;
  offer("Drop it", "it never arrives, nor what is behind it; request.timeout.ms finds out",
        message("drop", node, "request", {}));
  offer("Drop its response", "stored, and nobody hears of it, nor of what is behind it",
        message("drop", node, "response", {}));
  offer("Delay its response by 200 ms", "those behind it wait too",
        message("delay", node, "response", {}, kLate));
  if (!request.batches.empty()) {
    offer("Answer NOT_LEADER_OR_FOLLOWER", "nothing is stored; retried after new metadata",
          respond(node, "NOT_LEADER_OR_FOLLOWER", false, partition));
    offer("Answer REQUEST_TIMED_OUT after storing", "retried, although it is in the log",
          respond(node, "REQUEST_TIMED_OUT", true, partition));
  }
  if (request.node < 0) return;
  offer("Reset its connection to node " + std::to_string(node), "all requests in flight on it fail",
        order("disconnect", node));
  if (request.in_flight) process_choices(model, node, out);
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

std::string missed(const PipelineModel& model, const FaultOrder& order) {
  if (order.request == kNoRequest) return {};
  const RequestModel* request = model.request(order.request);
  const std::string name = "request " + std::to_string(request_number(order.request));
  if (request == nullptr) return name + " is not known at this moment";
  if (!request->in_flight) {
    return name + (request->phase == RequestPhase::kFailed ? " was given up" : " was answered") + " already";
  }
  if (order.verb == "disconnect") return {};
  const NodeLink* link = model.link(request->producer, request->node);
  if (order.what == "request") {
    if (request->request_lost || request->request_held) return name + " is lost already";
    if (request->phase != RequestPhase::kTravelling || request->request_delay_us > 0)
      return name + " has arrived already";
    return link != nullptr && link->requests_stuck ? name + " is behind a lost one already" : "";
  }
  if (request->phase == RequestPhase::kResponseTravelling)
    return "the response to " + name + " has left already";
  if (order.verb == "respond") return request->judged ? name + " is in the log already" : "";
  const bool stuck = link != nullptr && link->responses_stuck;
  return stuck ? "the response to " + name + " is behind a lost one already" : "";
}

std::vector<FaultChoice> fault_choices(const PipelineModel& model, const StringTable& words,
                                       const Subject& subject) {
  std::vector<FaultChoice> out;
  switch (subject.kind) {
    case SubjectKind::kNode: node_choices(model, node_of(subject), out); break;
    case SubjectKind::kRequest:
      if (const RequestModel* request = model.request(static_cast<RequestId>(subject.id)))
        request_choices(model, *request, {}, out);
      break;
    case SubjectKind::kPartition:
      partition_choices(model, words, static_cast<PartitionIndex>(subject.id), out);
      break;
    case SubjectKind::kBatch:
      if (const BatchModel* batch = model.batch(static_cast<BatchId>(subject.id));
          batch != nullptr && batch->request != kNoRequest) {
        if (const RequestModel* request = model.request(batch->request))
          request_choices(model, *request, partition_name(model, words, batch->partition), out);
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
