#include "ui/live/line_producer.h"

#include <unistd.h>

#include "core/base/hex.h"
#include "ui/live/live_monitor.h"
#include "ui/live/live_result.h"
#include "ui/terminal/command_line.h"
#include "ui/terminal/interrupt.h"

namespace sendscope::ui {
namespace {

std::vector<RecordHeader> headers_of(const LinePlan& plan) {
  std::vector<RecordHeader> headers;
  for (const std::string_view word : plan.headers) {
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

Record record_of(const LinePlan& plan, std::string_view line) {
  Record record;
  record.topic = plan.target.topic;
  record.partition = plan.partition;
  if (plan.key) record.key = field(*plan.key, plan.empty_is_null);
  const std::string& delimiter = plan.key_delimiter;
  const std::size_t at = delimiter.empty() ? std::string_view::npos : line.find(delimiter);
  if (at != std::string_view::npos) {
    record.key = field(line.substr(0, at), plan.empty_is_null);
    line = line.substr(at + delimiter.size());
  }
  record.value = field(line, plan.empty_is_null);
  return record;
}

// Whether other records may fare better.
bool is_fault_of_record(const Error& error) {
  return error.code == ErrorCode::kRecordTooLarge || error.code == ErrorCode::kSerialization;
}

}  // namespace

LineProducer::LineProducer(LiveRun& run, const LinePlan& plan)
    : run_(run),
      plan_(plan),
      headers_(headers_of(plan)),
      slots_(run.statistics(), run.clock()),
      transactions_(run, plan.transactions),
      lines_(STDIN_FILENO, [] { return interrupt() != 0; }) {}

void LineProducer::stop(const std::string& reason) {
  reason_ = reason;
  stopped_ = true;
}

// A record that fails while nothing has ever been accepted ends it: the topic is not there, or nobody
// answers, and every further line would wait as long.
Result<void> LineProducer::send_lines() {
  bool accepted = false;
  std::string_view line;
  while (interrupt() == 0 && lines_.next(line)) {
    if (line.empty() && !plan_.empty_is_null) continue;
    if (Result<void> ok = transactions_.before_record(); !ok) return ok;
    Record record = record_of(plan_, line);
    record.headers = headers_;
    const Result<void> sent = run_.send(record, slots_, 0);
    accepted = accepted || sent.ok();
    if (!accepted && !is_fault_of_record(sent.error())) {
      stop("the first record failed");
      hopeless_ = true;
      return {};
    }
    if (Result<void> ok = transactions_.after_record(); !ok) return ok;
    if (plan_.count > 0 && run_.statistics().sent() >= plan_.count) {
      reason_ = "as many as asked for";
      return {};
    }
  }
  return {};
}

void LineProducer::run() {
  LiveMonitor monitor(run_);
  outcome_ = transactions_.start();
  hopeless_ = !outcome_;
  if (outcome_) outcome_ = send_lines();
  monitor.patience().input_ended();
  if (interrupt() != 0) {
    stop("interrupted");
    transactions_.abandon();
  } else if (!lines_.error().empty()) {
    stop("the input cannot be read");
    transactions_.abandon();
  } else if (!outcome_) {
    stop("a transaction failed");
  } else {
    outcome_ = transactions_.finish();
  }
  if (hopeless_) run_.give_up();
  run_.producer().close();
}

int LineProducer::end() {
  const bool interrupted = interrupt() != 0;
  if (interrupted) stop("interrupted");
  const std::optional<Error> failure =
      outcome_ || interrupted ? std::nullopt : std::optional<Error>(outcome_.error());
  const int code = end_live_run(run_, reason_, transactions_.summary(), failure);
  if (stopped_) {
    const std::string rest = lines_.rest();
    tell("stopped after line " + std::to_string(lines_.count()) + ": " + reason_ +
         (rest.empty() ? "" : "; " + rest));
  }
  if (!lines_.error().empty() && !interrupted)
    return fail(kExitFailed, "standard input cannot be read: " + lines_.error());
  return code;
}

}  // namespace sendscope::ui
