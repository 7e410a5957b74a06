// The keys of a topic that a scenario may give, as tables: what each is called, which values it takes, and
// whether it can change while the topic exists, as Kafka's can.
//
// Constant data; any thread.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/scenario.h"

namespace sendscope::sim {

struct TopicNumber {
  std::string_view name;
  std::int32_t TopicSpec::*field;
  std::int64_t low;
  std::int64_t high;
  bool settable;  // while the topic exists
};
// All of them are settable.
struct TopicWord {
  std::string_view name;
  std::vector<std::string_view> words;
  void (*set)(TopicSpec&, std::string_view word);
};
std::span<const TopicNumber> topic_numbers();
std::span<const TopicWord> topic_words();
inline constexpr std::string_view kUncleanElectionKey = "unclean.leader.election.enable";  // settable, too

// Gives the topic another value of a settable key. False, and nothing is changed: no such key, or not one of
// its values.
bool apply_topic_setting(std::string_view key, std::string_view value, TopicSpec& topic);
// The settable keys with their values: "min.insync.replicas (1 to 100), cleanup.policy (delete or compact)".
std::string settable_topic_keys();
// The words that a key takes; empty: it takes a number.
std::vector<std::string> words_of_topic_key(std::string_view key);

}  // namespace sendscope::sim
