#include "ui/layout/fault_menu.h"

#include "core/event/narration.h"
#include "core/model/queries.h"
#include "sim/run/fault_target.h"
#include "ui/layout/texts.h"

namespace sendscope::ui {
namespace {

using sim::FaultAction;
using sim::FaultSpec;
using sim::MessageFilter;
using sim::NodeFilter;
using sim::RequestFilter;

constexpr Nanos kLate = 200 * kNanosPerMilli;

// Done to one message.
FaultSpec once(FaultAction action) { return {.times = 1, .action = std::move(action)}; }

FaultSpec drop(const RequestFilter& requests, MessageKind what) {
  return once(sim::Drop{MessageFilter{requests, what}, {}});
}

FaultSpec delay_response(const RequestFilter& requests) {
  return once(
      sim::Delay{MessageFilter{requests, MessageKind::kResponse}, {}, sim::Distribution::constant(kLate)});
}

FaultSpec respond(const RequestFilter& requests, std::optional<TopicPartition> partition, ErrorCode error,
                  bool after_append) {
  return once(sim::Respond{requests, {std::move(partition)}, error, after_append});
}

RequestFilter produce_to(std::optional<NodeId> node) { return {{node}, {}, ApiKey::kProduce, {}}; }

TopicPartition named(const FaultMenuInput& in, PartitionIndex index) {
  const PartitionModel& partition = in.model.partitions[index];
  return {std::string(in.words.view(partition.topic)), static_cast<PartitionId>(partition.number)};
}

void process_choices(const PipelineModel& model, NodeId node, std::vector<FaultChoice>& out) {
  const auto broker = model.brokers.find(node);
  if (broker == model.brokers.end()) return;
  const NodeFilter on{node};
  const std::string name = std::to_string(node);
  switch (broker->second.state) {
    case NodeState::kUp:
      out.push_back({say(Text::kill_node, name), said(Text::kill_effect), {.action = sim::Kill{on}}});
      out.push_back({say(Text::pause_node, name), said(Text::pause_effect), {.action = sim::Pause{on}}});
      break;
    case NodeState::kKilled:
      out.push_back(
          {say(Text::restart_node, name), said(Text::restart_effect), {.action = sim::Restart{on}}});
      break;
    case NodeState::kPaused:
      out.push_back({say(Text::resume_node, name), said(Text::resume_effect), {.action = sim::Resume{on}}});
      out.push_back({say(Text::kill_node, name), said(Text::kill_effect), {.action = sim::Kill{on}}});
      break;
  }
}

void node_choices(const PipelineModel& model, NodeId node, std::vector<FaultChoice>& out) {
  process_choices(model, node, out);
  if (out.empty() || model.brokers.at(node).state == NodeState::kKilled) return;
  out.push_back(
      {said(Text::reset_connections), said(Text::reset_effect), {.action = sim::Disconnect{{node}, {}}}});
  out.push_back({said(Text::drop_next_request), said(Text::drop_request_effect),
                 drop(produce_to(node), MessageKind::kRequest)});
  out.push_back({said(Text::drop_next_response), said(Text::drop_response_effect),
                 drop(produce_to(node), MessageKind::kResponse)});
  out.push_back({say(Text::delay_next_response, format_duration(kLate)), said(Text::delay_effect),
                 delay_response(produce_to(node))});
  out.push_back({say(Text::answer_once, error_row(ErrorCode::kNotLeaderOrFollower).name),
                 said(Text::answer_metadata_effect),
                 respond(produce_to(node), {}, ErrorCode::kNotLeaderOrFollower, false)});
  out.push_back({say(Text::answer_after_storing, error_row(ErrorCode::kRequestTimedOut).name),
                 said(Text::answer_stored_effect),
                 respond(produce_to(node), {}, ErrorCode::kRequestTimedOut, true)});
}

// What can be done to this request and to no other; `partition`: the one that an answer is about, none: all.
void request_choices(const FaultMenuInput& in, const RequestModel& request,
                     std::optional<PartitionIndex> partition, std::vector<FaultChoice>& out) {
  if (request.producer >= in.producers.size()) return;
  const std::string& client = in.producers[request.producer];
  // Behind a bootstrap address is some node; the request's own number is enough.
  const std::optional<NodeId> node = request.node >= 0 ? std::optional(request.node) : std::nullopt;
  RequestFilter it{{node}, {client}, {}, {}};
  it.request = number_of(request.id);
  const auto offer = [&](std::string label, std::string effect, FaultSpec fault) {
    if (run::missed(in.model, in.producers, fault).empty())
      out.push_back({std::move(label), std::move(effect), std::move(fault)});
  };
  offer(said(Text::drop_it), said(Text::drop_it_effect), drop(it, MessageKind::kRequest));
  offer(said(Text::drop_its_response), said(Text::drop_its_response_effect),
        drop(it, MessageKind::kResponse));
  offer(say(Text::delay_its_response, format_duration(kLate)), said(Text::delay_effect), delay_response(it));
  if (!request.batches.empty()) {
    const auto about = partition ? std::optional(named(in, *partition)) : std::nullopt;
    offer(say(Text::answer_with, error_row(ErrorCode::kNotLeaderOrFollower).name),
          said(Text::answer_retried_effect), respond(it, about, ErrorCode::kNotLeaderOrFollower, false));
    offer(say(Text::answer_after_storing, error_row(ErrorCode::kRequestTimedOut).name),
          said(Text::answer_stored_effect), respond(it, about, ErrorCode::kRequestTimedOut, true));
  }
  if (!node || !request.in_flight) return;
  out.push_back({say(Text::reset_its_connection, std::to_string(*node)),
                 said(Text::reset_its_effect),
                 {.action = sim::Disconnect{{node}, {client}}}});
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
    out.push_back({say(Text::move_leader, std::to_string(node)),
                   said(Text::move_leader_effect),
                   {.action = sim::MoveLeader{{named(in, index)}, node}}});
  }
  out.push_back({say(Text::answer_for_it_once, error_row(ErrorCode::kNotLeaderOrFollower).name),
                 said(Text::answer_retried_effect),
                 respond(produce_to({}), named(in, index), ErrorCode::kNotLeaderOrFollower, false)});
  out.push_back({say(Text::answer_for_it_once, error_row(ErrorCode::kNotEnoughReplicas).name),
                 said(Text::answer_replicas_effect),
                 respond(produce_to({}), named(in, index), ErrorCode::kNotEnoughReplicas, false)});
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
