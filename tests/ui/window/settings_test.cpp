// What the window keeps from one run to the next.
#include "ui/window/settings.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/support/catch.h"
#include "tests/support/temporary_folder.h"

namespace sendscope::ui {
namespace {

namespace fs = std::filesystem;

struct Folder : test::TemporaryFolder {
  Folder() : TemporaryFolder("settings") {}
  std::string file() const { return *this / "sendscope/settings.json"; }
  void write(const std::string& text) const {
    fs::create_directories(path() / "sendscope");
    std::ofstream(file()) << text;
  }
};

std::string text_of(const std::string& path) {
  std::ifstream in(path);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST_CASE("what was chosen in one run is there in the next, and of each scenario its own") {
  const Folder folder;
  const View usual;
  {
    Settings settings(folder.file());
    View view = usual;
    settings.apply(view);
    CHECK(view.light == usual.light);
    view.light = true;
    view.scale_percent = 150;
    view.axis = AxisMode::kLinear;
    view.speed = 0.5;
    settings.note(usual, view, "a.json");
    settings.note_step("a.json", 3);
    settings.note_step("a.json", 1);  // looking back is not unlearning
    settings.note_step("b.json", -1);
    REQUIRE(settings.save());
  }
  const Settings settings(folder.file());
  View view;
  settings.apply(view);
  CHECK(settings.trouble().empty());
  CHECK(view.light);
  CHECK(view.scale_percent == 150);
  CHECK(view.axis == AxisMode::kLinear);
  CHECK(settings.speed("a.json") == 0.5);
  CHECK(settings.step("a.json") == 3);
  CHECK_FALSE(settings.speed("b.json"));
  CHECK_FALSE(settings.step("b.json"));
}

TEST_CASE("nothing is written where nothing has changed, or where nothing is to be kept") {
  const Folder folder;
  Settings settings(folder.file());
  settings.note(View(), View(), "a.json");
  REQUIRE(settings.save());
  CHECK(fs::is_empty(folder.path()));
  Settings none("");
  View light;
  light.light = true;
  none.note(View(), light, "a.json");
  CHECK(none.save());
}

TEST_CASE("keys of others stay in the file") {
  const Folder folder;
  folder.write(R"({"theme": "light", "fonts": ["a"], "scenarios": {"a.json": {"stars": 5, "speed": 2}}})");
  Settings settings(folder.file());
  View before, now;
  settings.apply(before);
  now = before;
  now.light = false;
  now.speed = 4;
  settings.note(before, now, "a.json");
  REQUIRE(settings.save());
  const std::string text = text_of(folder.file());
  for (const char* part : {"\"dark\"", "\"fonts\"", "\"stars\": 5", "\"speed\": 4"})
    CHECK(text.find(part) != std::string::npos);
}

TEST_CASE("a value that makes no sense is told and does not count, the others do") {
  const Folder folder;
  folder.write(R"({"theme": "pink", "scale": 7000, "axis": "linear", "scenarios": 5})");
  Settings settings(folder.file());
  View view;
  settings.apply(view);
  CHECK_FALSE(view.light);
  CHECK(view.scale_percent == 100);
  CHECK(view.axis == AxisMode::kLinear);
  for (const char* key : {"\"theme\"", "\"scale\"", "\"scenarios\""})
    CHECK(settings.trouble().find(key) != std::string::npos);
  CHECK(settings.trouble().find("\"axis\"") == std::string::npos);
  settings.note_step("a.json", 2);
  REQUIRE(settings.save());
  CHECK(Settings(folder.file()).step("a.json") == 2);
}

TEST_CASE("a damaged file is renamed and told, never lost, and a second one as well") {
  const Folder folder;
  for (const char* name : {"settings.json.damaged", "settings.json.damaged-2"}) {
    const std::string damaged = std::string("{\"theme\": ") + name;
    folder.write(damaged);
    Settings settings(folder.file());
    CHECK(settings.trouble().find(name) != std::string::npos);
    CHECK_FALSE(fs::exists(folder.file()));
    CHECK(text_of(folder / (std::string("sendscope/") + name)) == damaged);
    settings.note_step("a.json", 2);
    REQUIRE(settings.save());
    CHECK(Settings(folder.file()).trouble().empty());
  }
  for (const char* text :
       {"", "[]", "5", "{\"a\": 1} x", "\xff\xfe", "{\"scale\": 1e999}", "{\"scenarios\": {\"a\": 3}}"}) {
    folder.write(text);
    Settings settings(folder.file());
    View view;
    settings.apply(view);
    CHECK(view.scale_percent == 100);
    CHECK_FALSE(settings.step("a"));
  }
}

TEST_CASE("a folder that cannot be written to is told") {
  const Folder folder;
  std::ofstream(folder / "sendscope") << "a file where the folder should be";
  Settings settings(folder.file());
  settings.note_step("a.json", 2);
  const auto saved = settings.save();
  REQUIRE_FALSE(saved.ok());
  CHECK(saved.error().message.find(folder.file()) != std::string::npos);
  CHECK(settings.save());  // told once
}

}  // namespace
}  // namespace sendscope::ui
