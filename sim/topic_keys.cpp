#include "sim/topic_keys.h"

#include <algorithm>

#include "core/base/whole_number.h"
#include "sim/json_reader.h"
#include "sim/scenario_limits.h"

namespace sendscope::sim {
namespace {

const TopicNumber kTopicNumbers[] = {
    {"partitions", &TopicSpec::partitions, 1, kMostPartitions, false},
    {"replicas", &TopicSpec::replicas, 1, kMostNodes, false},
    {"min.insync.replicas", &TopicSpec::min_insync_replicas, 1, kMostNodes, true},
    {"max.message.bytes", &TopicSpec::max_message_bytes, 0, kMostBrokerBytes, true},
};

// "producer": what comes is stored as it is. Kafka: BrokerCompressionType.
void set_topic_compression(TopicSpec& topic, std::string_view word) {
  topic.compression = wire::find_compression(word);
  if (word == "uncompressed") topic.compression = wire::CompressionType::kNone;
}

std::vector<std::string_view> topic_compressions() {
  std::vector<std::string_view> words = {"producer", "uncompressed"};
  for (int type = 1; type < wire::kCompressionTypes; ++type) {
    words.push_back(wire::compression_name(static_cast<wire::CompressionType>(type)));
  }
  return words;
}

}  // namespace

std::span<const TopicNumber> topic_numbers() { return kTopicNumbers; }

std::span<const TopicWord> topic_words() {
  static const std::vector<TopicWord> kRows = {
      {"message.timestamp.type",
       {"CreateTime", "LogAppendTime"},
       [](TopicSpec& topic, std::string_view word) { topic.log_append_time = word == "LogAppendTime"; }},
      {"cleanup.policy",
       {"delete", "compact"},
       [](TopicSpec& topic, std::string_view word) { topic.compacted = word == "compact"; }},
      {"compression.type", topic_compressions(), set_topic_compression},
  };
  return kRows;
}

std::vector<std::string> words_of_topic_key(std::string_view key) {
  if (key == kUncleanElectionKey) return {"true", "false"};
  for (const TopicWord& row : topic_words()) {
    if (row.name == key) return {row.words.begin(), row.words.end()};
  }
  return {};
}

bool apply_topic_setting(std::string_view key, std::string_view value, TopicSpec& topic) {
  for (const TopicNumber& row : kTopicNumbers) {
    if (!row.settable || row.name != key) continue;
    const auto number = whole_number<std::int64_t>(value);
    if (!number || *number < row.low || *number > row.high) return false;
    topic.*row.field = static_cast<std::int32_t>(*number);
    return true;
  }
  const std::vector<std::string> words = words_of_topic_key(key);
  if (std::find(words.begin(), words.end(), value) == words.end()) return false;
  if (key == kUncleanElectionKey) topic.unclean_leader_election = value == "true";
  for (const TopicWord& row : topic_words()) {
    if (row.name == key) row.set(topic, value);
  }
  return true;
}

std::string settable_topic_keys() {
  std::string all;
  for (const TopicNumber& row : kTopicNumbers) {
    if (row.settable)
      all +=
          std::string(row.name) + " (" + std::to_string(row.low) + " to " + std::to_string(row.high) + "), ";
  }
  all += std::string(kUncleanElectionKey) + " (true or false)";
  for (const TopicWord& row : topic_words())
    all += ", " + std::string(row.name) + " (" + one_of(row.words) + ")";
  return all;
}

}  // namespace sendscope::sim
