#include "ui/layout/fault_menu.h"

#include "core/event/narration.h"
#include "core/model/queries.h"
#include "sim/run/fault_target.h"
#include "ui/layout/texts.h"

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
  const std::string name = std::to_string(node);
  switch (broker->second.state) {
    case NodeState::kUp:
      out.push_back({say(Text::kill_node, name), said(Text::kill_effect), on_node(FaultVerb::kKill, node)});
      out.push_back(
          {say(Text::pause_node, name), said(Text::pause_effect), on_node(FaultVerb::kPause, node)});
      break;
    case NodeState::kKilled:
      out.push_back(
          {say(Text::restart_node, name), said(Text::restart_effect), on_node(FaultVerb::kRestart, node)});
      break;
    case NodeState::kPaused:
      out.push_back(
          {say(Text::resume_node, name), said(Text::resume_effect), on_node(FaultVerb::kResume, node)});
      out.push_back({say(Text::kill_node, name), said(Text::kill_effect), on_node(FaultVerb::kKill, node)});
      break;
  }
}

void node_choices(const PipelineModel& model, NodeId node, std::vector<FaultChoice>& out) {
  process_choices(model, node, out);
  if (out.empty() || model.brokers.at(node).state == NodeState::kKilled) return;
  out.push_back(
      {said(Text::reset_connections), said(Text::reset_effect), on_node(FaultVerb::kDisconnect, node)});
  out.push_back({said(Text::drop_next_request), said(Text::drop_request_effect),
                 on_produce(FaultVerb::kDrop, node, MessageKind::kRequest)});
  out.push_back({said(Text::drop_next_response), said(Text::drop_response_effect),
                 on_produce(FaultVerb::kDrop, node, MessageKind::kResponse)});
  out.push_back({say(Text::delay_next_response, format_duration(kLate)), said(Text::delay_effect),
                 on_produce(FaultVerb::kDelay, node, MessageKind::kResponse)});
  out.push_back({say(Text::answer_once, error_row(ErrorCode::kNotLeaderOrFollower).name),
                 said(Text::answer_metadata_effect), respond(node, ErrorCode::kNotLeaderOrFollower, false)});
  out.push_back({say(Text::answer_after_storing, error_row(ErrorCode::kRequestTimedOut).name),
                 said(Text::answer_stored_effect), respond(node, ErrorCode::kRequestTimedOut, true)});
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
  offer(said(Text::drop_it), said(Text::drop_it_effect),
        on_message(FaultVerb::kDrop, node, MessageKind::kRequest));
  offer(said(Text::drop_its_response), said(Text::drop_its_response_effect),
        on_message(FaultVerb::kDrop, node, MessageKind::kResponse));
  offer(say(Text::delay_its_response, format_duration(kLate)), said(Text::delay_effect),
        on_message(FaultVerb::kDelay, node, MessageKind::kResponse));
  if (!request.batches.empty()) {
    const auto answer = [&](ErrorCode error, bool after_append) {
      FaultSpec fault = respond(node, error, after_append);
      return partition ? about(in, std::move(fault), *partition) : fault;
    };
    offer(say(Text::answer_with, error_row(ErrorCode::kNotLeaderOrFollower).name),
          said(Text::answer_retried_effect), answer(ErrorCode::kNotLeaderOrFollower, false));
    offer(say(Text::answer_after_storing, error_row(ErrorCode::kRequestTimedOut).name),
          said(Text::answer_stored_effect), answer(ErrorCode::kRequestTimedOut, true));
  }
  if (!node || !request.in_flight) return;
  FaultSpec reset = on_node(FaultVerb::kDisconnect, node);
  reset.client = client;
  out.push_back({say(Text::reset_its_connection, std::to_string(*node)), said(Text::reset_its_effect),
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
    out.push_back({say(Text::move_leader, std::to_string(node)), said(Text::move_leader_effect),
                   about(in, std::move(move), index)});
  }
  out.push_back({say(Text::answer_for_it_once, error_row(ErrorCode::kNotLeaderOrFollower).name),
                 said(Text::answer_retried_effect),
                 about(in, respond({}, ErrorCode::kNotLeaderOrFollower, false), index)});
  out.push_back({say(Text::answer_for_it_once, error_row(ErrorCode::kNotEnoughReplicas).name),
                 said(Text::answer_replicas_effect),
                 about(in, respond({}, ErrorCode::kNotEnoughReplicas, false), index)});
}

}  // namespace

std::vector<FaultChoice> fault_choices(const FaultMenuInput& in, const Subject& subject) {
  const PipelineModel& model = in.model;
  std::vector<FaultChoice> out;
  switch (subject.kind) {
    case SubjectKind::kNode: node_choices(model, node_of(subject), out); break;
    case SubjectKind::kRequest:
      if (const RequestModel* request = model.request(subject.id)) request_choices(in, *request, {}, out);
      break;
    case SubjectKind::kPartition: partition_choices(in, static_cast<PartitionIndex>(subject.id), out); break;
    case SubjectKind::kBatch:
      if (const BatchModel* batch = model.batch(subject.id);
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
