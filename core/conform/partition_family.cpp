// How a record finds its partition: murmur2 of keys, and the built-in sticky partitioner by itself.
#include "core/conform/family.h"
#include "core/conform/replay_random.h"
#include "core/net/cluster.h"
#include "core/producer/builtin_partitioner.h"
#include "core/producer/partitioner.h"

namespace sendscope::conform {

namespace {

constexpr const char* kTopic = "clicks";

void replay_key(const Json& line, Report& report) {
  const auto key = bytes_of(line.at("key"));
  require(key.has_value(), "a key must not be null");
  const auto partitions = static_cast<std::int32_t>(number_of(line, "partitions", 1, INT32_MAX));
  report.compare("out", line.at("out"),
                 {{"hash", murmur2(*key)}, {"partition", partition_for_key(*key, partitions)}});
}

class StickyReplay {
 public:
  explicit StickyReplay(std::int32_t batch_size) : partitioner_(kTopic, batch_size, random_) {}

  void play(const Json& line, const std::string& op, Report& report) {
    if (op == "cluster") return change_cluster(line.at("leaders"));
    if (op == "load") return load(line, report);
    if (op == "append" && cluster_) return append(line, report);
    report.differs("op", "cluster, load or append", op);
  }

 private:
  void change_cluster(const Json& leaders) {
    require(leaders.size() <= 100'000, "too many partitions");
    ClusterData data;
    data.nodes.push_back(Node{0, "192.0.2.1", 9092, {}});
    Topic& topic = data.topics[kTopic];
    topic.name = kTopic;
    for (const Json& leader : leaders) {
      Partition partition;
      partition.id = static_cast<PartitionId>(topic.partitions.size());
      partition.leader_id = leader.get<int>() < 0 ? kNoNode : leader.get<NodeId>();
      topic.partitions.push_back(partition);
    }
    cluster_ = std::make_unique<Cluster>(std::move(data));
  }

  void append(const Json& line, Report& report) {
    random_.expect(line.at("random"));
    const BuiltInPartitioner::Sticky before = partitioner_.peek(*cluster_);
    partitioner_.update(before, number_of(line, "bytes", 0, INT32_MAX), *cluster_, line.at("enable_switch"));
    const bool switched = partitioner_.is_changed(before);
    const BuiltInPartitioner::Sticky after = partitioner_.peek(*cluster_);
    report.compare("out", line.at("out"),
                   {{"partition", before.partition},
                    {"switched", switched},
                    {"next", after.partition},
                    {"produced_bytes", partitioner_.produced_bytes()}});
    if (const std::string complaint = random_.take_complaint(); !complaint.empty()) {
      report.differs("random", line.at("random").dump(), complaint);
    }
  }

  void load(const Json& line, Report& report) {
    if (line.at("queue_sizes").is_null()) {
      partitioner_.clear_load();
    } else {
      const auto sizes = line.at("queue_sizes").get<std::vector<std::int32_t>>();
      const auto most = static_cast<std::int64_t>(sizes.size());
      const auto length = static_cast<std::size_t>(number_of(line, "length", 0, most));
      auto ids = line.at("partition_ids").get<std::vector<PartitionId>>();
      ids.resize(length);
      std::vector<PartitionLoad::Loaded> loaded;
      for (std::size_t slot = 0; slot < length; ++slot) {
        require(sizes[slot] >= 0 && sizes[slot] < 1'000'000, "no queue has such a length");
        if (sizes[slot] > 0) loaded.push_back({static_cast<std::int32_t>(slot), sizes[slot]});
      }
      partitioner_.update_load(ids, loaded, sizes.size());
    }
    Json got = {{"cumulative", nullptr}};
    if (const PartitionLoad* published = partitioner_.load()) {
      got = {{"cumulative", published->cumulative()}, {"partition_ids", published->partitions()}};
    }
    report.compare("out", line.at("out"), got);
  }

  ReplayRandom random_;
  BuiltInPartitioner partitioner_;
  std::unique_ptr<Cluster> cluster_;
};

}  // namespace

void replay_partition(const Transcript& transcript, Report& report) {
  const bool is_sticky = transcript.header.contains("sticky_batch_size");
  StickyReplay sticky(
      is_sticky ? static_cast<std::int32_t>(number_of(transcript.header, "sticky_batch_size", 1, INT32_MAX))
                : 1);
  for (const TranscriptLine& line : transcript.lines) {
    if (report.full()) return;
    report.at(line);
    if (line.op() == "key") {
      replay_key(line.json, report);
    } else {
      sticky.play(line.json, std::string(line.op()), report);
    }
  }
}

}  // namespace sendscope::conform
