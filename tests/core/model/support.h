// A run written down by hand, event by event.
#pragma once

#include <map>
#include <string_view>

#include "core/base/error.h"
#include "core/event/event_log.h"
#include "core/event/expression.h"
#include "core/model/history.h"
#include "core/model/queries.h"
#include "tests/support/catch.h"

namespace sendscope {

inline constexpr Nanos kMs = kNanosPerMilli;

// One producer p1 with a pool of 64 KiB in blocks of 16 KiB, threads app-1 and app-2, partitions orders-0 and
// orders-1 led by nodes 1 and 2, replicated to both.
class Script {
 public:
  Script() {
    emit({.kind = EventKind::run_started, .subject = 42, .a = word("by hand"), .b = word("kafka-4.3")});
    for (std::uint32_t node = 1; node <= 2; ++node) {
      emit({.kind = EventKind::node_named, .place = node, .a = word("localhost"), .b = 9092 + node});
      emit({.kind = EventKind::node_state, .place = node, .a = static_cast<std::uint32_t>(NodeState::kUp)});
    }
    for (std::uint32_t p = 0; p < 2; ++p) {
      emit({.kind = EventKind::partition_named, .place = p, .a = word("orders"), .b = p});
      emit({.kind = EventKind::leader_elected, .place = p, .a = p + 1, .b = 1});
      emit({.kind = EventKind::isr_changed,
            .actor = static_cast<std::uint16_t>(p + 1),
            .place = p,
            .subject = 0b110,
            .a = 2});
    }
    emit({.kind = EventKind::producer_created, .actor = 0, .subject = 65536, .a = word("p1"), .b = 16384});
    config("linger.ms", "5");
    config("max.in.flight.requests.per.connection", "2");
    config("delivery.timeout.ms", "120000");
    config("request.timeout.ms", "30000");
    emit({.kind = EventKind::thread_named, .actor = 0, .place = 0, .a = word("app-1")});
    emit({.kind = EventKind::thread_named, .actor = 1, .place = 0, .a = word("app-2")});
    for (std::uint32_t p = 0; p < 2; ++p) {
      emit({.kind = EventKind::leader_known, .actor = 0, .place = p, .a = p + 1, .b = 1});
      emit({.kind = EventKind::connection_state,
            .actor = 0,
            .place = p + 1,
            .a = static_cast<std::uint32_t>(ConnectionState::kReady)});
    }
  }

  StringId word(std::string_view text) {
    for (StringId id = 0; id < log.strings().size(); ++id) {
      if (log.strings().view(id) == text) return id;
    }
    log.append_strings({std::string(text)});
    return log.strings().size() - 1;
  }
  void config(std::string_view key, std::string_view value) {
    emit({.kind = EventKind::config_set,
          .actor = 0,
          .place = static_cast<std::uint32_t>(ConfigSource::kGiven),
          .a = word(key),
          .b = word(value)});
  }

  Script& at(Nanos t) {
    now = t;
    return *this;
  }
  void emit(Event event) {
    event.t = now;
    log.append(event);
  }
  // An event of the producer.
  void tell(EventKind kind, std::uint32_t place, std::uint64_t subject, std::uint32_t a = 0,
            std::uint32_t b = 0) {
    emit({.kind = kind, .actor = 0, .place = place, .subject = subject, .a = a, .b = b});
  }

  // send() of one record by a thread, appended to the batch.
  void send(std::uint16_t thread, RecordId record, std::uint32_t partition, BatchId batch) {
    emit({.kind = EventKind::send_called,
          .actor = thread,
          .place = partition,
          .subject = record,
          .a = word("orders"),
          .b = 100});
    append(thread, record, partition, batch);
  }
  void append(std::uint16_t thread, RecordId record, std::uint32_t partition, BatchId batch) {
    emit({.kind = EventKind::record_appended,
          .actor = thread,
          .place = partition,
          .subject = record,
          .a = static_cast<std::uint32_t>(batch),
          .b = 100});
  }
  void open(BatchId batch, std::uint32_t partition) {
    available -= 16384;
    tell(EventKind::memory_allocated, kNoPlace, available, 16384, 0);
    tell(EventKind::batch_opened, partition, batch, 16384, 1);
  }
  // From the deque into a request.
  void drain(BatchId batch, std::uint32_t partition, std::uint32_t records) {
    tell(EventKind::batch_closed, partition, batch, records, 100 * records);
    tell(EventKind::batch_drained, partition, batch, partition + 1, 100 * records);
    tell(EventKind::inflight_added, partition, batch);
  }
  void request(RequestId id, std::uint32_t partition, BatchId batch) {
    tell(EventKind::request_sent, partition + 1, id, 0, 300);
    tell(EventKind::request_batch, partition, id, batch, 200);
  }
  void append_log(std::uint16_t node, std::uint32_t partition, RequestId id, std::uint32_t offset,
                  std::uint32_t records) {
    emit({.kind = EventKind::log_appended,
          .actor = node,
          .place = partition,
          .subject = id,
          .a = offset,
          .b = records});
  }
  void fetch(std::uint16_t node, std::uint32_t partition, std::uint32_t end) {
    emit({.kind = EventKind::replica_fetched,
          .actor = node,
          .place = partition,
          .a = end,
          .b = leaders[partition]});
  }
  void watermark(std::uint16_t node, std::uint32_t partition, std::uint32_t offset) {
    emit({.kind = EventKind::high_watermark, .actor = node, .place = partition, .a = offset});
  }
  void elect(std::uint32_t partition, std::uint32_t node, std::uint32_t epoch) {
    leaders[partition] = node;
    emit({.kind = EventKind::leader_elected, .place = partition, .a = node, .b = epoch});
  }
  // The batch's end: callbacks of records first..last, latch, lists, memory.
  void complete(BatchId batch, std::uint32_t partition, RecordId first, RecordId last,
                ErrorCode error = ErrorCode::kNone) {
    const auto code = static_cast<std::uint32_t>(error);
    tell(EventKind::batch_completed, partition, batch, code, static_cast<std::uint32_t>(last - first + 1));
    for (RecordId record = first; record <= last; ++record) {
      tell(EventKind::record_completed, partition, record, code, 0);
    }
    tell(EventKind::latch_released, partition, batch);
    tell(EventKind::inflight_removed, partition, batch);
    tell(EventKind::incomplete_removed, partition, batch);
    tell(EventKind::batch_freed, partition, batch, 16384);
    available += 16384;
    tell(EventKind::memory_freed, kNoPlace, available, 16384, 1);
  }

  PipelineModel model() const {
    PipelineModel out;
    for (std::size_t i = 0; i < log.size(); ++i) out.apply(log[i]);
    return out;
  }
  // What an expression is worth now.
  Value value(std::string_view text) const { return value_in(model(), text); }
  Value value_in(const PipelineModel& of, std::string_view text) const {
    auto parsed = parse_expression(text);
    INFO(text);
    if (const auto* error = std::get_if<ExpressionError>(&parsed)) FAIL(to_string(*error));
    const Event* last = log.empty() ? nullptr : &log.back();
    const ModelNames names(of, log.strings(), last);
    return std::get<Expression>(parsed).evaluate(names);
  }
  bool holds(std::string_view text) const { return value(text).is_true(); }

  EventLog log;
  Nanos now = 0;
  std::uint32_t available = 65536;
  std::map<std::uint32_t, std::uint32_t> leaders = {{0, 1}, {1, 2}};  // by partition
};

// One record of app-1 from send() at 1 ms to its callback at 10 ms, over request 1.
inline void tell_one_record(Script& script) {
  script.at(1 * kMs).open(1, 0);
  script.send(0, 1, 0, 1);
  script.at(6 * kMs).tell(EventKind::batch_ready, 0, 1,
                          static_cast<std::uint32_t>(ReadyReason::kLingerExpired));
  script.drain(1, 0, 1);
  script.request(1, 0, 1);
  script.at(7 * kMs).tell(EventKind::request_arrived, 1, 1, 0, 300);
  script.tell(EventKind::request_started, 1, 1);
  script.append_log(1, 0, 1, 0, 1);
  script.at(8 * kMs).fetch(2, 0, 1);
  script.watermark(1, 0, 1);
  script.tell(EventKind::response_sent, 1, 1, 0, 60);
  script.at(10 * kMs).tell(EventKind::response_received, 1, 1, 0, 60);
  script.complete(1, 0, 1, 1);
}

}  // namespace sendscope
