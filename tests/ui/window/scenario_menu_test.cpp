// Lessons have an order, a next one, and are found by the errors they show.
#include "ui/window/scenario_menu.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "tests/support/shipped_scenarios.h"
#include "tests/support/temporary_folder.h"
#include "tests/ui/workbench/person.h"

namespace sendscope::ui {
namespace {

using test::Person;

std::string name_of(const MenuItem& item) { return std::filesystem::path(item.path).stem().string(); }

// The shipped scenarios only: what a user has saved is in a folder of its own.
struct Menu {
  Menu() : folder("menu"), data("XDG_DATA_HOME", folder.path().string()), items(scenario_menu()) {}
  test::TemporaryFolder folder;
  test::WithVariable data;
  std::vector<MenuItem> items;

  std::unique_ptr<Workbench> bench_on(std::size_t item) const {
    auto session = run::open_session(items[item].path);
    REQUIRE(session);
    auto bench = std::make_unique<Workbench>(std::move(*session), items);
    bench->finish_work();
    return bench;
  }
};

TEST_CASE("every lesson has its place in the order, once, and the menu follows it") {
  const Menu menu;
  const auto order = order_of_lessons(test::repository("scenarios/lessons.txt"));
  CHECK(std::set(order.begin(), order.end()).size() == order.size());
  std::set<std::string> shipped;
  for (const std::string& path : test::shipped_scenarios())
    shipped.insert(std::filesystem::path(path).stem().string());
  CHECK(std::set(order.begin(), order.end()) == shipped);
  REQUIRE(menu.items.size() >= order.size());
  for (std::size_t i = 0; i < order.size(); ++i) {
    CHECK(name_of(menu.items[i]) == order[i]);
    CHECK(menu.items[i].steps >= 4);
  }
}

TEST_CASE("from the end of a lesson a click leads to the next one, and from the last to none") {
  const Menu menu;
  const auto bench = menu.bench_on(0);
  Person person(*bench);
  const auto button = [&]() -> std::optional<Hit> {
    for (const Hit& hit : person.look().hits) {
      if (hit.click.verb == Verb::kNextLesson) return hit;
    }
    return std::nullopt;
  };
  CHECK_FALSE(button());
  person.press(Key::kEnd);
  test::do_verb(*bench, Verb::kSideTab, static_cast<int>(SideTab::kLesson));
  REQUIRE(button());
  person.click(button()->box);
  CHECK(bench->take_open() == 1);
  person.press(Key::kEnter, true);
  CHECK(bench->take_open() == 1);
  const auto last = static_cast<std::size_t>(
      std::find_if(menu.items.rbegin(), menu.items.rend(), [](const MenuItem& i) { return i.steps > 0; })
          .base() -
      menu.items.begin() - 1);
  const auto end = menu.bench_on(last);
  test::do_verb(*end, Verb::kNextLesson);
  CHECK_FALSE(end->take_open());
  CHECK(Person(*end).reads("the last lesson"));
}

TEST_CASE("a lesson is found by the error that it shows") {
  const Menu menu;
  const auto bench = menu.bench_on(0);
  Person person(*bench);
  const auto found = [&](const std::string& text) {
    person.search(text);
    std::set<std::string> names;
    for (const PaletteEntry& entry : bench->palette()) {
      if (entry.action.verb == Verb::kOpen)
        names.insert(name_of(menu.items[static_cast<std::size_t>(entry.action.value)]));
    }
    person.press(Key::kEscape);
    return names;
  };
  CHECK(found("NOT_LEADER_OR_FOLLOWER").contains("first-batch-refused"));
  CHECK(found("org.apache.kafka.common.errors.TimeoutException: Expiring 12 record(s) for orders-0:1000 ms "
              "has passed")
            .contains("delivery-timeout"));
  CHECK(found("BufferExhaustedException").contains("backpressure"));
  CHECK(found("[Producer clientId=p1] send failed: InvalidProducerEpochException").contains("zombie-fenced"));
  CHECK(found("zzzz").empty());
}

TEST_CASE("the menu says how far a lesson was read") {
  Menu menu;
  menu.items[1].step = 2;
  menu.items[2].step = menu.items[2].steps - 1;
  const auto bench = menu.bench_on(0);
  Person person(*bench);
  test::do_verb(*bench, Verb::kMenu);
  CHECK(person.reads("step 3 of " + std::to_string(menu.items[1].steps)));
  CHECK(person.reads("\xe2\x9c\x93 read"));
}

}  // namespace
}  // namespace sendscope::ui
