// `sendscope live`: a load generator on real brokers, watched in a window or headless.
#include <iostream>

#include "core/base/units.h"
#include "ui/live/live_monitor.h"
#include "ui/live/live_result.h"
#include "ui/live/live_session.h"
#include "ui/terminal/interrupt.h"
#include "ui/terminal/screen.h"

namespace sendscope::ui {
namespace {

// Somebody who watches wants to follow; and what happens is kept in memory as long as the window is open.
constexpr double kWatchedRate = 500;

struct LiveArguments {
  LiveTarget target;
  LoadPlan plan;
  std::string size = "100B";
  std::string rate;
  std::string duration;
  std::uint64_t seed = 0;
  bool headless = false;
};

constexpr std::uint64_t kMostThreads = 256;

// "16KiB"; a plain number is bytes.
Result<std::int64_t> size_of(const std::string& text) {
  return parse_size(check_count(text).empty() ? text + "B" : text);
}

std::string check_size(const std::string& text) {
  const Result<std::int64_t> size = size_of(text);
  if (!size) return size.error().message;
  return *size > 0 && *size <= (1 << 30) ? "" : "found \"" + text + "\"; expected a size from 1B to 1GiB";
}

std::string check_threads(const std::string& text) {
  const bool right = check_count(text).empty() && text.size() <= 9 && std::stoul(text) >= 1 &&
                     std::stoul(text) <= kMostThreads;
  return right ? "" : "found \"" + text + "\"; expected a number of threads from 1 to 256";
}

// "5000" or "5000/s".
std::optional<double> rate_of(std::string text) {
  if (text.size() > 2 && text.ends_with("/s")) text.resize(text.size() - 2);
  const Result<std::int64_t> micro = scale_decimal(text, 1'000'000);
  if (!micro || *micro <= 0) return std::nullopt;
  return static_cast<double>(*micro) / 1e6;
}

std::string check_rate(const std::string& text) {
  return rate_of(text) ? "" : "found \"" + text + "\"; expected records a second, such as 5000/s";
}

std::optional<int> read_arguments(Arguments words, LiveArguments& out) {
  CommandLine line("live", "Sends generated records to a topic and shows what the producer does.");
  add_target_options(line, out.target);
  line.option("--rate", out.rate,
              "records a second, such as 5000/s; without it 500/s in a window, as many as go otherwise",
              check_rate);
  line.option("--size", out.size, "size of a value (100B)", check_size);
  line.option("--keys", out.plan.keys, "number of different keys; 0: no keys (0)");
  line.option("--threads", out.plan.threads, "application threads (1)", check_threads);
  line.option("--count", out.plan.count, "end after so many records");
  line.option("--for", out.duration, "end after this time, such as 30s", check_duration);
  line.option("--seed", out.seed, "seed of the producer's chance (0)");
  add_transaction_options(line, out.plan.transactions);
  line.flag("--headless", out.headless, "no window");
  if (const auto code = line.parse(words)) return code;
  out.plan.topic = out.target.topic;
  out.plan.size = static_cast<std::size_t>(*size_of(out.size));
  out.plan.rate = out.rate.empty() ? 0 : *rate_of(out.rate);
  if (!out.duration.empty()) out.plan.duration = duration_of(out.duration);
  return std::nullopt;
}

std::vector<std::string> thread_names(std::uint32_t threads) {
  std::vector<std::string> names;
  for (std::uint32_t i = 0; i < threads; ++i) names.push_back("load-" + std::to_string(i));
  return names;
}

int run_headless(LiveRun& run, const LoadPlan& plan) {
  constexpr Nanos kLookEvery = 50 * kNanosPerMilli;
  std::optional<LoadGenerator> load;  // outlives the monitor
  {
    LiveMonitor monitor(run);
    load.emplace(run, plan);
    while (!load->done()) {
      load->wait_until(run.clock().now() + kLookEvery);
      if (interrupt() != 0) load->stop();
      if (load->input_ended()) monitor.patience().input_ended();
    }
  }
  return end_load(run, *load, interrupt() != 0 ? "interrupted" : "the load is sent");
}

}  // namespace

int run_live_command(Arguments words) {
  LiveArguments arguments;
  if (const auto code = read_arguments(words, arguments)) return *code;
  const Result<ProducerConfig> config = configure(arguments.target, arguments.plan.transactions);
  if (!config) return fail(kExitBadInput, config.error().message);
  if (!arguments.plan.transactions.id.empty() && arguments.plan.threads > 1)
    return fail(kExitBadInput, "--threads: with a transactional.id one thread sends, as it also commits");
  const bool window = !arguments.headless && display_available();
  if (!arguments.headless && !window) std::cerr << "There is no display; going on as with --headless.\n";
  hold_interrupts();
  if (window && arguments.plan.rate == 0) arguments.plan.rate = kWatchedRate;
  auto run = LiveRun::create(
      {arguments.target, *config, arguments.seed, thread_names(arguments.plan.threads), window});
  if (!run) return fail(run.error());
  if (!window) return run_headless(**run, arguments.plan);
  int code = kExitDone;
  const int shown =
      show_session(std::make_unique<LiveSession>(std::move(*run), arguments.plan, arguments.target, code));
  if (interrupt() != 0) return interrupted_exit_code();
  return shown != kExitDone ? shown : code;
}

}  // namespace sendscope::ui
