#include "core/event/narration.h"

#include "core/base/error.h"
#include "tests/support/catch.h"

namespace sendscope {
namespace {

struct Words {
  StringTable strings;
  NameBook names;

  Words() {
    strings.append({"orders", "app-1", "p1", "p2"});
    names.partitions = {{1, 0}, {1, 1}};
    names.threads = {2};
    names.producers = {3};
  }
  std::string narrate(const Event& event) const { return sendscope::narrate(event, strings, names); }
};

TEST_CASE("numbers, durations and sizes read well") {
  CHECK(format_count(0) == "0");
  CHECK(format_count(9999) == "9999");
  CHECK(format_count(15980) == "15 980");
  CHECK(format_count(2147483647) == "2 147 483 647");
  CHECK(format_count(-123456) == "-123 456");
  CHECK(format_count(1234567, "_") == "1_234_567");
  CHECK(format_duration(0) == "0 ns");
  CHECK(format_duration(999) == "999 ns");
  CHECK(format_duration(12'500) == "12.5 µs");
  CHECK(format_duration(41'342'999) == "41.342 ms");
  CHECK(format_duration(1'999'999'999) == "1.999 s");
  CHECK(format_duration(5'000'000) == "5 ms");
  CHECK(format_duration(120 * kNanosPerSecond) == "2 min");
  CHECK(format_duration(90 * kNanosPerSecond) == "90 s");
  CHECK(format_duration(-1500) == "-1.5 µs");
  CHECK(format_duration(kForever) == "for ever");
  CHECK(format_bytes(100) == "100 B");
  CHECK(format_bytes(16384) == "16 KiB");
  CHECK(format_bytes(32 << 20) == "32 MiB");
  CHECK(format_bytes(15980) == "15 980 B");
  CHECK(format_bytes(0) == "0 B");
  CHECK(format_time(42'310'000) == "42.310");
  CHECK(format_time(5) == "0.000");
}

TEST_CASE("an event becomes a sentence with names and units") {
  const Words words;
  CHECK(words.narrate(
            {.kind = EventKind::batch_drained, .actor = 0, .place = 1, .subject = 17, .a = 2, .b = 15980}) ==
        "The sender drains batch 17 of orders-1 for node 2: 15 980 B.");
  CHECK(words.narrate({.kind = EventKind::memory_wait_began, .actor = 0, .subject = 5, .a = 16384}) ==
        "app-1 waits in line for 16 KiB of buffer memory.");
  CHECK(words.narrate({.kind = EventKind::request_failed,
                       .actor = 0,
                       .place = 1,
                       .subject = 3,
                       .a = 0,
                       .b = static_cast<std::uint32_t>(ErrorCode::kNetworkException)}) ==
        "Produce request 3 to node 1 is given up: NETWORK_EXCEPTION.");
}

TEST_CASE("causes are told: of a lost connection, of a topic that is refused, of a record that fails") {
  const Words words;
  const auto unknown_topic = static_cast<std::uint32_t>(ErrorCode::kUnknownTopicOrPartition);
  CHECK(words.narrate({.kind = EventKind::connection_lost,
                       .actor = 0,
                       .place = static_cast<std::uint32_t>(-1),
                       .a = static_cast<std::uint32_t>(LossReason::kClosedAtFirstRequest)}) ==
        "The connection to bootstrap node 1 is lost: closed at first request.");
  CHECK(words.narrate({.kind = EventKind::topic_unavailable, .actor = 0, .a = 1, .b = unknown_topic}) ==
        "The brokers say of topic orders: UNKNOWN_TOPIC_OR_PARTITION.");
  CHECK(words.narrate({.kind = EventKind::failure_cause, .actor = 0, .subject = 5, .a = unknown_topic}) ==
        "The cause of record 5's failure: UNKNOWN_TOPIC_OR_PARTITION.");
}

TEST_CASE("transactional calls are told by their names in Java") {
  const Words words;
  Event call{.kind = EventKind::txn_call_began, .actor = 0, .a = 3};
  CHECK(words.narrate(call) == "app-1 calls commitTransaction().");
  call.kind = EventKind::txn_call_ended;
  CHECK(words.narrate(call) == "commitTransaction() returns to app-1: success.");
  call.a = 2;
  call.b = static_cast<std::uint32_t>(ErrorCode::kProducerFenced);
  CHECK(words.narrate(call) == "sendOffsetsToTransaction() returns to app-1: PRODUCER_FENCED.");
}

TEST_CASE("what has no name is told by its number") {
  const Words words;
  CHECK(words.narrate({.kind = EventKind::thread_state,
                       .actor = 9,
                       .a = static_cast<std::uint32_t>(ThreadState::kWaitingMemory)}) ==
        "thread 9 is waiting for memory.");
  CHECK(words.narrate({.kind = EventKind::connection_state,
                       .actor = 0,
                       .place = static_cast<std::uint32_t>(-1),
                       .a = 2}) == "The connection to bootstrap node 1 is checking api versions.");
  CHECK(words.narrate({.kind = EventKind::leader_known,
                       .actor = 0,
                       .place = 0,
                       .a = static_cast<std::uint32_t>(-1),
                       .b = 3}) == "The producer learns that nobody leads orders-0 (epoch 3).");
  CHECK(words.narrate({.kind = EventKind::sender_waits, .a = 0xffffffff}) ==
        "The sender waits until something happens.");
  CHECK(format_field(Unit::kThreadState, 77, words.strings, words.names) == "77");
  CHECK(format_field(Unit::kNodeSet, 0b1110, words.strings, words.names) == "1, 2, 3");
}

TEST_CASE("one is one, many are many, and sentences begin like sentences") {
  const Words words;
  const Event one{.kind = EventKind::log_appended, .actor = 2, .place = 0, .subject = 1, .a = 7, .b = 1};
  Event two = one;
  two.b = 2;
  CHECK(words.narrate(one) == "Node 2 appends 1 record to the log of orders-0 at offset 7.");
  CHECK(words.narrate(two) == "Node 2 appends 2 records to the log of orders-0 at offset 7.");
  CHECK(words.narrate({.kind = EventKind::isr_changed, .actor = 1, .place = 0, .subject = 2, .a = 1}) ==
        "In sync for orders-0: 1 replica (nodes 1).");
  CHECK(words.narrate({.kind = EventKind::flush_began, .actor = 0, .a = 1}) ==
        "app-1 calls flush(); still incomplete: 1 batch.");
  CHECK(words.narrate({.kind = EventKind::partition_named, .place = 1, .a = 1, .b = 1}) ==
        "orders-1 exists.");
  CHECK(words.narrate({.kind = EventKind::metadata_updated, .actor = 0, .a = 1, .b = 1}) ==
        "Metadata version 1 arrives: 1 node.");
  CHECK(words.narrate({.kind = EventKind::sender_waits, .a = 0}) ==
        "The sender looks around and goes on at once.");
  CHECK(words.narrate({.kind = EventKind::sender_waits, .a = 5}) == "The sender waits, 5 ms at the most.");
}

TEST_CASE("with several producers a batch says whose it is") {
  Words words;
  words.names.producers = {3, 4};
  const BatchId second = make_id(1, 7);
  CHECK(format_field(Unit::kBatch, second, words.strings, words.names) == "7 of p2");
  CHECK(format_field(Unit::kRecord, make_id(1, 201), words.strings, words.names) == "201 of p2");
}

TEST_CASE("beside the thing that it is about an event is told in few words") {
  const Words words;
  const auto brief = [&](const Event& event) { return narrate_briefly(event, words.strings, words.names); };
  CHECK(brief({.kind = EventKind::log_appended, .actor = 2, .place = 0, .a = 11, .b = 1}) ==
        "1 record in the log at 11");
  CHECK(brief({.kind = EventKind::replica_fetched, .actor = 2, .place = 0, .a = 1207, .b = 1}) ==
        "node 2 has copied up to 1207");
  CHECK(brief({.kind = EventKind::isr_changed, .actor = 2, .place = 0, .subject = 0b110, .a = 2}) ==
        "in sync: nodes 1, 2");
  CHECK(brief({.kind = EventKind::record_appended, .actor = 0, .place = 0, .subject = 5, .a = 16}) ==
        "r5 appended to batch #16");
  CHECK(brief({.kind = EventKind::thread_state, .actor = 0, .a = 3}) == "waits for memory");
  CHECK(brief({.kind = EventKind::txn_call_began, .actor = 0, .a = 3}) == "commitTransaction()");
  CHECK(brief({.kind = EventKind::partition_named, .place = 0, .a = 1}) == "orders-0 exists.");
  const auto code = static_cast<std::uint32_t>(ErrorCode::kNetworkException);
  CHECK(brief({.kind = EventKind::memory_wait_ended, .actor = 0, .subject = 5}) == "has its memory");
  CHECK(brief({.kind = EventKind::memory_wait_ended, .actor = 0, .subject = 5, .b = code}) ==
        "no memory: NETWORK_EXCEPTION");
}

TEST_CASE("what is told without an error and with one is of kinds that have an error") {
  int alternatives = 0;
  for (int i = 0; i < kEventKindCount; ++i) {
    const KindRow& row = kind_row(static_cast<EventKind>(i));
    if (row.brief.find('|') == std::string_view::npos) continue;
    ++alternatives;
    INFO(row.name);
    CHECK((row.a.unit == Unit::kError || row.b.unit == Unit::kError));
  }
  CHECK(alternatives == 5);
}

TEST_CASE("every kind has a sentence without a hole, and no brief words with one") {
  const Words words;
  for (int i = 0; i < kEventKindCount; ++i) {
    const std::string sentence = words.narrate({.kind = static_cast<EventKind>(i), .actor = 0, .place = 0});
    INFO(sentence);
    CHECK(sentence.find('{') == std::string::npos);
    CHECK(sentence.ends_with('.'));
    const Event event{.kind = static_cast<EventKind>(i), .actor = 0, .place = 0};
    CHECK(narrate_briefly(event, words.strings, words.names).find('{') == std::string::npos);
  }
}

TEST_CASE("every unit has words, and every enumeration one for each value") {
  CHECK(unit_words(Unit::kNone).empty());
  for (int i = 1; i < kUnitCount; ++i) {
    INFO(i);
    CHECK_FALSE(unit_words(static_cast<Unit>(i)).empty());
  }
  CHECK(unit_words(Unit::kTxnMarker) == "transaction marker");
  CHECK(enum_names(Unit::kMessageKind) == std::vector<std::string_view>{"request", "response"});
  CHECK(enum_names(Unit::kConfigSource) == std::vector<std::string_view>{"default", "given", "derived"});
  CHECK(enum_names(Unit::kBytes).empty());
}

}  // namespace
}  // namespace sendscope
