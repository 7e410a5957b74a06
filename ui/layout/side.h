// The panel at the right: the inspector of what is selected, or the lesson.
#pragma once

#include <string>
#include <vector>

#include "ui/layout/stage.h"

namespace sendscope::ui {

// A value that a fact can become by a click.
struct FactChoice {
  std::string label, tip;
  Action click;
  bool chosen = false;
};

struct Fact {
  std::string name, value;
  std::string config;  // the configuration that governs it; may be empty
  Paint ink = kText;
  Subject subject;       // what a click selects
  bool prose = false;    // the value is words, not a number or a name
  Action click = {};     // what a click does instead of selecting or copying
  bool heading = false;  // the name heads those that follow
  std::vector<FactChoice> choices = {};
};

// What the inspector says of a subject at the cursor; empty when the model does not know it (any more).
struct SubjectFacts {
  std::string title, of;  // "batch #16", "orders-0"
  Paint of_ink = kSecondary;
  std::vector<Fact> facts;
};
SubjectFacts facts_of(const Frame& frame, const Subject& subject);

// A producer's metrics, by Kafka's names, those that its events tell; and its configuration in force.
void producer_facts(const Frame& frame, std::size_t producer, SubjectFacts& out);

void draw_inspector(const Frame& frame, Rect area);
void draw_split(const Frame& frame, Rect area);
void draw_limits(const Frame& frame, Rect area);
void draw_lesson(const Frame& frame, Rect area);
// What became of a question that is answered, in a few lines, and how high they are.
float outcome_height(const Frame& frame, float width, int step);
void draw_outcome(const Frame& frame, Rect area, int step);
// The card of a step's question, and how high it is.
float question_height(const Frame& frame, float width, int step);
void draw_question(const Frame& frame, Rect area, int step);

}  // namespace sendscope::ui
