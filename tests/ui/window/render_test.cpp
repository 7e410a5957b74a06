#include <cstdio>
#include <fstream>
#include <sstream>

#include "core/event/trace_file.h"
#include "sim/run/replay_session.h"
#include "tests/support/catch.h"
#include "tests/support/sample_run.h"
#include "ui/layout/texts.h"
#include "ui/terminal/commands.h"

namespace sendscope::ui {

using namespace run;

namespace {

std::string bytes_of(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

int render(std::vector<std::string> words) { return run_render_command(words); }

// A file of its own in the folder of the build, gone when the test is.
struct TemporaryFile {
  explicit TemporaryFile(std::string name) : path(std::move(name)) {}
  ~TemporaryFile() { std::remove(path.c_str()); }
  std::string path;
};

TEST_CASE("the same moment gives the same picture, another moment another") {
  const TemporaryFile one("render_test_1.png"), two("render_test_2.png"), three("render_test_3.png");
  CHECK(render({"scenarios/first-send.json", "--at", "5ms", "-o", one.path}) == kExitDone);
  CHECK(render({"scenarios/first-send.json", "--at", "5ms", "-o", two.path}) == kExitDone);
  CHECK(render({"scenarios/first-send.json", "--at", "2ms", "-o", three.path}) == kExitDone);
  CHECK(bytes_of(one.path) == bytes_of(two.path));
  CHECK(bytes_of(one.path) != bytes_of(three.path));
  CHECK(bytes_of(one.path).size() > 10'000);
}

TEST_CASE("a recorded run is drawn like any other") {
  const TemporaryFile trace("render_test.trace"), picture("render_test_4.png");
  EventLog log;
  test::fill_sample_run(log);
  auto writer = TraceWriter::create(trace.path, "{}");
  REQUIRE(writer);
  REQUIRE((*writer)->append(log));
  REQUIRE((*writer)->close(log));
  CHECK(render({trace.path, "--at", "42.31ms", "-o", picture.path, "--select", "batch:16", "--theme", "light",
                "--scale", "150"}) == kExitDone);
  const auto session = ReplaySession::open(trace.path);
  REQUIRE(session);
  CHECK((*session)->info().title == "Backpressure: who waits for memory?");
  CHECK((*session)->info().seed == 43);
  CHECK_FALSE((*session)->can_submit());
  CHECK_FALSE((*session)->submit({}, 0).ok());
  CHECK_FALSE((*session)->change({}, 0).ok());
}

void write(const std::string& path, const std::string& text) { std::ofstream(path) << text; }

TEST_CASE(
    "a file of texts makes the window speak another language, and one with mistakes is told with its lines") {
  const TemporaryFile english("render_test_5.png"), other("render_test_6.png"), texts("render_test.texts");
  const std::vector<std::string> words = {"scenarios/first-send.json", "--at", "5ms", "-o"};
  const auto with = [&](std::vector<std::string> more) {
    std::vector<std::string> all = words;
    all.insert(all.end(), more.begin(), more.end());
    return render(all);
  };
  CHECK(with({english.path}) == kExitDone);
  write(texts.path, "text.heading_threads_long = ANWENDUNGEN\ntext.speed = Tempo\n");
  CHECK(with({other.path, "--language", texts.path}) == kExitDone);
  CHECK(say(Text::speed) == "Tempo");
  CHECK(bytes_of(english.path) != bytes_of(other.path));
  write(texts.path, "text.sped = Tempo\n");
  CHECK(with({other.path, "--language", texts.path}) == kExitBadInput);
  CHECK(with({other.path, "--language", "nowhere.texts"}) == kExitBadInput);
  for (TextTable* table : all_texts()) table->use({});
  CHECK(say(Text::speed) == "speed");
}

TEST_CASE("bad input is told with exit code 2") {
  const std::string scenario = "scenarios/first-send.json";
  CHECK(render({}) == kExitBadInput);
  CHECK(render({scenario}) == kExitBadInput);
  CHECK(render({"nowhere.json", "-o", "x.png"}) == kExitBadInput);
  CHECK(render({scenario, "-o", "x.png", "--at", "soon"}) == kExitBadInput);
  CHECK(render({scenario, "-o", "x.png", "--size", "12"}) == kExitBadInput);
  CHECK(render({scenario, "-o", "x.png", "--size", "99999x1"}) == kExitBadInput);
  CHECK(render({scenario, "-o", "x.png", "--scale", "20"}) == kExitBadInput);
  CHECK(render({scenario, "-o", "x.png", "--theme", "pink"}) == kExitBadInput);
  CHECK(render({scenario, "-o", "x.png", "--do", "theme,fly"}) == kExitBadInput);
  CHECK(render({scenario, "-o", "x.png", "--select", "nobody"}) == kExitBadInput);
  CHECK(render({scenario, "-o", "x.png", "--step", "0"}) == kExitBadInput);
  CHECK(render({scenario, "-o", "x.png", "--step", "99"}) == kExitBadInput);
  CHECK(render({scenario, "-o", "/nonexistent-folder/x.png"}) == kExitFailed);
}

}  // namespace
}  // namespace sendscope::ui
