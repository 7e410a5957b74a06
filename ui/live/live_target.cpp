#include "ui/live/live_target.h"

#include <set>

namespace sendscope::ui {
namespace {

// A duration, which may also end in "min".
std::string usual_duration(std::string text) {
  if (text.ends_with("min")) text.resize(text.size() - 2);
  return text;
}

std::string check_trace_last(const std::string& text) {
  const std::string usual = usual_duration(text);
  if (std::string wrong = check_duration(usual); !wrong.empty()) return wrong;
  return duration_of(usual) >= kNanosPerSecond ? "" : "found \"" + text + "\"; expected 1s or more";
}

// Without an equals sign nobody can tell what the word is, so it is not quoted beyond its first part. The
// check runs before the command line objects to words that are left over: one may be the value meant.
std::string check_setting(const std::string& word) {
  const std::size_t equals = word.find('=');
  if (equals != std::string::npos && equals > 0) return {};
  const std::string key = word.substr(0, word.find_first_of("=: "));
  return "found \"" + key + "\"; expected KEY=VALUE, such as linger.ms=20";
}

}  // namespace

void add_target_options(CommandLine& line, LiveTarget& target) {
  line.required("-b,--bootstrap", target.bootstrap, "addresses of brokers: HOST:PORT,HOST:PORT...");
  line.required("-t,--topic", target.topic, "the topic to send to");
  line.option("-X,--config", target.config,
              "a key of Kafka's producer configuration: KEY=VALUE; of a repeated key the last is taken",
              check_setting);
  line.option("--trace", target.trace,
              "write what happens to this file; until the end it is FILE.unfinished, which can be read even "
              "when this program was killed");
  line.option(
      "--trace-last",
      [&target](const std::string& text) { target.trace_last = duration_of(usual_duration(text)); },
      "keep only the end of the run in the trace, such as 5min", check_trace_last);
  line.needs("--trace-last", "--trace");
  line.flag("!--no-record-events", target.record_events,
            "leave the events of single records out of the trace: smaller, and faster to write");
  line.flag("--metrics", target.metrics, "print the producer's metrics at the end");
  line.option("--profile", target.profile, "behave as that generation of Kafka's client: " + profile_names(),
              check_profile);
}

namespace {

// What the words after -X say. The last of a repeated key is taken, as whoever extends a command line
// expects.
Result<ProducerConfig::Texts> given_keys(const LiveTarget& target, std::vector<std::string>& warnings) {
  ProducerConfig::Texts texts;
  std::set<std::string> repeated;
  for (const std::string& word : target.config) {
    if (const std::string wrong = check_setting(word); !wrong.empty())
      return Error(ErrorCode::kConfig, "--config: " + wrong);
    const std::size_t equals = word.find('=');
    const std::string key = word.substr(0, equals);
    if (!texts.insert_or_assign(key, word.substr(equals + 1)).second) repeated.insert(key);
  }
  for (const std::string& key : repeated)
    warnings.push_back("-X " + key + " is given more than once; the last one is taken");
  return texts;
}

}  // namespace

Result<ProducerConfig> make_producer_config(const LiveTarget& target, std::vector<std::string>& warnings) {
  Result<ProducerConfig::Texts> texts = given_keys(target, warnings);
  if (!texts) return texts.error();
  if (!texts->try_emplace("bootstrap.servers", target.bootstrap).second)
    return Error(ErrorCode::kConfig,
                 "--bootstrap and -X bootstrap.servers both say where the brokers are; leave out the -X");
  texts->try_emplace("client.id", "sendscope");
  return ProducerConfig::parse(*texts, &warnings, 1, true, *find_profile(target.profile));
}

Result<ProducerConfig> make_producer_config_or_warn(const LiveTarget& target) {
  std::vector<std::string> warnings;
  Result<ProducerConfig> config = make_producer_config(target, warnings);
  for (const std::string& warning : warnings) tell(warning);
  return config;
}

}  // namespace sendscope::ui
