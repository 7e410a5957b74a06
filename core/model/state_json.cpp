#include "core/model/state_json.h"

#include "core/base/error.h"
#include "core/event/names.h"
#include "core/model/queries.h"

namespace sendscope {
namespace {

// Takes the state name by name, in groups.
class StateWriter {
 public:
  virtual ~StateWriter() = default;
  // A group by its key ("partitions", "orders-0") and by what its names begin with
  // ("partition('orders-0').").
  virtual void begin(std::string_view key, std::string_view prefix) = 0;
  virtual void end() = 0;
  virtual void value(std::string_view key, const Value& value) = 0;
};

std::string quoted(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20) {
      out += "\\u00";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
  return out + "\"";
}

class JsonWriter final : public StateWriter {
 public:
  void begin(std::string_view key, std::string_view) override {
    line(key);
    out_ += "{";
    ++depth_;
    first_ = true;
  }
  void end() override {
    --depth_;
    if (!first_) indent();
    out_ += "}";
    first_ = false;
  }
  void value(std::string_view key, const Value& value) override {
    line(key == "time" ? "time_ns" : key);
    switch (value.type) {
      case ValueType::kUnknown: out_ += "null"; break;
      case ValueType::kBool: out_ += value.number != 0 ? "true" : "false"; break;
      case ValueType::kString: out_ += quoted(value.text); break;
      default: out_ += std::to_string(value.number);
    }
  }
  std::string finish() && { return "{" + out_ + "\n}\n"; }

 private:
  void indent() {
    out_ += '\n';
    out_.append(2 * depth_, ' ');
  }
  void line(std::string_view key) {
    if (!first_) out_ += ",";
    first_ = false;
    indent();
    out_ += quoted(key) + ": ";
  }

  std::string out_;
  std::size_t depth_ = 1;
  bool first_ = true;
};

class TextWriter final : public StateWriter {
 public:
  void begin(std::string_view, std::string_view prefix) override { prefixes_.emplace_back(prefix); }
  void end() override { prefixes_.pop_back(); }
  void value(std::string_view key, const Value& value) override {
    for (const std::string& prefix : prefixes_) out_ += prefix;
    const bool count = !prefixes_.empty() && prefixes_.back() == "count";
    const bool failed = !prefixes_.empty() && prefixes_.back() == "failed";
    out_ += count || failed ? "('" + std::string(key) + "')" : std::string(key);
    out_ += " = " + to_string(value) + "\n";
  }
  std::string finish() && { return std::move(out_); }

 private:
  std::string out_;
  std::vector<std::string> prefixes_;
};

class StateTeller {
 public:
  StateTeller(const PipelineModel& model, const StringTable& strings, StateWriter& out)
      : model_(model), strings_(strings), names_(model, strings), out_(out) {}

  void tell() {
    out_.value("time", Value::duration(model_.time));
    out_.value("events", Value::integer(static_cast<std::int64_t>(model_.events)));
    tell_totals();
    tell_partitions();
    tell_nodes();
    tell_threads();
    tell_transactions();
    tell_counts();
    if (model_.producers.size() < 2) return;
    out_.begin("producers", "");
    for (const ProducerModel& producer : model_.producers) {
      ref_ = {};
      ref_.producer = std::string(strings_.view(producer.client_id));
      out_.begin(ref_.producer, "producer('" + ref_.producer + "').");
      tell_totals();
      tell_partitions();
      tell_nodes();
      out_.end();
    }
    out_.end();
  }

 private:
  void name(std::string_view key, Name name) {
    ref_.name = name;
    ref_.hint = 0;
    out_.value(key, names_.value(ref_));
  }

  void tell_totals() {
    out_.begin("pool", "pool.");
    name("total", Name::pool_total);
    name("free", Name::pool_free);
    name("used", Name::pool_used);
    name("waiting", Name::pool_waiting);
    out_.end();
    out_.begin("batches", "batches.");
    name("incomplete", Name::batches_incomplete);
    out_.end();
    name("sent", Name::sent);
    name("acked", Name::acked);
    name("failed", Name::failed);
    tell_failures();
    out_.begin("latency", "latency.");
    name("p50", Name::latency_p50);
    name("p99", Name::latency_p99);
    name("max", Name::latency_max);
    out_.end();
    name("pid", Name::pid);
    name("epoch", Name::epoch);
    out_.begin("txn", "txn.");
    name("state", Name::txn_state);
    out_.end();
  }

  void tell_failures() {
    std::map<std::string_view, std::int64_t> by_class;
    for (const ProducerModel& producer : model_.producers) {
      if (!ref_.producer.empty() && strings_.view(producer.client_id) != ref_.producer) continue;
      for (const auto& [error, count] : producer.failed_by) {
        const ErrorRow& row = error_row(static_cast<ErrorCode>(error));
        by_class[row.java_class.empty() ? row.name : row.java_class] += static_cast<std::int64_t>(count);
      }
    }
    out_.begin("failed_by", "failed");
    for (const auto& [java_class, count] : by_class) out_.value(java_class, Value::integer(count));
    out_.end();
  }

  void tell_partitions() {
    out_.begin("partitions", "");
    for (PartitionIndex i = 0; i < model_.partitions.size(); ++i) {
      ref_.object = partition_name(model_, strings_, i);
      out_.begin(ref_.object, "partition('" + ref_.object + "').");
      name("queued", Name::partition_queued);
      name("inflight", Name::partition_inflight);
      name("muted", Name::partition_muted);
      name("leader", Name::partition_leader);
      name("next_sequence", Name::partition_next_sequence);
      out_.begin("log", "log.");
      name("size", Name::log_size);
      name("in_order", Name::log_in_order);
      name("duplicates", Name::log_duplicates);
      name("missing", Name::log_missing);
      name("high_watermark", Name::log_high_watermark);
      name("last_stable", Name::log_last_stable);
      name("committed", Name::log_committed);
      name("aborted", Name::log_aborted);
      name("open", Name::log_open);
      out_.end();
      out_.end();
    }
    ref_.object.clear();
    out_.end();
  }

  void tell_nodes() {
    std::map<NodeId, bool> nodes;
    for (const auto& [node, broker] : model_.brokers) nodes[node] = true;
    for (const ProducerModel& producer : model_.producers) {
      for (const auto& [node, link] : producer.links) nodes[node] = true;
    }
    out_.begin("nodes", "");
    for (const auto& [node, known] : nodes) {
      ref_.node = node;
      out_.begin(std::to_string(node), "node(" + std::to_string(node) + ").");
      if (node >= 0) name("up", Name::node_up);  // a bootstrap address is no process
      name("connection", Name::node_connection);
      name("inflight", Name::node_inflight);
      out_.end();
    }
    out_.end();
  }

  void tell_threads() {
    out_.begin("threads", "");
    for (const ThreadModel& thread : model_.threads) {
      if (!thread.named) continue;
      ref_.object = std::string(strings_.view(thread.name));
      out_.begin(ref_.object, "thread('" + ref_.object + "').");
      name("state", Name::thread_state);
      out_.end();
    }
    ref_.object.clear();
    out_.end();
  }

  void tell_transactions() {
    if (model_.transactions.empty()) return;
    out_.begin("transactions", "");
    for (const auto& [id, transaction] : model_.transactions) {
      ref_.object = std::string(strings_.view(id));
      out_.begin(ref_.object, "transaction('" + ref_.object + "').");
      name("state", Name::transaction_state);
      name("coordinator", Name::transaction_coordinator);
      out_.end();
    }
    ref_.object.clear();
    out_.end();
  }

  void tell_counts() {
    out_.begin("count", "count");
    for (int i = 0; i < kEventKindCount; ++i) {
      const auto kind = static_cast<EventKind>(i);
      const auto total = static_cast<std::int64_t>(model_.counters.total(kind));
      if (total > 0) out_.value(kind_row(kind).name, Value::integer(total));
    }
    out_.end();
  }

  const PipelineModel& model_;
  const StringTable& strings_;
  ModelNames names_;
  StateWriter& out_;
  NameRef ref_;
};

}  // namespace

std::string state_json(const PipelineModel& model, const StringTable& strings) {
  JsonWriter out;
  StateTeller(model, strings, out).tell();
  return std::move(out).finish();
}

std::string state_text(const PipelineModel& model, const StringTable& strings) {
  TextWriter out;
  StateTeller(model, strings, out).tell();
  return std::move(out).finish();
}

}  // namespace sendscope
