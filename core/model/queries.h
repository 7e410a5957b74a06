// Questions that panels and expressions ask of a model.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/event/names.h"
#include "core/event/string_table.h"
#include "core/model/pipeline_model.h"

namespace sendscope {

// The names of the expression language over a model at one moment. Cheap to make; refers to its arguments.
class ModelNames final : public NameSource {
 public:
  // `current`: the event just applied, for event(...); null: none.
  ModelNames(const PipelineModel& model, const StringTable& strings, const Event* current = nullptr)
      : model_(model), strings_(strings), current_(current) {}
  Value value(const NameRef& name) const override;
  bool exists(const NameRef& name) const override;

 private:
  const PipelineModel& model_;
  const StringTable& strings_;
  const Event* current_;
};

// "orders-0"; "app-1"; "p1".
std::string partition_name(const PipelineModel& model, const StringTable& strings, PartitionIndex partition);
std::string_view thread_name(const PipelineModel& model, const StringTable& strings, std::uint16_t thread);
std::string_view producer_name(const PipelineModel& model, const StringTable& strings, std::size_t producer);
std::optional<PartitionIndex> find_partition(const PipelineModel& model, const StringTable& strings,
                                             std::string_view name);
std::optional<std::uint16_t> find_thread(const PipelineModel& model, const StringTable& strings,
                                         std::string_view name);

// A key's entry, as config_set told it; nullptr when none has (a trace of version 2 tells only what was
// given).
const ConfigEntry* find_config(const PipelineModel& model, const StringTable& strings, std::size_t producer,
                               std::string_view key);
// The value in force; empty, or none, without an entry.
std::string_view config_text(const PipelineModel& model, const StringTable& strings, std::size_t producer,
                             std::string_view key);
std::optional<std::int64_t> config_number(const PipelineModel& model, const StringTable& strings,
                                          std::size_t producer, std::string_view key);
// What the key of a topic, or of the brokers (topic empty), was set to while the run went on; empty: never.
std::string_view set_text(const PipelineModel& model, const StringTable& strings, std::string_view topic,
                          std::string_view key);

// When a linger of this length lets the batch go; -1: it no longer waits for that, or the length is not known
// (below 0).
Nanos linger_deadline(const BatchModel& batch, Nanos linger);
// When linger lets the batch go; -1 when it no longer waits for that, or linger.ms is not known.
Nanos linger_deadline(const PipelineModel& model, const StringTable& strings, const BatchModel& batch);
// When delivery.timeout.ms gives the batch up; -1 when it is completed or the configuration is not known.
Nanos delivery_deadline(const PipelineModel& model, const StringTable& strings, const BatchModel& batch);
// When request.timeout.ms gives the request up; -1 when it is not in flight.
Nanos request_deadline(const PipelineModel& model, const StringTable& strings, const RequestModel& request);
// The batch stands in a buffer of batch.size, which goes to the free list when it is returned (wherever it
// came from).
bool is_block(const PipelineModel& model, const BatchModel& batch);
// Partitions that the node really leads, in order of their index. In a live run: as metadata told the
// producers.
std::vector<PartitionIndex> led_by(const PipelineModel& model, NodeId node);
// Acked records that the log of the partition's real leader does not have.
std::uint64_t missing_records(const PipelineModel& model, PartitionIndex partition);
// How long the node usually takes to answer a produce request: the median of those of its answers that are
// still known; nothing before the third.
std::optional<Nanos> usual_latency(const PipelineModel& model, NodeId node);
// Requests in InFlightRequests of the node, over all producers.
std::size_t in_flight_count(const PipelineModel& model, NodeId node);

}  // namespace sendscope
