// `sendscope produce`: one record for every line of the standard input, with kcat's habits.
#include "ui/live/delimiter.h"
#include "ui/live/line_producer.h"
#include "ui/terminal/interrupt.h"

namespace sendscope::ui {
namespace {

std::string check_partition(const std::string& text) {
  const bool right = text == "-1" || (check_count(text).empty() && text.size() <= 9);
  return right ? ""
               : "found \"" + text + "\"; expected the number of a partition, or -1: the partitioner chooses";
}

std::string check_delimiter(const std::string& text) {
  const Result<std::string> delimiter = read_delimiter(text);
  return delimiter ? "" : delimiter.error().message;
}

std::optional<int> read_arguments(Arguments words, LinePlan& out) {
  CommandLine line("produce", "Sends the lines of the standard input to a topic.");
  add_target_options(line, out.target);
  line.option("-K,--key-delimiter", out.key_delimiter,
              "what stands before it in a line is the key; \\t is a tab, \\xNN any byte", check_delimiter);
  line.option(
      "-k,--key", [&out](const std::string& text) { out.key = text; }, "the key of every record", nullptr);
  line.option("-p,--partition", out.partition, "the partition of every record; -1: the partitioner chooses",
              check_partition);
  line.option("-H,--header", out.headers, "a header of every record: NAME=VALUE, or NAME for no value");
  line.flag("-Z,--null", out.empty_is_null, "an empty key or value is sent as null");
  line.option("-c,--count", out.count, "end after so many records");
  add_transaction_options(line, out.transactions);
  if (const auto code = line.parse(words)) return code;
  out.key_delimiter = read_delimiter(out.key_delimiter).value();
  return std::nullopt;
}

}  // namespace

int run_produce_command(Arguments words) {
  LinePlan arguments;
  if (const auto code = read_arguments(words, arguments)) return *code;
  const Result<ProducerConfig> config = configure(arguments.target, arguments.transactions);
  if (!config) return fail(kExitBadInput, config.error().message);
  hold_interrupts();
  LiveRunOptions options{arguments.target, *config, 0, {"stdin"}, false};
  auto run = LiveRun::create(options);
  if (!run) return fail(run.error());
  LineProducer producer(**run, arguments);
  producer.run();
  return producer.end();
}

}  // namespace sendscope::ui
