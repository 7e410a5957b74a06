// What a step of a lesson asks its reader, what is true of it in a run, and whether an answer is right.
//
// A question is put at one step and decided at the next one, which reveals it.
#pragma once

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
};

struct Question {
  QuestionKind kind{};
  std::string words;
  std::vector<std::string> options;  // kChoose, kOrder
  std::vector<Expression> truths;    // one an option; of kNumber the only one
  SubjectKind thing{};               // kPoint: the kind of thing to point at

  bool asks_for_time() const { return kind == QuestionKind::kNumber && truths.front().text() == "time"; }
};

// The answer that a run gives.
struct Truth {
  std::vector<int> options;  // kChoose: the one that holds; kOrder: all, in their order
  Subject thing;             // kPoint
  Value number;              // kNumber: an integer, a duration or a size
  Nanos asked_at = 0;
  std::string_view fault;  // for the author: why this run does not answer the question; empty: it does
};

// At the revealing moment. The question was put at `asked_at`.
Truth truth_of(const Question& question, const Moment& moment, Nanos asked_at);

// The answer that a reader gives.
struct ReaderAnswer {
  std::vector<int> options;  // kChoose: one; kOrder: as many as are put in order so far
  Subject thing;
  std::optional<std::int64_t> number;  // nanoseconds, bytes, a count
  bool operator==(const ReaderAnswer&) const = default;
};

// Whether nothing is missing from it.
bool is_complete(const Question& question, const ReaderAnswer& answer);

// A number is right within a fifth of the truth, a time within a fifth of how long the reader would have had
// to wait for it. kUndecided: not answered, or not revealed, or without an answer in this run.
enum class Verdict : std::uint8_t { kUndecided, kRight, kWrong };
Verdict judge(const Question& question, const ReaderAnswer& answer, const std::optional<Truth>& truth);

}  // namespace sendscope::run
