#include "core/conform/pipeline_replay.h"

#include <algorithm>

#include "core/conform/family.h"
#include "core/conform/pipeline_values.h"
#include "core/producer/future_record_metadata.h"
#include "core/producer/record_accumulator.h"
#include "core/producer/sender.h"
#include "core/producer/transaction_manager.h"

namespace sendscope::conform {

namespace {

std::string text_of(const Json& value) { return value.is_string() ? value.get<std::string>() : value.dump(); }

}  // namespace

PipelineReplay::PipelineReplay(const Transcript& transcript, Report& report)
    : transcript_(transcript),
      report_(report),
      transport_(transcript.header.at("frame_limit").get<std::size_t>()),
      now_(to_nanos(transcript.header.at("start_ms").get<Millis>())) {
  sink_.set_all_wanted(false);
}

PipelineReplay::~PipelineReplay() {
  for (auto& [id, send] : sends_) send->op.reset();
}

Result<void> PipelineReplay::create_producer() {
  ProducerConfig::Texts texts;
  for (const auto& [key, value] : transcript_.header.at("config").items()) texts[key] = text_of(value);
  Result<ProducerConfig> config = ProducerConfig::parse(texts, nullptr);
  if (!config) return config.error();
  const Json& software = transcript_.header.at("client_software");
  if (config->compression_type != wire::CompressionType::kNone) learn_batches(config->compression().level);
  random_.set_ranks(hash_ranks(transcript_.header.at("nodes")));
  ProducerEnvironment environment{
      transport_,  sink_, random_, &sender_waiter_, 0, software.at("name"), software.at("version"),
      &compressor_};
  Result<std::unique_ptr<Producer>> producer = Producer::create(*config, environment, {}, now_);
  if (!producer) return producer.error();
  producer_ = std::move(*producer);
  transport_.ignore_closes_of(producer_->client());
  return {};
}

void PipelineReplay::play() {
  if (Result<void> created = create_producer(); !created)
    return report_.differs("header", "a producer", created.error().message);
  for (const TranscriptLine& line : transcript_.lines) {
    report_.at(line);
    if (line.op() == "advance") {
      now_ += to_nanos(line.json.at("ms").get<Millis>());
      continue;
    }
    if (const auto random = line.json.find("random"); random != line.json.end()) random_.expect(*random);
    Result<Json> out = perform(line);
    if (!out) return report_.differs("input", "possible", out.error().message);
    // Kafka itself went wrong here; what it did then is no example.
    if (line.json.at("out").contains("uncaught")) {
      report_.cut(transcript_.lines.back().number - line.number + 1);
      break;
    }
    if (!compare(line, std::move(*out))) return;
  }
  report_.packed(compressor_);
}

// Every batch of the transcript, by the bytes Kafka sent; shortened frames show none.
void PipelineReplay::learn_batches(int level) {
  for (const TranscriptLine& line : transcript_.lines) {
    if (line.op() != "run") continue;
    for (const Json& action : line.json.at("out").value("wire", Json::array()))
      if (action.contains("produce") && action.at("bytes").is_string())
        for (const std::vector<std::byte>& batch : batches_of(*bytes_of(action.at("bytes"))))
          compressor_.learn(batch, level);
  }
}

bool PipelineReplay::equal(const std::string& what, const Json& expected, const Json& got) {
  if (expected == got) return true;
  if (report_.compare(what, expected, got)) report_.differs(what, expected.dump(), got.dump());
  return false;
}

// Kafka queues a record before it asks the transaction manager; when that says the producer is fenced, the
// record fails at once and once more with its batch. Here its callback runs once, with the batch.
void PipelineReplay::drop_first_of_two_callbacks(const Json& line, Json& expected) {
  if (expected.value("result", "") != "failed") return;
  const std::string error = expected.at("error").at("class");
  if (error != "InvalidProducerEpochException" && error != "ProducerFencedException") return;
  Json& callbacks = expected.at("callbacks");
  const std::size_t dropped =
      std::erase_if(callbacks.get_ref<Json::array_t&>(),
                    [&line](const Json& callback) { return callback.at("id") == line.at("id"); });
  if (dropped > 0) report_.excuse(Deviation::one_callback);
}

bool PipelineReplay::compare(const TranscriptLine& line, Json out) {
  Json expected = line.json.at("out");
  drop_first_of_two_callbacks(line.json, expected);
  if (expected.contains("wire"))
    for (Json& action : expected["wire"]) action.erase("produce");  // a summary for human eyes
  bool same = equal("out", expected, out);
  if (const std::string complaint = random_.take_complaint(); !complaint.empty()) {
    report_.differs("random", "the draws recorded", complaint);
    same = false;
  }
  Json state = observe(*producer_);
  if (line.json.at("state").contains("waiting")) state["waiting"] = waiting();
  return equal("state", line.json.at("state"), state) && same;
}

Result<Json> PipelineReplay::perform(const TranscriptLine& line) {
  const std::string_view op = line.op();
  if (op == "run") return run(line.json);
  if (op == "send") return send(line.json);
  if (op == "resume") return resume(line.json);
  if (op == "partitions_for") return partitions_for(line.json);
  if (op == "flush") return flush(line.json);
  if (op == "txn") return call(line.json);
  if (op == "close") {
    producer_->sender().initiate_close(now_);
    return Json::object();
  }
  if (op == "force_close") {
    producer_->sender().force_close(now_);
    return Json::object();
  }
  return Error(ErrorCode::kInvalidInput, "unknown operation " + std::string(op));
}

Result<Json> PipelineReplay::run(const Json& line) {
  for (const Json& event : line.at("events"))
    if (Result<void> injected = transport_.inject(event); !injected) return injected.error();
  const Nanos until = producer_->sender().run_once(now_);
  Json out = {{"wire", transport_.take_actions()}, {"callbacks", take_callbacks()}};
  finish_flushes(out);
  finish_call(out);
  if (producer_->sender().exited()) {
    out["exit"] = true;
  } else {
    out[producer_->sender().sleeping() ? "sleep_ms" : "poll_ms"] = to_millis(until - now_);
  }
  return out;
}

Json PipelineReplay::take_callbacks() {
  std::stable_sort(callbacks_.begin(), callbacks_.end(), [](const Callback& a, const Callback& b) {
    return std::tie(a.topic, a.partition) < std::tie(b.topic, b.partition);
  });
  Json out = Json::array();
  for (Callback& callback : callbacks_) out.push_back(std::move(callback.json));
  callbacks_.clear();
  return out;
}

void PipelineReplay::on_delivery(void* context, const Acknowledgement& acknowledgement) {
  Send& send = *static_cast<Send*>(context);
  const RecordMetadata& metadata = acknowledgement.metadata;
  send.replay->callbacks_.push_back(
      {std::string(metadata.topic), metadata.partition,
       Json{{"id", send.id},
            {"partition", std::string(metadata.topic) + "-" + std::to_string(metadata.partition)},
            {"offset", metadata.offset},
            {"timestamp", metadata.timestamp_ms},
            {"error", describe_error(acknowledgement.error)}}});
}

Json PipelineReplay::waiting() const {
  Json out = Json::array();
  for (const std::int64_t id : waiting_) {
    const SendOp& op = *sends_.at(id)->op;
    const bool memory = op.blocked_on() == BlockReason::kMemory;
    out.push_back(
        {{"id", id}, {"on", memory ? "memory" : "metadata"}, {"signalled", memory && op.signalled()}});
  }
  return out;
}

Json PipelineReplay::with_surroundings(Json out) {
  out["woke"] = sender_waiter_.woken;
  out["callbacks"] = take_callbacks();
  return out;
}

void replay_pipeline(const Transcript& transcript, Report& report) {
  PipelineReplay(transcript, report).play();
}

}  // namespace sendscope::conform
