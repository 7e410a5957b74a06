// What a reader predicts at the questions of a lesson, and what may be told before they are answered.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/run/question.h"
#include "ui/layout/geometry.h"

namespace sendscope::ui {

struct Facts;
struct Cursor;

enum class Sureness : std::uint8_t { kLow, kMedium, kHigh };
inline constexpr int kSurenesses = 3;

struct Prediction {
  run::ReaderAnswer answer;
  Sureness sure = Sureness::kMedium;
  bool seen = false;  // the reader has been at the step that reveals the truth
};
using PredictionMap = std::map<int, Prediction>;  // by the step that asks

// What is predicted at a step; nothing yet: an empty prediction.
const Prediction& prediction_at(const Facts& facts, int step);

// Whether the truth about the question of a step may be told: the cursor is where it is revealed, or the
// reader has answered and has been there.
bool is_revealed(const Facts& facts, const Cursor& cursor, int step);
// The last step that may be told: the first one whose question is open; else the last of the lesson.
int last_told(const Facts& facts, const Cursor& cursor);

run::Verdict verdict_at(const Facts& facts, int step);

// How many questions that were answered are revealed, and how many of them were answered right.
struct Score {
  int answered = 0, right = 0;
};
Score score_of(const Facts& facts, const Cursor& cursor);

// A point of a curve that is drawn as an answer.
struct CurvePoint {
  int index = 0;   // from 0
  int height = 0;  // per cent of the chart
};
inline std::int64_t packed(CurvePoint point) { return point.height * run::kCurvePoints + point.index; }
inline CurvePoint unpacked(std::int64_t value) {
  return {static_cast<int>(value % run::kCurvePoints), static_cast<int>(value / run::kCurvePoints)};
}
inline constexpr int kHeightKeys = 8;  // eighths of the chart's height by a key: 1 the bottom, 9 the top
// Where the chart has it.
Point place_on(const Rect& chart, CurvePoint point);
// Those that a stroke of the pointer passes, or the one that is nearest to its end.
std::vector<CurvePoint> drawn_points(const Rect& chart, Point from, Point to);

// The number that a person types as an answer; a plain one is milliseconds where a time is asked for, bytes
// where a size is.
std::optional<std::int64_t> typed_number(const run::Question& question, std::string_view typed);
// "5 ms", "16 KiB", "12".
std::string number_text(const run::Question& question, std::int64_t number);

// How one may be typed: "5 ms".
std::string number_form(const run::Question& question);

}  // namespace sendscope::ui
