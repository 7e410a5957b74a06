// Somebody writes a lesson while the window shows it.
#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/support/temporary_folder.h"
#include "tests/ui/workbench/person.h"
#include "ui/window/file_watch.h"

namespace sendscope::ui {
namespace {

namespace fs = std::filesystem;

struct LessonFolder : test::TemporaryFolder {
  LessonFolder() : TemporaryFolder("read_again") {
    for (const char* name : {"ordering.json", "ordering.md"})
      fs::copy_file(test::repository(std::string("scenarios/") + name), path() / name);
  }
  std::string scenario() const { return *this / "ordering.json"; }
  std::string lesson() const { return *this / "ordering.md"; }

  std::string text() const {
    std::ifstream in(lesson());
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void write(const std::string& text) const { std::ofstream(lesson()) << text; }
  void replace(const std::string& from, const std::string& to) const {
    std::string now = text();
    const std::size_t at = now.find(from);
    REQUIRE(at != std::string::npos);
    write(now.replace(at, from.size(), to));
  }
};

std::unique_ptr<Workbench> bench_on(const LessonFolder& folder) {
  auto session = run::open_session(folder.scenario());
  REQUIRE(session);
  auto bench = std::make_unique<Workbench>(std::move(*session));
  bench->finish_work();
  return bench;
}

void renew(Workbench& bench) {
  auto session = run::read_again(bench.session(), bench.cursor().t);
  REQUIRE(session);
  bench.renew(std::move(*session));
  bench.finish_work();
}

TEST_CASE("a file that is written anew is a change, once; one that is not there is waited for") {
  const LessonFolder folder;
  FileWatch watch;
  CHECK_FALSE(watch.watches());
  CHECK_FALSE(watch.changed());
  watch.watch({folder.scenario(), folder.lesson()});
  CHECK_FALSE(watch.changed());
  folder.write(folder.text() + "\nMore.\n");
  CHECK(watch.changed());
  CHECK_FALSE(watch.changed());
  const std::string text = folder.text();
  fs::remove(folder.lesson());
  CHECK_FALSE(watch.changed());
  folder.write(text + "\nAnd more.\n");
  CHECK(watch.changed());
}

TEST_CASE("a lesson that is read again keeps the cursor, the work of the hand and the answers") {
  const LessonFolder folder;
  const auto bench = bench_on(folder);
  CHECK(bench->session().info().files == std::vector<std::string>{folder.scenario(), folder.lesson()});
  test::do_verb(*bench, Verb::kLesson, 2);
  test::press_key(*bench, {key_of('2')});
  Action fault = act(Verb::kFault);
  fault.fault = std::make_shared<sim::FaultSpec>(sim::FaultSpec{.action = sim::Pause{{1}}});
  bench->act(fault, test::kBenchW, test::kBenchH);
  bench->finish_work();
  const Cursor before = bench->cursor();
  const std::size_t events = bench->log().size();
  folder.replace("The broker says", "Now the broker says");
  renew(*bench);
  CHECK(bench->cursor() == before);
  CHECK(bench->log().size() == events);
  CHECK(bench->session().by_hand().orders.size() == 1);
  CHECK(bench->facts().lesson[2].text.starts_with("Now the broker says"));
  CHECK(prediction_at(bench->facts(), 2).answer.options == std::vector<int>{1});
  test::do_verb(*bench, Verb::kUndo);
  bench->finish_work();
  CHECK(bench->session().by_hand().orders.empty());
  CHECK(bench->facts().lesson[2].text.starts_with("Now the broker says"));
  SECTION("but for those to another question") {
    folder.replace("- It appends it", "- It appends that");
    renew(*bench);
    CHECK(prediction_at(bench->facts(), 2).answer.options.empty());
  }
}

TEST_CASE("a lesson that is broken is told with its place") {
  const LessonFolder folder;
  const auto bench = bench_on(folder);
  folder.replace("when: event('log_refused')", "when: event('log_refusd')");
  const auto session = run::read_again(bench->session(), 0);
  REQUIRE_FALSE(session);
  CHECK(session.error().message.find("ordering.md:") != std::string::npos);
  CHECK(session.error().message.find("log_refusd") != std::string::npos);
  CHECK(bench->facts().lesson.size() == 6);
}

}  // namespace
}  // namespace sendscope::ui
