// The application's calls in a pipeline transcript.
#include "core/conform/family.h"
#include "core/conform/pipeline_replay.h"
#include "core/conform/pipeline_values.h"
#include "core/producer/future_record_metadata.h"
#include "core/producer/record_accumulator.h"
#include "core/producer/sender.h"
#include "core/producer/transaction_manager.h"

namespace sendscope::conform {

namespace {

bool completed(const ResultPtr& result) {
  if (!result->completed()) return false;
  for (const ProduceRequestResult::Part& part : result->parts())
    if (!completed(part.result)) return false;
  return true;
}

}  // namespace

// Fills the record and what it points to.
Result<void> PipelineReplay::read_record(const Json& line, Send& send) {
  const auto keep = [&send](const Json& json, std::optional<Bytes>& out) {
    std::optional<std::vector<std::byte>> bytes = bytes_of(json);
    if (bytes) send.bytes.push_back(std::move(*bytes));
    out = bytes ? std::optional<Bytes>(Bytes(send.bytes.back())) : std::nullopt;
  };
  const Json& headers = line.at("headers");
  send.bytes.reserve(headers.size() + 2);
  send.header_names.reserve(headers.size());
  send.topic = line.at("topic").get<std::string>();
  send.record.topic = send.topic;
  if (!line.at("partition").is_null()) send.record.partition = line.at("partition").get<PartitionId>();
  if (!line.at("timestamp").is_null()) send.record.timestamp_ms = line.at("timestamp").get<std::int64_t>();
  keep(line.at("key"), send.record.key);
  keep(line.at("value"), send.record.value);
  for (const Json& header : headers) {
    RecordHeader out;
    send.header_names.push_back(header.at(0).get<std::string>());
    out.key = send.header_names.back();
    keep(header.at(1), out.value);
    send.headers.push_back(out);
  }
  send.record.headers = send.headers;
  return {};
}

Result<Json> PipelineReplay::send(const Json& line) {
  auto fresh = std::make_unique<Send>();
  Send& send = *fresh;
  send.replay = this;
  send.id = line.at("id").get<std::int64_t>();
  if (Result<void> ok = read_record(line, send); !ok) return ok.error();
  sends_[send.id] = std::move(fresh);
  sender_waiter_.woken = false;
  // First the path that never waits; it must do the same or nothing.
  FutureRecordMetadata future;
  const SendStatus status = producer_->try_send(send.record, {on_delivery, &send}, now_, 0, &future);
  if (status == SendStatus::kAccepted) {
    const PartitionId partition = future.batch_result()->topic_partition().partition;
    return with_surroundings(outcome(send.record, {status, partition, 0, std::nullopt}));
  }
  if (status != SendStatus::kWouldBlock) {
    SendResult result{status, kUnknownPartition, 0, std::nullopt};
    if (future.valid()) result.error = future.get().error();
    return with_surroundings(outcome(send.record, result));
  }
  send.op = std::make_unique<SendOp>(*producer_, send.record, Delivery{on_delivery, &send}, 0, send.waiter);
  return go_on(send);
}

Json PipelineReplay::resume(const Json& line) {
  sender_waiter_.woken = false;
  return go_on(*sends_.at(line.at("id").get<std::int64_t>()));
}

Json PipelineReplay::go_on(Send& send) {
  Step step = Step::kYield;
  while (step == Step::kYield) step = send.op->advance(now_);
  if (step == Step::kBlocked) {
    waiting_.insert(send.id);
    const bool memory = send.op->blocked_on() == BlockReason::kMemory;
    return with_surroundings({{"result", "waiting"}, {"on", memory ? "memory" : "metadata"}});
  }
  waiting_.erase(send.id);
  const SendResult result = send.op->result();
  send.op.reset();
  return with_surroundings(outcome(send.record, result));
}

Json PipelineReplay::outcome(const Record& record, const SendResult& result) const {
  if (result.status == SendStatus::kAccepted)
    return {{"result", "accepted"},
            {"partition", std::string(record.topic) + "-" + std::to_string(result.partition)}};
  return {{"result", result.status == SendStatus::kFailed ? "failed" : "thrown"},
          {"error", describe_error(result.error ? &*result.error : nullptr)}};
}

Json PipelineReplay::partitions_for(const Json& line) {
  CallerWaiter waiter;
  const std::string topic = line.at("topic").get<std::string>();
  PartitionsForOp op(*producer_, topic, 0, waiter);
  if (op.advance(now_) != Step::kDone) return {{"waiting", true}};
  if (op.result()) return {{"partitions", *op.result()}};
  return {{"error", describe_error(&op.result().error())}};
}

Json PipelineReplay::flush(const Json& line) {
  // Not a FlushOp: transcripts look at the end of a flush only after the run that brought it.
  producer_->accumulator().begin_flush();
  producer_->sender().wakeup();
  std::vector<ResultPtr> results = producer_->accumulator().incomplete_results();
  const std::size_t count = results.size();
  flushes_[line.at("id").get<std::int64_t>()] = std::move(results);
  return {{"batches", count}};
}

void PipelineReplay::finish_flushes(Json& out) {
  Json done = Json::array();
  for (auto at = flushes_.begin(); at != flushes_.end();) {
    bool all = true;
    for (const ResultPtr& result : at->second) all = all && completed(result);
    if (!all) {
      ++at;
      continue;
    }
    producer_->accumulator().end_flush();
    done.push_back(at->first);
    at = flushes_.erase(at);
  }
  if (!done.empty()) out["flushed"] = std::move(done);
}

Json PipelineReplay::call(const Json& line) {
  TransactionManager& transactions = *producer_->transactions();
  const std::string name = line.at("call").get<std::string>();
  Result<TxnResultPtr> result = TxnResultPtr();
  if (name == "init") {
    result = transactions.initialize_transactions();
  } else if (name == "begin") {
    const Result<void> begun = transactions.begin_transaction();
    if (!begun) result = begun.error();
  } else if (name == "commit") {
    result = transactions.begin_commit();
  } else if (name == "abort") {
    result = transactions.begin_abort();
  } else {
    TxnOffsets offsets;
    for (const Json& at : line.at("offsets"))
      offsets[{at.at("topic"), at.at("partition")}] = {at.at("offset"), at.at("metadata"), -1};
    ConsumerGroupMetadata group;
    group.group_id = line.at("group").get<std::string>();
    result = transactions.send_offsets_to_transaction(offsets, group);
  }
  if (!result) return {{"error", describe_error(&result.error())}};
  if (*result != nullptr) {
    producer_->sender().wakeup();
    call_ = Call{line.at("id").get<std::int64_t>(), name, *result};
  }
  return {{"error", nullptr}};
}

void PipelineReplay::finish_call(Json& out) {
  if (!call_ || !call_->result->is_completed()) return;
  call_->result->acknowledge();
  const std::optional<Error> error = call_->result->error();
  if (!error && call_->name == "init") producer_->transactions()->maybe_update_transaction_v2_enabled(true);
  out["call_done"] = {
      {"id", call_->id}, {"call", call_->name}, {"error", describe_error(error ? &*error : nullptr)}};
  call_.reset();
}

}  // namespace sendscope::conform
