// Batches as the producer builds them: limits, estimates, producer state, splits, and every byte.
#include <algorithm>
#include <deque>
#include <memory>

#include "core/base/hex.h"
#include "core/conform/family.h"
#include "core/conform/recorded_compressor.h"
#include "core/producer/producer_batch.h"

namespace sendscope::conform {

namespace {

using Blob = std::optional<std::vector<std::byte>>;

constexpr std::int64_t kLargest = 1 << 26;  // bytes

Json describe(const Result<void>& result) {
  if (result) return nullptr;
  return {{"class", std::string(error_row(result.error().code).java_class)}};
}

class BatchReplay {
 public:
  explicit BatchReplay(const Transcript& transcript) : environment_{sink_, 0, nullptr} {
    sink_.set_all_wanted(false);
    const Json& name = transcript.header.at("compression");
    const auto type = wire::find_compression(name.get_ref<const std::string&>());
    require(type.has_value(), "no such codec");
    type_ = *type;
    if (type_ == wire::CompressionType::kNone) return;
    int level = 0;
    for (const TranscriptLine& line : transcript.lines) {
      if (line.op() == "open") level = level_of(line.json);
      if (!line.json.contains("out") || !line.json["out"].contains("bytes")) continue;
      const auto batch = bytes_of(line.json["out"]["bytes"]);
      if (batch) compressor_.learn(*batch, level);
    }
  }

  void play(const TranscriptLine& line, Report& report) {
    const Json& json = line.json;
    const std::string op(line.op());
    if (op == "open") return open(json, report);
    if (!batch_) return report.differs("op", "open first", op);
    if (op == "append") return append(json, report);
    if (op == "close") return close(*batch_, json.at("out"), report);
    if (op == "split") return split(json, report);
    if (op == "close_part") {
      if (parts_.empty()) return report.differs("out.parts", "more parts", "none left");
      const BatchPtr part = parts_.front();
      parts_.pop_front();
      return close(*part, json.at("out"), report);
    }
    Json out = Json::object();
    if (op == "close_for_appends") {
      batch_->close_for_record_appends(0);
      out = {{"error", nullptr},
             {"estimated_size", batch_->estimated_size_in_bytes()},
             {"full", batch_->is_full()}};
    } else if (op == "abort") {
      batch_->abort_record_appends(0);
      out = {{"error", nullptr},
             {"estimated_size", batch_->estimated_size_in_bytes()},
             {"full", batch_->is_full()}};
    } else if (op == "set_producer_state") {
      out["error"] = describe(batch_->set_producer_state({json.at("pid"), json.at("epoch")},
                                                         json.at("base_sequence"), json.at("transactional")));
    } else if (op == "reset_producer_state") {
      batch_->reset_producer_state({json.at("pid"), json.at("epoch")}, json.at("base_sequence"));
      out["closed"] = batch_->is_closed();
    } else {
      return report.differs("op", "an operation of the family batch", op);
    }
    report.compare("out", json.at("out"), out);
  }

  void finish(Report& report) const { report.packed(compressor_); }

 private:
  void open(const Json& json, Report& report) {
    BatchParts parts;
    parts.id = 1;
    parts.tp = &tp_;
    parts.buffer.capacity = static_cast<std::size_t>(number_of(json, "capacity", 0, kLargest));
    parts.buffer.data = std::make_unique<std::byte[]>(parts.buffer.capacity);
    wire::RecordsBuilderOptions& options = parts.options;
    options.write_limit = static_cast<std::size_t>(number_of(json, "write_limit", 0, kLargest));
    options.compression.type = type_;
    options.compression.level = level_of(json);
    options.compression.compressor = &compressor_;
    options.estimated_ratio = estimator_.estimation(tp_.topic, type_);
    if (json.at("timestamp_type") == "LogAppendTime")
      options.timestamp_type = wire::TimestampType::kLogAppendTime;
    options.log_append_time = json.at("log_append_time");
    options.base_offset = json.at("base_offset");
    options.producer = {json.at("pid"), json.at("epoch"), json.at("base_sequence"), json.at("transactional")};
    batch_ = std::make_shared<ProducerBatch>(environment_, std::move(parts));
    was_split_ = false;
    const Json& out = json.at("out");
    compare_float("out.estimated_ratio", out.at("estimated_ratio"), estimator_.estimation(tp_.topic, type_),
                  report);
    report.compare("out.estimated_size", out.at("estimated_size"), batch_->estimated_size_in_bytes());
    report.compare("out.full", out.at("full"), batch_->is_full());
  }

  int level_of(const Json& json) const {
    if (type_ == wire::CompressionType::kNone || type_ == wire::CompressionType::kSnappy ||
        json.at("level").is_null())
      return 0;
    const wire::CompressionLevels levels = wire::compression_levels(type_);
    return static_cast<int>(number_of(json, "level", std::min(levels.min, -1), levels.max));
  }

  void append(const Json& json, Report& report) {
    const Blob key = bytes_of(json.at("key"));
    const Blob value = bytes_of(json.at("value"));
    std::deque<Blob> storage;
    std::vector<RecordHeader> headers;
    for (const Json& header : json.at("headers")) {
      storage.push_back(bytes_of(header.at(1)));
      headers.push_back({header.at(0).get_ref<const std::string&>(), std::nullopt});
      if (storage.back()) headers.back().value = Bytes(*storage.back());
    }
    AppendRequest request;
    request.timestamp_ms = json.at("timestamp");
    if (key) request.key = Bytes(*key);
    if (value) request.value = Bytes(*value);
    request.headers = headers;
    Json out = {
        {"room", batch_->builder().has_room_for(request.timestamp_ms, request.key, request.value, headers)}};
    const wire::AppendResult appended = batch_->try_append(request, 0);
    out["accepted"] = appended == wire::AppendResult::kAppended;
    if (appended == wire::AppendResult::kNoRoom) {
      if (json.at("close_on_refusal").get<bool>()) batch_->close_for_record_appends(0);
    } else if (appended != wire::AppendResult::kAppended) {
      out["error"] = describe(wire::append_error(appended));
    }
    out["estimated_size"] = batch_->estimated_size_in_bytes();
    out["full"] = batch_->is_full();
    out["records"] = batch_->record_count();
    report.compare("out", json.at("out"), out);
    if (out.contains("error") && !json.at("out").contains("error")) {
      report.differs("out.error", "none", out["error"].dump());
    }
  }

  void split(const Json& json, Report& report) {
    require(batch_->is_closed() && batch_->record_count() > 0,
            "only a closed batch with records can be split");
    require(!was_split_, "the batch was split before");
    was_split_ = true;
    const auto target = static_cast<std::size_t>(number_of(json, "target_size", 0, kLargest));
    const std::vector<BatchPtr> parts = batch_->split(target, estimator_, last_id_, 0);
    parts_.assign(parts.begin(), parts.end());
    report.compare("out.parts", json.at("out").at("parts"), parts.size());
  }

  void close(ProducerBatch& batch, const Json& out, Report& report) {
    const float before = estimator_.estimation(tp_.topic, type_);
    const Result<void> closed = batch.close(estimator_, 0);
    if (!report.compare("out.error", out.at("error"), describe(closed)) || !closed) return;
    compare_float("out.estimated_ratio_before", out.at("estimated_ratio_before"), before, report);
    const std::size_t size = batch.records().size();
    if (size > 0) compare_bytes(batch, out, report);
    report.compare("out.size", out.at("size"), size);
    report.compare("out.estimated_size", out.at("estimated_size"), batch.estimated_size_in_bytes());
    compare_float("out.ratio", out.at("ratio"), batch.compression_ratio(), report);
    compare_float("out.estimated_ratio_after", out.at("estimated_ratio_after"),
                  estimator_.estimation(tp_.topic, type_), report);
  }

  void compare_bytes(const ProducerBatch& batch, const Json& out, Report& report) {
    report.compare("out.bytes", out.at("bytes"), to_hex(batch.records()));
    const Result<wire::RecordBatchView> view = wire::RecordBatchView::parse(batch.records());
    if (!view || !view->crc_ok())
      return report.differs("out.bytes", "a batch that can be read", to_hex(batch.records()));
    const wire::RecordBatchHeader& header = view->header();
    report.compare("out.base_timestamp", out.at("base_timestamp"), header.base_timestamp);
    report.compare("out.max_timestamp", out.at("max_timestamp"), header.max_timestamp);
    report.compare("out.last_offset", out.at("last_offset"), header.base_offset + header.last_offset_delta);
    if (type_ == wire::CompressionType::kNone) return;
    std::vector<std::byte> storage;
    const Result<Bytes> records = view->record_bytes(storage);
    if (!records) return report.differs("out.uncompressed_records", "records", records.error().message);
    report.compare("out.uncompressed_records", out.at("uncompressed_records"), to_hex(*records));
  }

  void compare_float(const std::string& what, const Json& expected, float got, Report& report) {
    if (expected.get<float>() != got) report.differs(what, expected.dump(), Json(got).dump());
  }

  const TopicPartition tp_{"clicks", 0};
  EventSink sink_{16};
  BatchEnvironment environment_;
  wire::CompressionType type_{};
  wire::CompressionRatioEstimator estimator_;
  RecordedCompressor compressor_;
  std::atomic<BatchId> last_id_{1};
  BatchPtr batch_;
  bool was_split_ = false;
  std::deque<BatchPtr> parts_;
};

}  // namespace

void replay_batch(const Transcript& transcript, Report& report) {
  BatchReplay replay(transcript);
  for (const TranscriptLine& line : transcript.lines) {
    if (report.full()) return;
    report.at(line);
    replay.play(line, report);
  }
  replay.finish(report);
}

}  // namespace sendscope::conform
