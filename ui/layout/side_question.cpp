// The card of a question: what is asked, the reader's answer, and beside it the truth once it is revealed.
#include <algorithm>
#include <cmath>

#include "ui/layout/commands.h"
#include "ui/layout/rich_text.h"
#include "ui/layout/side.h"
#include "ui/layout/texts.h"

namespace sendscope::ui {
namespace {

constexpr float kAskLine = 17, kPad = 12, kOptionGap = 6, kMarkWidth = 22, kPill = 22;

// A card being drawn from top to bottom.
struct Card {
  const Frame& frame;
  const LessonText& text;
  const Prediction& prediction;
  int step;
  bool revealed;
  Rect area;  // what is left of it

  const run::Question& question() const { return *text.question; }
  const std::vector<int>& taken() const { return prediction.answer.options; }
  // The truth, where it may be told and this run has one.
  const run::Truth* truth() const {
    return revealed && text.truth && text.truth->fault.empty() ? &*text.truth : nullptr;
  }
};

// Returns the height that the lines took.
float draw_lines(const Frame& frame, Rect area, std::string_view text, bool quiet = false) {
  float bottom = 0;
  for (const RichRun& run : layout_rich_text(frame.canvas.measure, text, area.w)) {
    const float y = static_cast<float>(run.line) * kAskLine;
    frame.scene().text_raw({area.x + run.x, area.y + y, run.width, kAskLine}, run.font,
                           quiet ? kSecondary : run.paint, run.text);
    bottom = y + kAskLine;
  }
  return bottom;
}

// Where an option stands in an order, from 1; 0: nowhere.
int place_in(const std::vector<int>& options, int option) {
  const auto found = std::find(options.begin(), options.end(), option);
  return found == options.end() ? 0 : static_cast<int>(found - options.begin()) + 1;
}

// The mark before an option: a circle, or its place in the reader's order.
void draw_mark(const Card& card, Rect box, int option) {
  Scene& scene = card.frame.scene();
  const int place = place_in(card.taken(), option);
  const Paint ink = place > 0 ? Paint{Tone::kAccent} : kSecondary;
  if (card.question().kind == run::QuestionKind::kChoose) {
    scene.stroke({box.x + 1, box.middle_y() - 6, 12, 12}, ink, 6, 1.5f);
    if (place > 0) scene.disc({box.x + 7, box.middle_y()}, 3, ink);
    return;
  }
  const Rect square{box.x, box.middle_y() - 8, 16, 16};
  scene.stroke(square, ink, kThingRadius);
  if (place > 0) card.frame.canvas.text(square, Font::kMonoSmall, ink, std::to_string(place), Align::kCentre);
}

struct OptionTruth {
  std::string words;
  Paint paint;
};

// What is true of an option, and whether the reader said so.
OptionTruth truth_of_option(const Card& card, int option) {
  const run::Truth* truth = card.truth();
  if (truth == nullptr) return {};
  const int place = place_in(truth->options, option), said_place = place_in(card.taken(), option);
  const bool right = place == said_place;
  const std::string mark = right ? "\xe2\x9c\x93 " : "\xe2\x9c\x97 ";
  if (card.question().kind == run::QuestionKind::kOrder) {
    const bool answered = said_place > 0;
    return {(answered ? mark : "") + say(Text::truly_place, std::to_string(place)),
            answered && !right ? Paint{Tone::kTrouble} : Paint{Tone::kOk}};
  }
  if (place > 0) return {"\xe2\x9c\x93 " + said(Text::is_true), {Tone::kOk}};
  if (said_place > 0) return {"\xe2\x9c\x97 " + said(Text::your_answer), {Tone::kTrouble}};
  return {};
}

void draw_option(Card& card, int option) {
  const Frame& frame = card.frame;
  const OptionTruth truth = truth_of_option(card, option);
  const float right = truth.words.empty() ? 0 : std::ceil(frame.canvas.width(Font::kLabel, truth.words)) + 9;
  const Rect words{card.area.x + kMarkWidth, card.area.y, card.area.w - kMarkWidth - right, kAskLine};
  const bool mine = place_in(card.taken(), option) > 0;
  const float height = draw_lines(frame, words, card.question().options[static_cast<std::size_t>(option)],
                                  card.revealed && !mine);
  const Rect row{card.area.x, card.area.y, card.area.w, height};
  draw_mark(card, {row.x, row.y, kMarkWidth, kAskLine}, option);
  if (right > 0)
    frame.canvas.text({row.x, row.y, row.w, kAskLine}, Font::kLabel, truth.paint, truth.words, Align::kRight);
  if (!card.revealed) {
    frame.scene().hit(row, {}, "question.option",
                      plain_words(card.question().options[static_cast<std::size_t>(option)]) + "\n" +
                          say(Text::key_is, std::to_string(option + 1)),
                      act(Verb::kAnswer, option));
  }
  card.area.cut_top(height + kOptionGap);
}

// Name and value of a row.
void draw_pair(Card& card, Text name, std::string_view value, Paint paint) {
  const Rect row = card.area.cut_top(20);
  const float took = card.frame.canvas.text(row, Font::kSmall, kSecondary, say(name));
  card.frame.canvas.text({row.x + took + 8, row.y, row.w - took - 8, row.h}, Font::kMono, paint, value,
                         Align::kRight);
}

Paint paint_of(run::Verdict verdict) {
  return verdict == run::Verdict::kRight   ? Paint{Tone::kOk}
         : verdict == run::Verdict::kWrong ? Paint{Tone::kTrouble}
                                           : kText;
}

// The reader's answer in words; empty: none yet.
std::string answer_words(const Card& card) {
  const run::ReaderAnswer& answer = card.prediction.answer;
  if (card.question().kind == run::QuestionKind::kPoint)
    return is_set(answer.thing) ? describe(answer.thing, card.frame.in.log) : "";
  return answer.number ? number_text(card.question(), *answer.number) : "";
}

std::string truth_words(const Frame& frame, const run::Question& question, const run::Truth& truth) {
  if (question.kind == run::QuestionKind::kPoint) return describe(truth.thing, frame.in.log);
  if (question.kind == run::QuestionKind::kNumber) return number_text(question, truth.number.number);
  std::string words;
  for (const int height : truth.heights) words += (words.empty() ? "" : ", ") + std::to_string(height) + " %";
  for (const int option : truth.options)
    words += (words.empty() ? "" : ", ") + question.options[static_cast<std::size_t>(option)];
  return words;
}

// How a thing is pointed at, a number or a time said.
Text how_to_answer(const run::Question& question) {
  if (question.kind == run::QuestionKind::kPoint) return Text::point_at_it;
  return question.asks_for_time() ? Text::type_time : Text::type_number;
}

// A thing or a number: what the reader said, and what was true.
void draw_single(Card& card) {
  const Frame& frame = card.frame;
  const std::string mine = answer_words(card);
  const run::Truth* truth = card.truth();
  if (!mine.empty() || card.revealed) {
    const run::Verdict verdict =
        card.revealed ? verdict_at(frame.in.facts, card.step) : run::Verdict::kUndecided;
    draw_pair(card, Text::your_answer, mine.empty() ? say(Text::no_answer) : std::string_view(mine),
              paint_of(verdict));
  }
  if (truth != nullptr) {
    draw_pair(card, Text::is_true, truth_words(frame, card.question(), *truth), {Tone::kOk});
  }
  if (card.revealed) return;
  const float top = card.area.y;
  card.area.cut_top(draw_lines(frame, card.area, say(how_to_answer(card.question())), true));
  if (card.question().kind == run::QuestionKind::kNumber) {
    frame.scene().hit({card.area.x, top, card.area.w, card.area.y - top}, {}, "question.type",
                      command_tip(Verb::kPredict), act(Verb::kPredict));
  }
  card.area.cut_top(kOptionGap);
}

void draw_points(const Frame& frame, const Rect& chart, const std::vector<CurvePoint>& points, Tone tone) {
  std::vector<Point> line;
  for (const CurvePoint& point : points) line.push_back(place_on(chart, point));
  frame.scene().polyline(line, {tone}, 2);
  for (const Point& place : line) frame.scene().disc(place, 3, {tone});
}

// What the reader has drawn, and what was true.
void draw_curves(const Card& card, const Rect& chart) {
  std::vector<CurvePoint> mine, truth;
  for (int i = 0; i < run::kCurvePoints; ++i) {
    const auto index = static_cast<std::size_t>(i);
    if (const auto& height = card.prediction.answer.heights[index]) mine.push_back({i, *height});
    if (card.truth() != nullptr) truth.push_back({i, card.truth()->heights[index]});
  }
  draw_points(card.frame, chart, truth, Tone::kOk);
  draw_points(card.frame, chart, mine, Tone::kAccent);
}

// A word behind the colour of its line.
void draw_legend(const Frame& frame, Rect& row, Text words, Tone tone) {
  frame.scene().disc({row.x + 8, row.middle_y()}, 3, {tone});
  row.cut_left(16);
  row.cut_left(frame.canvas.text(row, Font::kSmall, kSecondary, say(words)) + 12);
}

// A chart from now to the next step.
void draw_chart(Card& card) {
  constexpr float kChart = 84, kAxis = 16;
  const Frame& frame = card.frame;
  const run::Question& asked = card.question();
  card.area.cut_top(
      draw_lines(frame, card.area, say(Text::curve_value, asked.truths[0].text(), asked.truths[1].text())));
  card.area.cut_top(6);
  const Rect chart = Rect(card.area.cut_top(kChart)).inset(5, 4);
  frame.scene().fill(chart, {Tone::kBackground});
  for (int i = 0; i < run::kCurvePoints; ++i) {
    const float x = place_on(chart, {i, 0}).x;
    frame.scene().line({x, chart.y}, {x, chart.bottom()}, {Tone::kLine, 0.5f});
  }
  frame.scene().stroke(chart, {Tone::kLine});
  draw_curves(card, chart);
  const Rect axis = card.area.cut_top(kAxis);
  frame.canvas.text(axis, Font::kLabel, kSecondary, say(Text::curve_from));
  frame.canvas.text(axis, Font::kLabel, kSecondary, say(Text::curve_to), Align::kRight);
  if (card.truth() != nullptr) {
    Rect legend = card.area.cut_top(kAskLine);
    draw_legend(frame, legend, Text::your_answer, Tone::kAccent);
    draw_legend(frame, legend, Text::is_true, Tone::kOk);
  }
  if (!card.revealed) {
    frame.scene().hit(chart, {}, "question.chart", said(Text::draw_curve), act(Verb::kCurveGrab));
    card.area.cut_top(draw_lines(frame, card.area, say(Text::draw_curve), true));
  }
  card.area.cut_top(kOptionGap);
}

// "sure?  low  medium  high"
void draw_sureness(Card& card) {
  constexpr Text kWords[] = {Text::sure_low, Text::sure_medium, Text::sure_high};
  const Frame& frame = card.frame;
  Rect row = card.area.cut_top(kPill);
  row.cut_left(frame.canvas.text(row, Font::kSmall, kSecondary, say(Text::how_sure)) + 10);
  for (int i = 0; i < kSurenesses; ++i) {
    const bool chosen = static_cast<int>(card.prediction.sure) == i;
    const Rect box{row.x, row.y, std::ceil(frame.canvas.width(Font::kSmall, say(kWords[i]))) + 17, row.h};
    frame.scene().fill(box, {Tone::kAccent, chosen ? 0.3f : 0.0f}, row.h / 2);
    frame.scene().stroke(box, {chosen ? Tone::kAccent : Tone::kLine}, row.h / 2);
    frame.canvas.text(box, Font::kSmall, chosen ? kText : kSecondary, say(kWords[i]), Align::kCentre);
    frame.scene().hit(box, {}, "question.sure", command_tip(Verb::kSureness), act(Verb::kSureness, i));
    row.cut_left(box.w + 6);
  }
}

// "Right. You were: high"
void draw_verdict(Card& card) {
  constexpr Text kSure[] = {Text::sure_low, Text::sure_medium, Text::sure_high};
  const run::Verdict verdict = verdict_at(card.frame.in.facts, card.step);
  const Rect row = card.area.cut_top(kAskLine);
  if (card.truth() == nullptr) {
    card.frame.canvas.text(row, Font::kSmall, {Tone::kWaiting}, say(Text::run_does_not_tell));
    return;
  }
  if (verdict == run::Verdict::kUndecided) {
    card.frame.canvas.text(row, Font::kSmall, kSecondary, say(Text::no_answer));
    return;
  }
  const bool right = verdict == run::Verdict::kRight;
  const float took = card.frame.canvas.text(row, Font::kBodyStrong, paint_of(verdict),
                                            (right ? "\xe2\x9c\x93 " : "\xe2\x9c\x97 ") +
                                                said(right ? Text::answered_right : Text::answered_wrong));
  card.frame.canvas.text({row.x + took + 8, row.y, row.w - took - 8, row.h}, Font::kLabel, kSecondary,
                         say(Text::was_sure, say(kSure[static_cast<int>(card.prediction.sure)])),
                         Align::kRight);
}

void draw_answer(Card& card) {
  const auto options = static_cast<int>(card.question().options.size());
  for (int option = 0; option < options; ++option) draw_option(card, option);
  if (card.question().kind == run::QuestionKind::kCurve) {
    draw_chart(card);
  } else if (options == 0) {
    draw_single(card);
  }
}

// How many numerals are answers; 0: none.
std::size_t numerals_of(const run::Question& question) {
  return question.kind == run::QuestionKind::kCurve ? kHeightKeys + 1 : question.options.size();
}

// Everything inside the card; returns where it ends.
float draw_inside(Card card) {
  const Frame& frame = card.frame;
  const std::size_t numerals = numerals_of(card.question());
  const std::string keys = numerals == 0 ? say(Text::key_is, key_name(Verb::kPredict))
                                         : say(Text::keys_to, std::to_string(numerals));
  const Rect head = card.area.cut_top(kAskLine);
  const float took = frame.canvas.text(head, Font::kBodyStrong, {Tone::kAccent}, say(Text::predict));
  if (!card.revealed) {
    frame.canvas.text({head.x + took + 8, head.y, head.w - took - 8, head.h}, Font::kLabel, kSecondary, keys,
                      Align::kRight);
  }
  card.area.cut_top(4);
  card.area.cut_top(draw_lines(frame, card.area, "**" + card.question().words + "**") + 6);
  draw_answer(card);
  card.area.cut_top(2);
  if (card.revealed) {
    draw_verdict(card);
  } else {
    draw_sureness(card);
  }
  return card.area.y;
}

Card card_of(const Frame& frame, Rect area, int step) {
  return {frame, frame.in.facts.lesson[static_cast<std::size_t>(step)], prediction_at(frame.in.facts, step),
          step,  is_revealed(frame.in.facts, frame.in.cursor, step),    area.inset(kPad, kPad - 2)};
}

// The lines of an outcome; returns where they end.
float draw_lines_of_outcome(Card card, Rect area) {
  card.area = area;
  draw_verdict(card);
  if (const run::Truth* truth = card.truth())
    card.area.cut_top(
        draw_lines(card.frame, card.area,
                   said(Text::is_true) + ": " + truth_words(card.frame, card.question(), *truth), true));
  return card.area.y;
}

// The height that `draw(frame, area)` says it takes; nothing of it is seen.
template <typename Draw>
float height_of(const Frame& frame, float width, Draw draw) {
  Scene aside;
  const Frame measuring{frame.in, frame.at, frame.related, Canvas{aside, frame.canvas.measure}};
  return draw(measuring, Rect{0, 0, width, 10'000});
}

}  // namespace

float outcome_height(const Frame& frame, float width, int step) {
  return height_of(frame, width, [&](const Frame& aside, const Rect& area) {
    return draw_lines_of_outcome(card_of(aside, area, step), area);
  });
}

void draw_outcome(const Frame& frame, Rect area, int step) {
  draw_lines_of_outcome(card_of(frame, area, step), area);
}

float question_height(const Frame& frame, float width, int step) {
  return height_of(
             frame, width,
             [&](const Frame& aside, const Rect& area) { return draw_inside(card_of(aside, area, step)); }) +
         kPad - 2;
}

void draw_question(const Frame& frame, Rect area, int step) {
  Scene& scene = frame.scene();
  const bool open = !is_revealed(frame.in.facts, frame.in.cursor, step);
  scene.fill(area, {Tone::kRaised}, kCardRadius);
  scene.stroke(area, {open ? Tone::kAccent : Tone::kLine}, kCardRadius, open ? 1.5f : 1);
  scene.clip(area);
  draw_inside(card_of(frame, area, step));
  scene.unclip();
}

}  // namespace sendscope::ui
