// The fields of every kind of thing.
#include "core/base/api.h"
#include "core/base/error.h"
#include "core/model/queries.h"
#include "sim/scenario_settings.h"
#include "ui/layout/format.h"
#include "ui/layout/settings.h"
#include "ui/layout/side.h"
#include "ui/layout/texts.h"

namespace sendscope::ui {
namespace {

std::string count(std::uint64_t n) { return count_text(static_cast<std::int64_t>(n)); }

// "r5, r9, r12"; of more than can be named: "r5, r9, +11".
std::string records_words(const RecordFailures& failures) {
  constexpr std::size_t kOfMany = 2;
  const std::size_t named = failures.count > failures.first.size() ? kOfMany : failures.first.size();
  std::string words;
  for (std::size_t i = 0; i < named; ++i) words += (i == 0 ? "" : ", ") + record_label(failures.first[i]);
  return named == failures.count ? words : say(Text::records_and_more, words, count(failures.count - named));
}

// The records that a batch failed for, where its broker named some and the others failed along with them.
const RecordFailures* to_blame(const BatchModel& batch) {
  constexpr auto kAlong = static_cast<std::int32_t>(ErrorCode::kKafkaException);
  if (!is_failure(batch.error) || batch.error == kAlong) return nullptr;
  for (const RecordFailures& failures : batch.failures) {
    if (failures.error != kAlong) return &failures;
  }
  return nullptr;
}

// Which records failed, and with what.
void failure_facts(const BatchModel& batch, SubjectFacts& out) {
  for (const RecordFailures& failures : batch.failures) {
    const bool blamed = batch.failures.size() > 1 && &failures == to_blame(batch);
    out.facts.push_back({error_word(failures.error),
                         records_words(failures),
                         "",
                         {blamed || batch.failures.size() == 1 ? Tone::kTrouble : Tone::kText},
                         record_subject(failures.first.front())});
  }
}

std::string node_or_none(NodeId node) {
  return node >= 0 ? say(EventText::node, std::to_string(node)) : said(EventText::none);
}

// Whose it is, where that is a question.
void owner_fact(const Frame& frame, std::size_t producer, SubjectFacts& out) {
  if (!frame.several_producers()) return;
  const std::string name(producer_name(frame.model(), frame.in.words(), producer));
  const Subject subject = producer_subject(producer);
  if (!name.empty()) out.facts.push_back({said(Text::producer), name, "", {Tone::kAccent}, subject});
}

void batch_facts(const Frame& frame, const BatchModel& batch, SubjectFacts& out) {
  const auto add = [&](Text name, std::string value, std::string config = {}) {
    out.facts.push_back({said(name), std::move(value), std::move(config), kText, {}});
  };
  out.title = say(EventText::batch, batch_label(batch.id));
  out.of = partition_label(frame, batch.partition);
  out.of_ink = {hue_of(batch.partition)};
  const bool bad = batch.state == BatchState::kExpired || is_failure(batch.error);
  const bool retrying = batch.state == BatchState::kRetrying;
  out.facts.push_back({said(Text::state),
                       batch_words(frame, batch),
                       "",
                       {bad        ? Tone::kTrouble
                        : retrying ? Tone::kWaiting
                                   : Tone::kText},
                       {}});
  owner_fact(frame, batch.producer, out);
  add(Text::records, count(batch.record_count));
  add(Text::bytes, say(Text::of, count(batch.bytes), count(batch.capacity)), "batch.size");
  if (batch.has_sequence()) {
    const std::uint64_t last = batch.sequence + std::max<std::uint64_t>(1, batch.record_count) - 1;
    add(Text::sequences, count(batch.sequence) + " \xe2\x80\xa6 " + count(last), "enable.idempotence");
    if (batch.pid >= 0)
      add(Text::producer_id_epoch, count_text(batch.pid) + ", " + std::to_string(batch.epoch));
  }
  const auto retries = config_number(frame.model(), frame.in.words(), batch.producer, "retries");
  if (batch.attempts > 0) {
    const std::string attempts = count(batch.attempts);
    add(Text::failed_attempts, retries ? say(Text::of, attempts, count_text(*retries)) : attempts, "retries");
    if (is_failure(batch.last_error))
      out.facts.push_back({said(Text::last_error), error_word(batch.last_error), "", {Tone::kTrouble}, {}});
  }
  add(Text::created, say(Text::at_milliseconds, format_time(batch.created)));
  if (batch.request != kNoRequest) {
    out.facts.push_back({said(Text::request_fact),
                         say(Text::to_node, request_label(batch.request), std::to_string(batch.node)),
                         "",
                         {Tone::kAccent},
                         request_subject(batch.request)});
  }
  add(Text::memory, std::string(batch_memory_words(frame, batch)), "buffer.memory");
  failure_facts(batch, out);
  if (batch.base_offset >= 0) add(Text::stored_at_offset, count_text(batch.base_offset));
  const Nanos delivery = delivery_deadline(frame.model(), frame.in.words(), batch);
  if (delivery > frame.now())
    add(Text::given_up_in, short_duration(delivery - frame.now()), "delivery.timeout.ms");
}

void request_facts(const Frame& frame, const RequestModel& request, SubjectFacts& out) {
  const auto add = [&](Text name, std::string value, std::string config = {}) {
    out.facts.push_back({said(name), std::move(value), std::move(config), kText, {}});
  };
  out.title = say(EventText::request, request_label(request.id));
  out.of = std::string(api_name(request.api));
  out.facts.push_back({said(Text::to),
                       say(EventText::node, std::to_string(request.node)),
                       "",
                       {Tone::kAccent},
                       node_subject(request.node)});
  out.facts.push_back({said(Text::phase),
                       std::string(request_phase_text(request.phase)),
                       "",
                       {request.phase == RequestPhase::kFailed ? Tone::kTrouble : Tone::kText},
                       {}});
  owner_fact(frame, request.producer, out);
  if (is_failure(request.error))
    out.facts.push_back({said(Text::given_up), error_word(request.error), "", {Tone::kTrouble}, {}});
  add(Text::bytes, count(request.bytes), "max.request.size");
  add(Text::sent, say(Text::at_milliseconds, format_time(request.sent)));
  if (request.arrived >= 0) add(Text::arrived_after, short_duration(request.arrived - request.sent));
  if (request.started >= 0) add(Text::waited_at_broker, short_duration(request.started - request.arrived));
  if (request.response_sent >= 0 && request.started >= 0)
    add(Text::worked_on_for, short_duration(request.response_sent - request.started));
  if (request.ended >= 0) add(Text::took_in_all, short_duration(request.ended - request.sent));
  const Nanos deadline = request_deadline(frame.model(), frame.in.words(), request);
  if (deadline > frame.now())
    add(Text::times_out_in, short_duration(deadline - frame.now()), "request.timeout.ms");
  const auto trouble = [&](bool holds, Text name, Text words) {
    if (holds) out.facts.push_back({said(name), said(words), "", {Tone::kTrouble}, {}});
  };
  trouble(request.request_lost, Text::request_fact, Text::lost_on_the_way);
  trouble(request.response_lost, Text::response_fact, Text::lost_on_the_way);
  trouble(request.request_held, Text::request_fact, Text::behind_a_lost_one);
  trouble(request.response_held, Text::response_fact, Text::behind_a_lost_one);
  for (const CarriedBatch& carried : request.batches) {
    out.facts.push_back({said(Text::carries),
                         say(Text::of, batch_label(carried.batch), partition_label(frame, carried.partition)),
                         "",
                         {hue_of(carried.partition)},
                         batch_subject(carried.batch)});
  }
}

// What became of the transactions in a partition, where there were any.
void transaction_facts(const LogModel& log, SubjectFacts& out) {
  const LogContent& content = log.leader_content;
  const std::uint64_t undecided = content.undecided_records();
  if (content.markers == 0 && undecided == 0) return;
  if (const ReplicaLog* leader = log.leader_log()) {
    out.facts.push_back({said(Text::last_stable_offset),
                         count_text(leader->last_stable_offset()),
                         "isolation.level",
                         kText,
                         {}});
  }
  out.facts.push_back({said(Text::markers_of_transactions), count(content.markers), "", kText, {}});
  if (undecided > 0)
    out.facts.push_back({said(Text::undecided_records), count(undecided), "", {Tone::kWaiting}, {}});
  if (content.aborted > 0)
    out.facts.push_back({said(Text::aborted_records), count(content.aborted), "", kText, {}});
}

void partition_facts(const Frame& frame, PartitionIndex index, SubjectFacts& out) {
  const auto add = [&](Text name, std::string value, std::string config = {}) {
    out.facts.push_back({said(name), std::move(value), std::move(config), kText, {}});
  };
  out.title = partition_label(frame, index);
  out.of = said(Text::partition);
  out.of_ink = {hue_of(index)};
  const LogModel& log = frame.model().partitions[index].log;
  if (const ProducerPartition* p = frame.model().producer_partition(frame.producer_index(), index)) {
    owner_fact(frame, frame.producer_index(), out);
    add(Text::leader_as_known, node_or_none(p->leader));
    add(Text::batches_in_deque, std::to_string(p->deque.size()));
    add(Text::in_sender_batches, std::to_string(p->in_flight_batches.size()));
    add(Text::muted, p->muted ? say(Text::muted_since, format_time(p->muted_since)) : said(EventText::no),
        "max.in.flight.requests.per.connection");
    if (p->sequence_epoch >= 0) add(Text::next_sequence, count_text(p->next_sequence), "enable.idempotence");
    if (p->unresolved)
      out.facts.push_back({said(Text::sequences), said(Text::unresolved), "", {Tone::kTrouble}, {}});
    add(Text::records_appended, count(p->appended));
    add(Text::acked, count(p->acked_count));
    if (p->failed_count > 0)
      out.facts.push_back({said(Text::failed), count(p->failed_count), "", {Tone::kTrouble}, {}});
  }
  if (frame.model().run.live) return;
  add(Text::leader, node_or_none(log.leader));
  add(Text::records_in_log, count_text(log.size()));
  if (const ReplicaLog* leader = log.leader_log())
    add(Text::high_watermark, count_text(leader->high_watermark));
  transaction_facts(log, out);
  add(Text::replicas_in_sync, std::to_string(log.in_sync_count), "min.insync.replicas");
  const std::uint64_t twice = log.leader_content.duplicates();
  if (twice > 0) out.facts.push_back({said(Text::stored_twice), count(twice), "", {Tone::kTrouble}, {}});
  if (log.leader_content.out_of_order > 0)
    out.facts.push_back(
        {said(Text::batches_out_of_order), count(log.leader_content.out_of_order), "", {Tone::kTrouble}, {}});
  setting_facts(frame, sim::owner_of_topic(frame.in.words().view(frame.model().partitions[index].topic)),
                out);
}

void node_facts(const Frame& frame, NodeId node, SubjectFacts& out) {
  const auto add = [&](Text name, std::string value, std::string config = {}) {
    out.facts.push_back({said(name), std::move(value), std::move(config), kText, {}});
  };
  out.title = node_label(node);
  out.of = said(Text::broker);
  const auto broker = frame.model().brokers.find(node);
  if (broker != frame.model().brokers.end()) {
    const bool up = broker->second.state == NodeState::kUp;
    out.facts.push_back(
        {said(Text::process),
         words_of(Unit::kNodeState, static_cast<std::uint64_t>(broker->second.state), frame.in.log),
         "",
         {up ? Tone::kOk : Tone::kTrouble},
         {}});
    const std::string host(frame.in.words().view(broker->second.host));
    if (!host.empty()) add(Text::address, host + ":" + std::to_string(broker->second.port));
  }
  if (const NodeLink* link = frame.model().link(frame.producer_index(), node)) {
    owner_fact(frame, frame.producer_index(), out);
    add(Text::connection,
        words_of(Unit::kConnectionState, static_cast<std::uint64_t>(link->state), frame.in.log));
    add(Text::for_time, short_duration(frame.now() - link->since));
    if (link->lost_because != LossReason::kNone) {
      add(Text::last_lost_because,
          words_of(Unit::kLossReason, static_cast<std::uint64_t>(link->lost_because), frame.in.log));
    }
    add(Text::in_in_flight_requests, std::to_string(link->in_flight_requests.size()),
        "max.in.flight.requests.per.connection");
    if (link->backoff_until > frame.now())
      add(Text::backs_off_for, short_duration(link->backoff_until - frame.now()), "reconnect.backoff.ms");
    for (const RequestId id : link->in_flight_requests) {
      out.facts.push_back({said(Text::in_flight),
                           say(EventText::request, request_label(id)),
                           "",
                           {Tone::kAccent},
                           request_subject(id)});
    }
  }
  for (const PartitionIndex index : led_by(frame.model(), node)) {
    out.facts.push_back(
        {said(Text::leads), partition_label(frame, index), "", {hue_of(index)}, partition_subject(index)});
  }
  broker_setting_facts(frame, node, out);
}

void thread_facts(const Frame& frame, std::uint16_t index, SubjectFacts& out) {
  const ThreadModel& thread = frame.model().threads[index];
  const auto add = [&](Text name, std::string value, std::string config = {}) {
    out.facts.push_back({said(name), std::move(value), std::move(config), kText, {}});
  };
  out.title = std::string(thread_name(frame.model(), frame.in.words(), index));
  out.of = said(Text::application_thread);
  owner_fact(frame, thread.producer, out);
  add(Text::state, thread_words(thread.state));
  add(Text::for_time, short_duration(frame.now() - thread.since));
  if (thread.in_send) {
    out.facts.push_back({said(Text::in_send_with),
                         say(EventText::record, std::to_string(number_of(thread.record))),
                         "",
                         {Tone::kAccent},
                         record_subject(thread.record)});
    add(Text::bytes, count(thread.bytes));
    const auto limit = config_number(frame.model(), frame.in.words(), thread.producer, "max.block.ms");
    if (limit)
      add(Text::send_fails_in, short_duration(thread.send_began + to_nanos(*limit) - frame.now()),
          "max.block.ms");
  }
  if (thread.partition != kNoPlace) {
    out.facts.push_back({said(Text::last_partition),
                         partition_label(frame, thread.partition),
                         "",
                         {hue_of(thread.partition)},
                         partition_subject(thread.partition)});
  }
  add(Text::send_called, count(thread.sends));
  add(Text::records_accepted, count(thread.accepted));
  add(Text::sends_that_failed, count(thread.failed));
}

const BatchModel* batch_of_record(const PipelineModel& model, RecordId record) {
  for (const ProducerModel& producer : model.producers) {
    for (const auto& [id, batch] : producer.batches) {
      for (const RecordModel& member : batch.records) {
        if (member.id == record) return &batch;
      }
    }
  }
  return nullptr;
}

// Why a record failed: what its error means, and whose fault it was if not its own.
void record_failure(const Frame& frame, const CallbackModel& callback, BatchId in, SubjectFacts& out) {
  const auto code = static_cast<ErrorCode>(static_cast<std::int16_t>(callback.error));
  const BatchModel* batch = in == 0 ? nullptr : frame.model().batch(in);
  const RecordFailures* blamed = batch == nullptr ? nullptr : to_blame(*batch);
  const bool along = blamed != nullptr && code == ErrorCode::kKafkaException;
  out.facts.push_back(
      {said(Text::because),
       along ? say(Text::in_one_batch_with, records_words(*blamed)) : std::string(error_row(code).text), "",
       kText, along ? record_subject(blamed->first.front()) : Subject{}, true});
}

void record_facts(const Frame& frame, RecordId record, SubjectFacts& out) {
  BatchId in = 0;
  out.title = say(EventText::record, std::to_string(number_of(record)));
  out.of = "";
  const auto add = [&](Text name, std::string value) {
    out.facts.push_back({said(name), std::move(value), "", kText, {}});
  };
  if (const BatchModel* batch = batch_of_record(frame.model(), record)) {
    out.of = partition_label(frame, batch->partition);
    out.of_ink = {hue_of(batch->partition)};
    in = batch->id;
    out.facts.push_back(
        {said(Text::batch_fact), batch_label(batch->id), "", {Tone::kAccent}, batch_subject(batch->id)});
    add(Text::state_of_batch, batch_words(frame, *batch));
  } else if (const SubjectEvents* events = frame.in.inspection.events;
             events != nullptr && events->batch() != 0) {
    in = events->batch();
    out.facts.push_back({said(Text::batch_fact),
                         batch_label(events->batch()),
                         "",
                         {Tone::kAccent},
                         batch_subject(events->batch())});
  }
  for (const ProducerModel& producer : frame.model().producers) {
    for (const CallbackModel& callback : producer.callbacks) {
      if (callback.record != record) continue;
      if (callback.partition != kNoPlace) {
        out.of = partition_label(frame, callback.partition);
        out.of_ink = {hue_of(callback.partition)};
      }
      out.facts.push_back(
          {said(Text::callback),
           is_failure(callback.error) ? error_word(callback.error) : said(Text::without_an_error),
           "",
           {is_failure(callback.error) ? Tone::kTrouble : Tone::kOk},
           {}});
      if (is_failure(callback.error)) record_failure(frame, callback, in, out);
      if (callback.offset >= 0) add(Text::offset, count_text(callback.offset));
      add(Text::send_to_callback, short_duration(callback.latency));
    }
  }
  if (!out.facts.empty()) owner_fact(frame, producer_of_id(record), out);
}

}  // namespace

SubjectFacts facts_of(const Frame& frame, const Subject& subject) {
  SubjectFacts out;
  const PipelineModel& model = frame.model();
  switch (subject.kind) {
    case SubjectKind::kBatch:
      if (const BatchModel* batch = model.batch(subject.id)) batch_facts(frame, *batch, out);
      break;
    case SubjectKind::kRequest:
      if (const RequestModel* request = model.request(subject.id)) request_facts(frame, *request, out);
      break;
    case SubjectKind::kPartition:
      if (subject.id < model.partitions.size())
        partition_facts(frame, static_cast<PartitionIndex>(subject.id), out);
      break;
    case SubjectKind::kNode: node_facts(frame, node_of(subject), out); break;
    case SubjectKind::kThread:
      if (subject.id < model.threads.size()) thread_facts(frame, static_cast<std::uint16_t>(subject.id), out);
      break;
    case SubjectKind::kRecord: record_facts(frame, subject.id, out); break;
    case SubjectKind::kProducer: producer_facts(frame, static_cast<std::size_t>(subject.id), out); break;
    case SubjectKind::kNone: break;
  }
  if (out.title.empty()) out.title = describe(subject, frame.in.log);
  return out;
}

}  // namespace sendscope::ui
