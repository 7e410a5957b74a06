// The metrics that the picture derives from events are those that the producer itself reports.
#include "core/model/pipeline_model.h"
#include "core/producer/profile.h"
#include "sim/run/scenario_file.h"
#include "sim/run/simulated_run.h"
#include "tests/support/catch.h"
#include "tests/support/program.h"

namespace sendscope::ui {

using namespace run;

namespace {

double reported(const std::vector<MetricValue>& metrics, const std::string& client, const std::string& name) {
  for (const MetricValue& metric : metrics) {
    if (metric.group == "producer-metrics" && metric.name == name && metric.tags.front().second == client)
      return std::get<double>(metric.value);
  }
  return -1;
}

bool same(double a, double b) { return a == b || (a != a && b != b); }

std::unique_ptr<SimulatedRun> finished_run(const std::string& name, const std::string& profile = {}) {
  ScenarioFileLoad load = open_scenario("scenarios/" + name + ".json");
  REQUIRE(load.file.has_value());
  if (!profile.empty()) load.file->scenario.profile = profile;
  auto run = SimulatedRun::create(recipe_of(load.file->scenario));
  REQUIRE(run.ok());
  (*run)->finish();
  return std::move(*run);
}

}  // namespace

TEST_CASE("the metrics on screen are the producer's own, for retries, losses and pressure, too") {
  const std::string name =
      GENERATE("first-send", "batching-and-linger", "ordering", "lost-response", "backpressure",
               "leader-dies", "version-profiles", "delivery-timeout", "retries-zero", "epoch-bump",
               "zombie-fenced", "transaction-commit-abort");
  INFO(name);
  const std::unique_ptr<SimulatedRun> run = finished_run(name);
  const std::vector<MetricValue> metrics = run->simulation().metrics();
  const Millis now_ms = to_millis(run->now());
  for (const ProducerModel& producer : run->model().producers) {
    const std::string client(run->log().strings().view(producer.client_id));
    INFO(client);
    MetricsModel model = producer.metrics;
    const auto check = [&](const std::string& metric, double ours) {
      INFO(metric << ": " << ours << ", reported " << reported(metrics, client, metric));
      CHECK(same(ours, reported(metrics, client, metric)));
    };
    check("record-send-total", model.sent.total());
    check("record-retry-total", model.retried.total());
    check("record-retry-rate", model.retried.rate(now_ms));
    check("record-error-total", model.failed.total());
    check("record-error-rate", model.failed.rate(now_ms));
    check("batch-size-avg", model.batch_size.average(now_ms));
    check("batch-size-max", model.batch_size.maximum(now_ms));
    check("record-queue-time-avg", model.queue_time.average(now_ms));
    check("record-queue-time-max", model.queue_time.maximum(now_ms));
    check("request-latency-avg", model.request_latency.average(now_ms));
    check("request-latency-max", model.request_latency.maximum(now_ms));
    check("response-total", model.responses.total());
    check("incoming-byte-total", model.incoming_bytes.total());
  }
}

TEST_CASE("run prints every metric at the end when asked to, by the names of the client's generation") {
  const testing::ProgramFolder folder;
  const std::string words = "run scenarios/first-send.json --format quiet --metrics";
  const testing::ProgramResult newest = folder.run(words);
  CHECK(newest.exit_code == 0);
  CHECK(newest.out.find("record-send-total") != std::string::npos);
  CHECK(newest.out.find("producer-topic-metrics") != std::string::npos);
  CHECK(newest.out.find("io-waittime-total") == std::string::npos);
  CHECK(folder.run(words + " --profile kafka-3.9").out.find("io-waittime-total") != std::string::npos);
}

TEST_CASE("run, check and live refuse a generation of the client that there is not") {
  const testing::ProgramFolder folder;
  for (const char* words : {"run scenarios/first-send.json", "check scenarios/first-send.json",
                            "live -b 127.0.0.1:1 -t t --headless", "produce -b 127.0.0.1:1 -t t"}) {
    INFO(words);
    const testing::ProgramResult refused = folder.run(std::string(words) + " --profile kafka-1.0");
    CHECK(refused.exit_code == 2);
    CHECK(refused.err.find("kafka-3.9, kafka-4.0, kafka-4.1 or kafka-4.3") != std::string::npos);
  }
}

}  // namespace sendscope::ui
