// Whatever a person does by hand: saved and opened again it is the same run, and undone it never was.
#include <algorithm>
#include <cstdlib>
#include <fstream>

#include "core/base/prng.h"
#include "sim/run/sim_session.h"
#include "tests/support/temporary_folder.h"
#include "tests/ui/workbench/bench.h"
#include "ui/layout/commands.h"
#include "ui/layout/fault_menu.h"

namespace sendscope::ui {
namespace {

using test::kBenchH;
using test::kBenchW;

constexpr const char* kScenario = R"({
  "sendscope": 1,
  "title": "Whatever a person does",
  "seed": 3,
  // What is written here stays.
  "cluster": { "nodes": 2, "topics": { "orders": { "partitions": 2, "replicas": 2 } } },
  "producers": {
    "p1": { "config": { "linger.ms": 1, "delivery.timeout.ms": 200, "request.timeout.ms": 100 },
            "threads": { "app": [ { "send": { "topic": "orders", "count": 6, "every": "700us" } },
                                  { "flush": {} } ] } },
    "p2": { "config": { "request.timeout.ms": 90, "delivery.timeout.ms": 200 },
            "threads": { "app2": [ { "send": { "topic": "orders", "count": 4, "every": "1ms" } } ] } }
  },
  "faults": [ { "at": "2ms", "respond": { "api": "Produce", "error": "NOT_LEADER_OR_FOLLOWER" }, "times": 1 } ],
  "until": "300ms"
})";

struct Edited {
  const char* owner;
  const char* name;
  std::vector<const char*> values;
};
const std::vector<Edited>& edited() {
  static const std::vector<Edited> all = {{"p1", "linger.ms", {"0", "3", "50"}},
                                          {"p2", "acks", {"0", "1", "all", "many"}},
                                          {"p2", "enable.idempotence", {"true", "false"}},
                                          {"p1", "batch.size", {"1", "100", "x"}},
                                          {"topic orders", "partitions", {"1", "2", "3"}},
                                          {"topic orders", "min.insync.replicas", {"1", "2", "0"}},
                                          {"topic orders", "max.message.bytes", {"60", "0"}},
                                          {"node 1", "latency", {"3ms"}},
                                          {"node 2", "service", {"8ms", "later"}},
                                          {"brokers", "num.io.threads", {"1", "0"}},
                                          {"links", "latency", {"2ms", "soon"}},
                                          {"scenario", "profile", {"kafka-3.9", "kafka-4.3", "kafka-9"}}};
  return all;
}

// A person at a workbench who does whatever comes to mind.
class RandomHand {
 public:
  RandomHand(const std::string& path, std::uint64_t seed) : prng_(seed) { open(path); }

  void open(const std::string& path) {
    auto session = run::open_session(path);
    INFO((session ? "" : session.error().message));
    REQUIRE(session);
    bench_ = std::make_unique<Workbench>(std::move(*session));
    bench_->finish_work();
  }
  void do_something() {
    switch (prng_.below(11)) {
      case 0:
      case 1: return order();
      case 2: return act(ui::act(Verb::kUndo));
      case 3: return act(ui::act(Verb::kRedo));
      case 4: return act(ui::act(Verb::kOrderRemove, any(4)));
      case 5: return act(ui::act(Verb::kOrderMove, any(4)));
      case 6: return edit();
      case 7: return act(ui::act(Verb::kBranch, prng_.below(2) == 0 ? -1 : any(30)));
      case 8:
      case 9: return choose();
      default: return look_somewhere();
    }
  }
  void save_and_open() {
    const std::string before = bytes();
    act(ui::act(Verb::kSave));
    for (const Hit& hit : test::hits_of(test::scene_of(*bench_), "notice")) FAIL(hit.tip);
    const std::string path = bench_->menu().back().path;
    open(path);
    CHECK(bytes() == before);
  }
  void undo_all() {
    for (int i = 0; i < 500; ++i) act(ui::act(Verb::kUndo));
  }
  std::string bytes() const {
    const EventLog& log = bench_->log();
    std::string all;
    for (std::size_t i = 0; i < log.size(); ++i)
      all.append(reinterpret_cast<const char*>(&log[i]), sizeof(Event));
    for (StringId i = 0; i < log.strings().size(); ++i) all += std::string(log.strings().view(i)) + "\n";
    return all;
  }
  bool is_empty() const {
    const run::HandWork& hand = bench_->session().by_hand();
    return hand.orders.empty() && hand.edits.empty();
  }

 private:
  std::int64_t any(std::uint64_t below) { return static_cast<std::int64_t>(prng_.below(below)); }
  void act(const Action& action) {
    const Nanos before = bench_->cursor().t;
    bench_->act(action, kBenchW, kBenchH);
    bench_->finish_work();
    // The cursor stays, unless the run ends before it.
    if (!moves_cursor(action.verb) && before <= bench_->log().end_time()) CHECK(bench_->cursor().t == before);
  }
  void look_somewhere() {
    const auto events = static_cast<std::uint64_t>(bench_->log().size());
    act(ui::act(Verb::kSeekEvent, any(events + 1)));
  }
  void order() {
    look_somewhere();
    History history(bench_->log());
    const PipelineModel& model = history.model_at(bench_->cursor().events);
    std::vector<Subject> things = {node_subject(1), node_subject(2), partition_subject(0),
                                   partition_subject(1)};
    for (const ProducerModel& producer : model.producers) {
      for (const auto& [id, request] : producer.requests) things.push_back(request_subject(id));
    }
    const Subject thing = things[prng_.below(things.size())];
    const auto choices =
        fault_choices({model, bench_->log().strings(), bench_->session().info().producers}, thing);
    if (choices.empty()) return;
    Action action = ui::act(Verb::kFault);
    action.fault = std::make_shared<sim::FaultSpec>(choices[prng_.below(choices.size())].fault);
    act(action);
  }
  void choose() {
    look_somewhere();
    bench_->view().bottom = BottomTab::kNext;
    bench_->finish_work();
    const Nanos before = bench_->cursor().t;
    bench_->act(ui::act(Verb::kChoose, any(5)), kBenchW, kBenchH);
    bench_->finish_work();
    CHECK(bench_->cursor().t >= before);
    bench_->view().bottom = BottomTab::kNarration;
  }
  void edit() {
    const Edited& what = edited()[prng_.below(edited().size())];
    const auto settings = bench_->session().settings();
    const auto at = std::find_if(settings.begin(), settings.end(), [&](const sim::Setting& one) {
      return one.owner == what.owner && one.name == what.name;
    });
    REQUIRE(at != settings.end());
    constexpr Verb kVerbs[] = {Verb::kSettingReset, Verb::kSettingSet, Verb::kSettingSet,
                               Verb::kSettingFromNow, Verb::kSettingFromNow};
    Action action = ui::act(kVerbs[prng_.below(std::size(kVerbs))], at - settings.begin());
    action.text = what.values[prng_.below(what.values.size())];
    act(action);
  }

  Prng prng_;
  std::unique_ptr<Workbench> bench_;
};

std::uint64_t seeds() {
  const char* set = std::getenv("SENDSCOPE_HAND_SEEDS");
  return set != nullptr ? std::strtoull(set, nullptr, 10) : 20;
}

TEST_CASE("whatever is done by hand can be saved, opened and undone") {
  const test::TemporaryFolder folder("hands");
  const test::WithVariable data("XDG_DATA_HOME", folder / "data");
  const std::string file = folder / "hands.json";
  std::ofstream(file) << kScenario;
  for (std::uint64_t seed = 1; seed <= seeds(); ++seed) {
    INFO("seed " << seed);
    RandomHand hand(file, seed);
    std::string untouched = hand.bytes();
    for (int step = 1; step <= 200; ++step) {
      INFO("step " << step);
      hand.do_something();
      if (step % 50 != 0) continue;
      hand.save_and_open();
      untouched = hand.bytes();
    }
    for (int step = 1; step <= 20; ++step) hand.do_something();
    hand.undo_all();
    CHECK(hand.is_empty());
    CHECK(hand.bytes() == untouched);
  }
}

}  // namespace
}  // namespace sendscope::ui
