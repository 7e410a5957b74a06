#include "core/model/state_json.h"
#include "core/model/subject.h"
#include "core/model/why.h"
#include "tests/core/model/support.h"

namespace sendscope {
namespace {

TEST_CASE("the names of the expression language are answered from the model") {
  Script script;
  CHECK(script.holds(
      "sent == 0 and acked == 0 and failed == 0 and latency.p99 == 0 and pid == -1 and epoch == -1"));
  CHECK(script.holds("txn.state == 'uninitialized' and batches.incomplete == 0"));
  tell_one_record(script);
  CHECK(script.value("time") == Value::duration(10 * kMs));
  CHECK(script.holds("pool.total == 64KiB and pool.free == 64KiB and pool.used == 0 and pool.waiting == 0"));
  CHECK(script.holds("sent == 1 and acked == 1 and latency.max == 9ms and latency.p50 == 9ms"));
  CHECK(script.holds("partition('orders-0').leader == 1 and partition('orders-1').leader == 2"));
  CHECK(script.holds("partition('orders-0').queued == 0 and partition('orders-0').inflight == 0"));
  CHECK(script.holds("not partition('orders-0').muted and partition('orders-0').log.high_watermark == 1"));
  CHECK(script.holds("node(1).up and node(1).connection == 'ready' and node(1).inflight == 0"));
  CHECK(script.holds("node(7).connection == 'disconnected' and partition('none-0').queued == 0"));
  CHECK(script.holds("producer('p1').acked == 1 and producer('p9').acked == 0"));
  CHECK(script.holds(
      "event('memory_freed') and not event('batch_freed') and event('memory_freed', producer='p1')"));
  script.tell(EventKind::partition_muted, 1, 0);
  CHECK(script.holds("partition('orders-1').muted and event('partition_muted', partition='orders-1')"));
  CHECK(script.holds("not event('partition_muted', partition='orders-0')"));
  script.emit(
      {.kind = EventKind::node_state, .place = 1, .a = static_cast<std::uint32_t>(NodeState::kKilled)});
  CHECK(script.holds("not node(1).up and node(2).up"));
  script.tell(EventKind::producer_id, kNoPlace, 4071, 3);
  CHECK(script.holds("pid == 4071 and epoch == 3"));
}

TEST_CASE("events are counted by the fields that can be counted by") {
  Script script;
  tell_one_record(script);
  script.tell(EventKind::request_sent, 2, 2, 3, 40);
  script.tell(EventKind::request_sent, 2, 3, 0, 40);
  CHECK(script.holds("count('request_sent') == 3 and count('request_sent', api='Produce') == 2"));
  CHECK(script.holds(
      "count('request_sent', api='Produce', node=1) == 1 and count('request_sent', node=2) == 2"));
  CHECK(
      script.holds("count('record_completed', error='NONE') == 1 and count('record_completed', "
                   "error='TimeoutException') == 0"));
  CHECK(script.holds("count('record_appended', partition='orders-0', thread='app-1') == 1"));
  CHECK(script.holds("count('record_appended', thread='app-2') == 0 and count('batch_split') == 0"));
  CHECK(script.holds(
      "count('batch_ready', reason='linger_expired') == 1 and count('batch_opened', pooled=true) == 1"));
  CHECK(script.holds("count('config_set', key='linger.ms', value='5') == 1"));
}

TEST_CASE("a live run cannot know the brokers' side") {
  Script script;
  tell_one_record(script);
  script.emit({.kind = EventKind::run_started, .place = 1});
  CHECK(script.value("partition('orders-0').log.size") == Value::unknown());
  CHECK(script.value("node(1).up") == Value::unknown());
  CHECK(script.value("acked") == Value::integer(1));
}

TEST_CASE("with several producers a name is the sum, or unknown when they differ") {
  Script script;
  script.emit(
      {.kind = EventKind::producer_created, .actor = 1, .subject = 1000, .a = script.word("p2"), .b = 16});
  CHECK(script.holds("pool.total == 66536 and producer('p2').pool.total == 1000B"));
  CHECK(script.value("pid") == Value::integer(-1));
  script.tell(EventKind::producer_id, kNoPlace, 7, 0);
  CHECK(script.value("pid") == Value::unknown());
  CHECK(script.holds("producer('p1').pid == 7 and producer('p2').pid == -1"));
}

TEST_CASE("things that do not exist are told from things that do") {
  Script script;
  const PipelineModel model = script.model();
  const ModelNames names(model, script.log.strings());
  const auto exists = [&](std::string_view text) {
    auto parsed = parse_expression(text);
    REQUIRE(std::holds_alternative<Expression>(parsed));
    return names.exists(*std::get<Expression>(parsed).names().front());
  };
  CHECK(exists("partition('orders-1').muted"));
  CHECK_FALSE(exists("partition('orders-2').muted"));
  CHECK_FALSE(exists("partition('orders').muted"));
  CHECK(exists("thread('app-1').state"));
  CHECK_FALSE(exists("thread('app-3').state"));
  CHECK(exists("node(2).up"));
  CHECK_FALSE(exists("node(3).up"));
  CHECK(exists("producer('p1').acked"));
  CHECK_FALSE(exists("producer('p2').acked"));
  CHECK(exists("pool.free"));
}

TEST_CASE("the state as JSON has every name, in a fixed order") {
  Script script;
  tell_one_record(script);
  const std::string json = state_json(script.model(), script.log.strings());
  INFO(json);
  CHECK(json.find("{\n  \"time_ns\": 10000000,\n  \"events\": ") == 0);
  CHECK(json.find("\"pool\": {\n    \"total\": 65536,\n    \"free\": 65536,\n    \"used\": 0,\n    "
                  "\"waiting\": 0\n  }") != std::string::npos);
  CHECK(json.find("\"orders-0\": {\n      \"queued\": 0,\n      \"inflight\": 0,\n      \"muted\": false,\n  "
                  "    \"leader\": 1,") != std::string::npos);
  CHECK(json.find("\"log\": {\n        \"size\": 1,\n        \"in_order\": true,") != std::string::npos);
  CHECK(json.find("\"failed_by\": {}") != std::string::npos);
  CHECK(json.find("\"app-1\": {\n      \"state\": \"running\"\n    }") != std::string::npos);
  CHECK(json.ends_with("\n}\n"));
  script.tell(EventKind::connection_state, static_cast<std::uint32_t>(-1), 0, 3);
  const std::string with_bootstrap = state_json(script.model(), script.log.strings());
  CHECK(with_bootstrap.find("\"-1\": {\n      \"connection\": \"ready\",\n      \"inflight\": 0") !=
        std::string::npos);
  const std::string text = state_text(script.model(), script.log.strings());
  CHECK(text.find("partition('orders-0').log.in_order = true\n") != std::string::npos);
  CHECK(text.find("latency.p99 = 9 ms\n") != std::string::npos);
  CHECK(text.find("count('batch_opened') = 1\n") != std::string::npos);
}

TEST_CASE("what JSON cannot hold as it is, is escaped") {
  Script script;
  script.emit({.kind = EventKind::thread_named, .actor = 2, .place = 0, .a = script.word("a\"b\\c\n")});
  const std::string json = state_json(script.model(), script.log.strings());
  CHECK(json.find("\"a\\\"b\\\\c\\u000a\": {") != std::string::npos);
}

TEST_CASE("the events of a record include its batch's and its request's") {
  Script script;
  tell_one_record(script);
  script.open(2, 1);
  script.send(1, 2, 1, 2);
  const SubjectEvents record(script.log, {SubjectKind::kRecord, 1});
  CHECK(record.batch() == 1);
  std::vector<EventKind> kinds;
  for (const std::size_t i : record.events()) kinds.push_back(script.log[i].kind);
  const std::vector<EventKind> expected = {
      EventKind::batch_opened,       EventKind::send_called,       EventKind::record_appended,
      EventKind::batch_ready,        EventKind::batch_closed,      EventKind::batch_drained,
      EventKind::inflight_added,     EventKind::request_sent,      EventKind::request_batch,
      EventKind::request_arrived,    EventKind::request_started,   EventKind::log_appended,
      EventKind::response_sent,      EventKind::response_received, EventKind::batch_completed,
      EventKind::record_completed,   EventKind::latch_released,    EventKind::inflight_removed,
      EventKind::incomplete_removed, EventKind::batch_freed};
  // The batch was opened for this record, before anything said that it is in it.
  CHECK(kinds == std::vector<EventKind>(expected.begin() + 1, expected.end()));
  const SubjectEvents batch(script.log, {SubjectKind::kBatch, 1});
  CHECK(batch.events().size() == expected.size() - 2);
  CHECK(script.log[batch.events().front()].kind == EventKind::batch_opened);
  const SubjectEvents node(script.log, {SubjectKind::kNode, 2});
  CHECK(script.log[node.next(0)].kind == EventKind::node_named);
  CHECK(node.previous(0) == script.log.size());
  CHECK(node.next(script.log.size()) == script.log.size());
  const SubjectEvents thread(script.log, {SubjectKind::kThread, 1});
  CHECK(thread.events().size() == 3);
  CHECK(describe({SubjectKind::kBatch, 2}, script.log) == "batch 2");
  CHECK(describe({SubjectKind::kThread, 1}, script.log) == "app-2");
}

std::string told(const WaitReport& report) {
  std::string out;
  for (const WaitSlice& slice : report.slices) {
    if (!out.empty()) out += ", ";
    out += std::string(wait_cause_text(slice.cause)) + " " + std::to_string(slice.duration() / kMs);
  }
  return out;
}

Nanos sum_of(const std::vector<WaitSlice>& slices) {
  Nanos out = 0;
  for (const WaitSlice& slice : slices) out += slice.duration();
  return out;
}

TEST_CASE("why a record took its time: slices that sum to its age exactly, at every moment") {
  Script script;
  tell_one_record(script);
  History history(script.log);
  const SubjectEvents record(script.log, {SubjectKind::kRecord, 1});
  const WaitReport report = why(history, record, script.log.size(), 50 * kMs);
  REQUIRE(report.known);
  CHECK(report.over);
  CHECK(report.total() == 9 * kMs);
  CHECK(told(report) == "waited for linger 5, request on the way 1, at the broker 1, response on the way 2");
  CHECK(script.log[report.slices[0].ended_by].t == 6 * kMs);
  for (std::size_t n = 0; n <= script.log.size(); ++n) {
    for (const SubjectKind kind : {SubjectKind::kRecord, SubjectKind::kBatch}) {
      const Nanos now = n == 0 ? 0 : script.log[n - 1].t;
      const WaitReport part = why(history, SubjectEvents(script.log, {kind, 1}), n, now);
      if (!part.known) continue;
      CHECK(sum_of(part.slices) == part.total());
      CHECK(sum_of(part.summary()) == part.total());
    }
  }
}

TEST_CASE("why a batch waits: linger, muted, earlier batches, in-flight limit, backoff, connection") {
  Script script;
  script.at(1 * kMs).open(1, 0);
  script.send(0, 1, 0, 1);
  script.drain(1, 0, 1);
  script.request(1, 0, 1);
  script.tell(EventKind::partition_muted, 0, 0);
  script.at(2 * kMs).open(2, 0);
  script.send(0, 2, 0, 2);
  script.at(20 * kMs).tell(EventKind::partition_unmuted, 0, 0);
  script.tell(EventKind::request_sent, 1, 2, 3, 30);
  script.at(25 * kMs).tell(EventKind::response_received, 1, 1, 0, 60);
  script.at(26 * kMs).drain(2, 0, 1);
  script.at(27 * kMs).request(3, 0, 2);
  script.at(30 * kMs).tell(EventKind::response_received, 1, 3, 0, 60);
  script.tell(EventKind::batch_retried, 0, 2, 6, 1);
  script.tell(EventKind::batch_backoff, 0, 2, 10);
  script.tell(EventKind::inflight_removed, 0, 2);
  script.at(45 * kMs).tell(EventKind::connection_state, 1, 0,
                           static_cast<std::uint32_t>(ConnectionState::kDisconnected), 50);
  History history(script.log);
  const SubjectEvents batch(script.log, {SubjectKind::kBatch, 2});
  const WaitReport report = why(history, batch, script.log.size(), 48 * kMs);
  REQUIRE(report.known);
  CHECK_FALSE(report.over);
  CHECK(report.total() == 46 * kMs);
  CHECK(
      told(report) ==
      "waited for linger 5, muted, earlier batch 13, in-flight limit 5, waited for the sender 1, "
      "waited for the sender 1, request on the way 3, backing off 10, waited for the sender 5, connecting 3");
  CHECK(report.slices[3].attempt == 0);
  CHECK(report.slices[4].attempt == 1);
  CHECK(sum_of(report.slices) == report.total());
}

TEST_CASE("why a send() takes its time: metadata and memory") {
  Script script;
  script.at(1 * kMs).emit(
      {.kind = EventKind::send_called, .actor = 0, .subject = 9, .a = script.word("orders"), .b = 9});
  script.emit({.kind = EventKind::metadata_wait_began, .actor = 0, .subject = 9, .a = script.word("orders")});
  script.at(4 * kMs).emit({.kind = EventKind::metadata_wait_ended, .actor = 0, .subject = 9});
  script.emit({.kind = EventKind::memory_wait_began, .actor = 0, .subject = 9, .a = 16384});
  script.at(10 * kMs).emit({.kind = EventKind::memory_wait_ended, .actor = 0, .subject = 9, .a = 16384});
  script.at(11 * kMs).open(1, 0);
  script.append(0, 9, 0, 1);
  History history(script.log);
  const WaitReport report =
      why(history, SubjectEvents(script.log, {SubjectKind::kRecord, 9}), script.log.size(), 12 * kMs);
  CHECK(told(report) == "waited for metadata 3, waited for memory 6, in send() 1, waited for linger 1");
  const WaitReport nothing =
      why(history, SubjectEvents(script.log, {SubjectKind::kRecord, 77}), script.log.size(), 12 * kMs);
  CHECK_FALSE(nothing.known);
}

}  // namespace
}  // namespace sendscope
