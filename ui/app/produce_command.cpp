// `sendscope produce`: one record for every line of the standard input, with kcat's habits.
#include <unistd.h>

#include <iostream>

#include "core/base/hex.h"
#include "ui/app/arguments.h"
#include "ui/app/line_reader.h"
#include "ui/app/live_monitor.h"
#include "ui/app/live_result.h"
#include "ui/app/live_run.h"
#include "ui/app/transaction_rhythm.h"

namespace sendscope::ui {
namespace {

struct ProduceArguments {
  LiveTarget target;
  std::string key_delimiter;  // empty: lines have no key
  std::optional<std::string> key;
  std::int32_t partition = kUnknownPartition;
  std::vector<std::string> headers;  // "name=value", or "name" for a null value
  bool empty_is_null = false;
  std::uint64_t count = 0;  // 0: all lines
  TransactionPlan transactions;
};

std::string check_partition(const std::string& text) {
  const bool right = text == "-1" || (check_count(text).empty() && text.size() <= 9);
  return right ? ""
               : "found \"" + text + "\"; expected the number of a partition, or -1: the partitioner chooses";
}

std::optional<int> read_arguments(Arguments words, ProduceArguments& out) {
  CLI::App app("Sends the lines of the standard input to a topic.", "produce");
  add_target_options(app, out.target);
  app.add_option("-K,--key-delimiter", out.key_delimiter, "what stands before it in a line is the key");
  app.add_option("-k,--key", out.key, "the key of every record");
  app.add_option("-p,--partition", out.partition,
                 "the partition of every record; -1: the partitioner chooses")
      ->check(check_partition);
  app.add_option("-H,--header", out.headers, "a header of every record: NAME=VALUE, or NAME for no value")
      ->allow_extra_args(false);
  app.add_flag("-Z,--null", out.empty_is_null, "an empty key or value is sent as null");
  app.add_option("-c,--count", out.count, "end after so many records")->check(check_count);
  add_transaction_options(app, out.transactions);
  return parse_arguments(app, words);
}

std::vector<RecordHeader> headers_of(const ProduceArguments& arguments) {
  std::vector<RecordHeader> headers;
  for (const std::string_view word : arguments.headers) {
    const std::size_t equals = word.find('=');
    RecordHeader& header = headers.emplace_back();
    header.key = word.substr(0, equals);
    if (equals != std::string_view::npos) header.value = as_bytes(word.substr(equals + 1));
  }
  return headers;
}

std::optional<Bytes> field(std::string_view text, bool empty_is_null) {
  if (text.empty() && empty_is_null) return std::nullopt;
  return as_bytes(text);
}

Record record_of(const ProduceArguments& arguments, std::string_view line) {
  Record record;
  record.topic = arguments.target.topic;
  record.partition = arguments.partition;
  if (arguments.key) record.key = field(*arguments.key, arguments.empty_is_null);
  const std::string& delimiter = arguments.key_delimiter;
  const std::size_t at = delimiter.empty() ? std::string_view::npos : line.find(delimiter);
  if (at != std::string_view::npos) {
    record.key = field(line.substr(0, at), arguments.empty_is_null);
    line = line.substr(at + delimiter.size());
  }
  record.value = field(line, arguments.empty_is_null);
  return record;
}

// Why it ended, or what a transactional call failed with. A record that fails while nothing has ever been
// accepted ends it too: the topic is not there, or nobody answers, and every further line would wait as long.
Result<std::string> send_lines(LiveRun& run, const ProduceArguments& arguments, LineReader& lines,
                               RecordSlots& slots, TransactionRhythm& transactions) {
  const std::vector<RecordHeader> headers = headers_of(arguments);
  bool accepted = false;
  std::string reason = "end of input";
  std::string_view line;
  if (Result<void> ok = transactions.start(); !ok) return ok.error();
  while (lines.next(line)) {
    if (line.empty() && !arguments.empty_is_null) continue;
    if (Result<void> ok = transactions.before_record(); !ok) return ok.error();
    Record record = record_of(arguments, line);
    record.headers = headers;
    accepted |= run.send(record, slots, 0);
    if (!accepted) return std::string("the first record failed");
    if (Result<void> ok = transactions.after_record(); !ok) return ok.error();
    if (arguments.count > 0 && run.statistics().sent() >= arguments.count) {
      reason = "as many as asked for";
      break;
    }
  }
  // Input that broke off is not committed: closing aborts what is open.
  if (!lines.error().empty()) return reason;
  if (Result<void> ok = transactions.finish(); !ok) return ok.error();
  return reason;
}

}  // namespace

int run_produce_command(Arguments words) {
  ProduceArguments arguments;
  if (const auto code = read_arguments(words, arguments)) return *code;
  const Result<ProducerConfig> config = make_producer_config_or_warn(arguments.target);
  if (!config) return fail(kExitBadInput, config.error().message);
  arguments.transactions.id = config->transactional_id.value_or("");
  const Result<void> plan = check(arguments.transactions);
  if (!plan) return fail(kExitBadInput, plan.error().message);
  hold_interrupts();
  LiveRunOptions options{arguments.target, *config, 0, {"stdin"}, false};
  auto run = LiveRun::create(options);
  if (!run) return fail(run.error());
  RecordSlots slots((*run)->statistics(), (*run)->clock());
  TransactionRhythm transactions(**run, arguments.transactions);
  Result<std::string> reason = std::string();
  std::string input_error;
  {
    LiveMonitor monitor(**run);
    LineReader lines(STDIN_FILENO, [&monitor] { return monitor.interrupted(); });
    reason = send_lines(**run, arguments, lines, slots, transactions);
    input_error = lines.error();
    (*run)->producer().close();
  }
  const std::optional<Error> failure = reason ? std::nullopt : std::optional<Error>(reason.error());
  const int code = end_live_run(**run, reason ? *reason : "", transactions.summary(), failure);
  if (!input_error.empty()) return fail(kExitFailed, "standard input cannot be read: " + input_error);
  return code;
}

}  // namespace sendscope::ui
