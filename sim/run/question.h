// What a step of a lesson asks its reader, what is true of it in a run, and whether an answer is right.
//
// A question is put at one step and decided at the next one, which reveals it.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/event/expression.h"
#include "core/model/subject.h"
#include "sim/run/watch.h"

namespace sendscope::run {

enum class QuestionKind : std::uint8_t {
  kChoose,  // which of the options holds
  kOrder,   // the options by their values, the smallest first
  kPoint,   // which thing the revealing event speaks of
  kNumber,  // what an expression is worth; `time` itself: when the moment comes
  kCurve,   // how an expression goes until then
};

// A curve has a point at the end of each eighth of the time from the question to its answer. Heights are per
// cent of the top of the chart.
inline constexpr int kCurvePoints = 8;
inline constexpr int kCurveTop = 100;

struct Question {
  QuestionKind kind{};
  std::string words;
  std::vector<std::string> options;  // kChoose, kOrder
  std::vector<Expression>
      truths;           // one an option; of kNumber the only one; of kCurve what is drawn, and the top
  SubjectKind thing{};  // kPoint: the kind of thing to point at

  bool asks_for_time() const { return kind == QuestionKind::kNumber && truths.front().text() == "time"; }
  // Time has to pass until its answer.
  bool asks_for_span() const { return kind == QuestionKind::kCurve || asks_for_time(); }
};

// The answer that a run gives.
struct Truth {
  std::vector<int> options;  // kChoose: the one that holds; kOrder: all, in their order
  Subject thing;             // kPoint
  Value number;              // kNumber: an integer, a duration or a size
  std::vector<int> heights;  // kCurve
  Nanos asked_at = 0;
  std::string_view fault;  // for the author: why this run does not answer the question; empty: it does
};

// What a curve asks about, from the moment at which the question is put.
class CurveWatch {
 public:
  explicit CurveWatch(const Question& question) : question_(question) {}

  void see(const Moment& moment);
  // At each of the points until then; empty: the value, or the top, is unknown at one of them.
  std::vector<int> heights(Nanos until) const;

 private:
  static constexpr int kUnknown = -1;
  struct Turn {
    Nanos at = 0;
    int height = 0;
  };

  const Question& question_;
  std::vector<Turn> turns_;  // each holds until the next; never empty once something was seen
};

// At the revealing moment. The question was put at `asked_at`; `curve` has watched since, for kCurve.
Truth truth_of(const Question& question, const Moment& moment, Nanos asked_at,
               const CurveWatch* curve = nullptr);

// The answer that a reader gives.
struct ReaderAnswer {
  std::vector<int> options;  // kChoose: one; kOrder: as many as are put in order so far
  Subject thing;
  std::optional<std::int64_t> number;                         // nanoseconds, bytes, a count
  std::array<std::optional<int>, kCurvePoints> heights = {};  // kCurve
  bool operator==(const ReaderAnswer&) const = default;
};

// Whether nothing is missing from it.
bool is_complete(const Question& question, const ReaderAnswer& answer);

// A number is right within a fifth of the truth, a time within a fifth of how long the reader would have had
// to wait for it, a curve within a fifth of the chart's height on average. kUndecided: not answered, or not
// revealed, or without an answer in this run.
enum class Verdict : std::uint8_t { kUndecided, kRight, kWrong };
Verdict judge(const Question& question, const ReaderAnswer& answer, const std::optional<Truth>& truth);

}  // namespace sendscope::run
