// A newcomer who knows four keys: Enter goes on, P answers, Shift Enter opens the next lesson, and no more.
#include <map>
#include <set>

#include "core/model/queries.h"
#include "tests/ui/workbench/person.h"
#include "ui/window/scenario_menu.h"

namespace sendscope::ui {
namespace {

using test::Person;

constexpr double kFrame = 0.05;  // seconds
constexpr int kMostPresses = 40;

struct Newcomer {
  std::vector<MenuItem> menu = scenario_menu();
  std::unique_ptr<Workbench> bench;
  std::set<EventKind> met;  // kinds of events that have passed before the eyes
  int answers = 0;
  bool reordered = false;

  void open(std::size_t item) {
    auto session = run::open_session(menu[item].path);
    REQUIRE(session);
    bench = std::make_unique<Workbench>(std::move(*session), menu);
    bench->finish_work();
    bench->view().speed = 0;
  }

  void play_on() {
    for (int frame = 0; frame < 10'000 && bench->view().playing; ++frame) bench->play(kFrame);
    for (std::size_t i = 0; i < bench->cursor().events; ++i) met.insert(bench->log()[i].kind);
    const PipelineModel model = model_after(bench->log(), bench->cursor().events);
    for (std::size_t i = 0; i < model.partitions.size(); ++i) {
      const std::string name = partition_name(model, bench->log().strings(), static_cast<PartitionIndex>(i));
      const Expression in_order = condition("partition('" + name + "').log.in_order");
      reordered = reordered || in_order.evaluate(ModelNames(model, bench->log().strings())).is_false();
    }
  }

  // One lesson from the first step to the last. Returns how many keys that took.
  int read_lesson() {
    Person person(*bench);
    int presses = 0;
    const auto last = static_cast<int>(bench->session().lesson().size()) - 1;
    for (; presses < kMostPresses && bench->due_lesson_step() < last; ++presses) {
      person.look();
      if (person.reads("Predict") && person.reads("Skip")) {
        for (int press = 0; press < 9 && !person.reads("Reveal"); ++press) {
          person.press(key_of('P'));
          if (!bench->view().palette_open) continue;
          person.type("20");  // a number is asked for
          person.press(Key::kEnter);
        }
        CHECK(person.reads("Reveal"));
        ++answers;
      }
      person.press(Key::kEnter);
      play_on();
    }
    CHECK(bench->due_lesson_step() == last);
    person.press(Key::kEnd);
    person.press(Key::kEnter, true);
    return presses;
  }
};

TEST_CASE("a newcomer who only goes on and answers meets all of the pipeline, and acts") {
  Newcomer newcomer;
  newcomer.open(0);
  std::map<std::string, int> answers;
  for (int lesson = 0; lesson < 5; ++lesson) {
    const std::string source = newcomer.bench->session().info().source;
    INFO(source);
    const int before = newcomer.answers;
    CHECK(newcomer.read_lesson() < kMostPresses);
    answers[source.substr(source.rfind('/') + 1)] = newcomer.answers - before;
    const auto next = newcomer.bench->take_open();
    REQUIRE(next);
    newcomer.open(*next);
  }
  CHECK(answers["first-send.json"] >= 3);
  CHECK(answers["backpressure.json"] >= 3);
  CHECK(newcomer.answers >= 10);
  for (const EventKind kind :
       {EventKind::send_called, EventKind::record_appended, EventKind::batch_ready, EventKind::sender_waits,
        EventKind::memory_wait_began, EventKind::request_sent, EventKind::inflight_added,
        EventKind::batch_retried, EventKind::record_completed}) {
    INFO(kind_row(kind).name);
    CHECK(newcomer.met.contains(kind));
  }
  CHECK(newcomer.reordered);
}

}  // namespace
}  // namespace sendscope::ui
