// Another language: all that the window says comes from the catalogue, and words that are two fifths longer
// have their room.
#include <algorithm>
#include <memory>
#include <string>

#include "tests/support/sample_frame.h"
#include "tests/ui/layout/frame_checks.h"
#include "tests/ui/layout/pseudo.h"
#include "ui/layout/overlays.h"

namespace sendscope::ui {
namespace {

using test::EnglishFinder;
using test::SampleFrame;
using test::SampleOptions;
using test::SpeakPseudo;

EnglishFinder finder_of(const SampleFrame& frame) {
  EnglishFinder finder;
  finder.allow(frame.log.strings());
  finder.allow(frame.facts.title);
  finder.allow(frame.facts.kind);
  for (const MenuItem& item : frame.facts.menu) finder.allow(item.title + " " + item.summary);
  for (const LessonText& step : frame.facts.lesson) finder.allow(step.heading + " " + step.text);
  return finder;
}

void check_no_english(SampleFrame& frame, float width = 1280, float height = 720) {
  const auto found = finder_of(frame).in(frame.scene(width, height));
  INFO(width << "x" << height);
  CHECK(found == std::vector<std::string>{});
}

TEST_CASE("the pseudo language is strange and longer, and the finder tells it from English") {
  CHECK(test::pseudo("waits {time}\n1 ms") == "ŵáíŧšöö {time}\n1 ɱšö");
  EnglishFinder finder;
  finder.allow("orders");
  CHECK(finder.in("ŵáíŧšöö orders-0 ord… linger.ms send_called Produce 12 ms") == std::vector<std::string>{});
  CHECK(finder.in("it waits, there") == std::vector<std::string>{"waits,", "there"});
}

TEST_CASE("no text of the window bypasses the catalogue") {
  const SpeakPseudo speak;
  SampleFrame frame;
  SECTION("with nothing selected, at several sizes and moments") {
    check_no_english(frame);
    check_no_english(frame, 853, 480);
    check_no_english(frame, 640, 360);
    frame.cursor = {0, 0};
    check_no_english(frame);
  }
  SECTION("with the lesson, the events, the checks or what was done by hand") {
    frame.facts.orders = {{7, "42", ""}, {9, "43", "44"}};
    frame.facts.settings = {{"1", "2", "3", "4", {"5"}, "6"}, {"7", "8", "", "", {}, std::nullopt}};
    frame.view.side = SideTab::kLesson;
    frame.view.bottom =
        GENERATE(BottomTab::kNarration, BottomTab::kEvents, BottomTab::kChecks, BottomTab::kByHand);
    check_no_english(frame);
  }
  SECTION("with a selection") {
    frame.view.selected =
        GENERATE(batch_subject(16), request_subject(87), partition_subject(2), node_subject(3),
                 thread_subject(1), record_subject(172), Subject{SubjectKind::kProducer, 0});
    frame.view.side = SideTab::kInspector;
    check_no_english(frame);
  }
  SECTION("with what is told of latencies and limits") {
    frame.view.selected = producer_subject(0);
    frame.view.side = SideTab::kInspector;
    frame.view.page = GENERATE(SidePage::kSplit, SidePage::kLimits);
    check_no_english(frame);
  }
  SECTION("with the pool by its reasons") {
    frame.view.pool_reasons = true;
    check_no_english(frame);
  }
  SECTION("with menus over it") {
    frame.view.menu_open = frame.view.keys_open = frame.view.palette_open = frame.view.fault_open = true;
    frame.view.fault_target = GENERATE(Subject{}, node_subject(2), request_subject(87), partition_subject(2));
    frame.facts.producers = {"p1"};
    check_no_english(frame);
    frame.facts.settings = {{"1", "2", "3", "4", {"5"}, "6"}};
    frame.view.setting = 0;
    check_no_english(frame);
    frame.view.setting.reset();
    frame.view.palette_text = "zzzz";
    EnglishFinder finder = finder_of(frame);
    finder.allow("zzzz");
    CHECK(finder.in(frame.scene(1280, 720)) == std::vector<std::string>{});
  }
  SECTION("with what is rare") {
    frame.facts.warning = "42";
    frame.view.following = true;
    frame.facts.can_submit = false;
    frame.facts.growing = true;
    frame.view.axis = AxisMode::kLinear;
    frame.facts.title.clear();
    frame.log.append({.t = frame.cursor.t, .kind = EventKind::events_lost, .subject = 7});
    frame.history->update();
    frame.cursor.events = frame.log.size();
    check_no_english(frame);
  }
}

TEST_CASE("words that are two fifths longer lie apart and inside the window, at any size and scale") {
  const SpeakPseudo speak;
  const SampleOptions options =
      GENERATE(SampleOptions{}, SampleOptions{12, 5, 6, 0}, SampleOptions{30, 9, 14, 40});
  SampleFrame frame(options);
  check_at_every_size(frame);
}

TEST_CASE("longer words lie apart where the pool is shown by its reasons") {
  const SpeakPseudo speak;
  SampleFrame frame(GENERATE(SampleOptions{}, SampleOptions{30, 9, 14, 40}));
  frame.view.pool_reasons = true;
  check_at_every_size(frame);
}

TEST_CASE("longer words lie apart with a selection or a list, too") {
  const SpeakPseudo speak;
  SampleFrame frame;
  frame.facts.orders = {{7, "42", ""}, {9, std::string(200, '4'), std::string(200, '3')}};
  frame.view.bottom = GENERATE(BottomTab::kEvents, BottomTab::kChecks, BottomTab::kByHand);
  frame.view.selected = GENERATE(Subject{}, batch_subject(16), request_subject(87), partition_subject(2),
                                 node_subject(3), thread_subject(1), record_subject(172));
  frame.view.side = is_set(frame.view.selected) ? SideTab::kInspector : SideTab::kLesson;
  for (const Size& size : sizes()) {
    if (size.width >= 960) check_texts(frame.scene(size.width, size.height), size);
  }
}

TEST_CASE("longer words lie apart on the pages that tell of latencies and limits") {
  const SpeakPseudo speak;
  SampleFrame frame;
  frame.view.selected = GENERATE(producer_subject(0), node_subject(1));
  frame.view.side = SideTab::kInspector;
  frame.view.page = GENERATE(SidePage::kSplit, SidePage::kLimits);
  for (const Size& size : sizes()) {
    if (size.width >= 960) check_texts(frame.scene(size.width, size.height), size);
  }
}

TEST_CASE("menus of longer words stay inside the window") {
  const SpeakPseudo speak;
  SampleFrame frame;
  check_overlays_inside(frame);
}

TEST_CASE(
    "nothing of the sheet of keys, the palette and the fault menu is cut, in English and in longer words") {
  const auto pseudo = GENERATE(false, true) ? std::make_unique<SpeakPseudo>() : nullptr;
  SampleFrame frame;
  frame.facts.producers = {"p1"};
  const auto cut = [&] {
    std::vector<std::string> found;
    const Scene scene = frame.scene(1280, 720);
    for (const Shape* shape : texts(scene)) {
      if (shape->text.ends_with("\xe2\x80\xa6")) found.push_back(shape->text);
    }
    return found;
  };
  const auto before = cut();
  frame.view.keys_open = true;
  CHECK(cut() == before);
  frame.view.keys_open = false;
  frame.view.palette_open = true;
  for (frame.view.palette_row = 0; frame.view.palette_row < 60; frame.view.palette_row += 9)
    CHECK(cut() == before);
  frame.view.palette_open = false;
  frame.view.fault_open = true;
  for (const Subject& subject : {Subject{}, node_subject(2), request_subject(87), partition_subject(2)}) {
    frame.view.fault_target = subject;
    CHECK(cut() == before);
  }
}

bool is_cut(const Shape& shape) {
  return shape.kind == ShapeKind::kText && shape.text.ends_with("\xe2\x80\xa6");
}

TEST_CASE("an explanation of longer words is told in full") {
  const SpeakPseudo speak;
  SampleFrame frame;
  const Scene plain = frame.scene(1280, 720);
  const auto cut = [](const Scene& scene) {
    return std::count_if(scene.shapes.begin(), scene.shapes.end(), is_cut);
  };
  for (const Hit& hit : plain.hits) {
    if (hit.tip.empty() || hit.tip.find("\xe2\x80\xa6") != std::string::npos) continue;
    frame.view.pointer = {hit.box.middle_x(), hit.box.middle_y()};
    INFO(hit.tip);
    CHECK(cut(frame.scene(1280, 720)) == cut(plain));
  }
}

// What is shortened stands whole in the explanation of the thing it belongs to; of the history, as a
// sentence.
TEST_CASE("longer words that are cut are told whole in the explanation") {
  const SpeakPseudo speak;
  SampleFrame frame;
  frame.view.selected = GENERATE(Subject{}, batch_subject(16), request_subject(87), node_subject(3));
  frame.view.side = is_set(frame.view.selected) ? SideTab::kInspector : SideTab::kLesson;
  const Scene scene = frame.scene(1280, 720);
  for (const Shape& shape : scene.shapes) {
    if (!is_cut(shape)) continue;
    const std::string kept = shape.text.substr(0, shape.text.size() - 3);
    const bool told = std::any_of(scene.hits.begin(), scene.hits.end(), [&](const Hit& hit) {
      return hit.box.contains({shape.box.x + 1, shape.box.middle_y()}) &&
             (hit.part == "history" || hit.tip.find(kept) != std::string::npos);
    });
    if (!told) FAIL_CHECK(place(shape) << " is told nowhere in full");
  }
}

}  // namespace
}  // namespace sendscope::ui
