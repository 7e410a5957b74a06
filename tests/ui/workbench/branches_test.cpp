#include "ui/workbench/branches.h"

#include "tests/support/catch.h"

namespace sendscope::ui {
namespace {

run::HandWork work(const char* value) { return {{{{"until"}, value}}, {}}; }
std::string value_of(const Branches& branches) {
  const run::HandWork& here = branches.at(branches.here());
  return here.edits.empty() ? "" : here.edits[0].value;
}

TEST_CASE("undo leads to the parent, redo to the child that was left last, and nothing is lost") {
  Branches branches({});
  CHECK_FALSE(branches.back());
  CHECK_FALSE(branches.on());
  CHECK_FALSE(branches.next_end());
  branches.grow(work("1s"));
  branches.grow(work("2s"));
  const auto go = [&](std::optional<std::size_t> point) {
    REQUIRE(point);
    branches.go(*point, branches.at(*point));
    return value_of(branches);
  };
  CHECK(go(branches.back()) == "1s");
  branches.grow(work("3s"));
  CHECK_FALSE(branches.on());
  REQUIRE(branches.ends().size() == 1);
  CHECK(branches.at(branches.ends()[0]).edits[0].value == "2s");
  CHECK(go(branches.back()) == "1s");
  CHECK(branches.ends().size() == 2);
  CHECK(go(branches.on()) == "3s");
  CHECK(go(branches.next_end()) == "2s");
  CHECK(go(branches.next_end()) == "3s");
  CHECK(go(branches.next_end()) == "2s");
  CHECK(go(branches.back()) == "1s");
  CHECK(go(branches.back()).empty());
  CHECK_FALSE(branches.back());
  CHECK(go(branches.on()) == "1s");
  CHECK(go(branches.on()) == "2s");
}

TEST_CASE("a run that drops other orders than before is kept as it is now") {
  Branches branches({});
  branches.grow(work("1s"));
  branches.go(0, {});
  branches.go(1, work("5s"));
  CHECK(value_of(branches) == "5s");
}

}  // namespace
}  // namespace sendscope::ui
