// What a reader predicts at the questions of the lesson.
#include <algorithm>

#include "ui/layout/texts.h"
#include "ui/workbench/predictions.h"
#include "ui/workbench/workbench.h"

namespace sendscope::ui {
namespace {

const run::Question& question_of(const Facts& facts, int step) {
  return *facts.lesson[static_cast<std::size_t>(step)].question;
}

void add_all(const std::map<BatchId, BatchModel>& batches, std::vector<Subject>& to) {
  for (const auto& [id, batch] : batches) to.push_back(batch_subject(id));
}

void add_in_flight(const std::map<RequestId, RequestModel>& requests, std::vector<Subject>& to) {
  for (const auto& [id, request] : requests) {
    if (request.in_flight) to.push_back(request_subject(id));
  }
}

// All things of a kind that could be pointed at now.
std::vector<Subject> things_of(const PipelineModel& model, SubjectKind kind) {
  std::vector<Subject> things;
  for (const ProducerModel& producer : model.producers) {
    if (kind == SubjectKind::kBatch) add_all(producer.batches, things);
    if (kind == SubjectKind::kRequest) add_in_flight(producer.requests, things);
  }
  if (kind == SubjectKind::kNode) {
    for (const auto& [id, broker] : model.brokers) things.push_back(node_subject(id));
  }
  const std::size_t count = kind == SubjectKind::kPartition ? model.partitions.size()
                            : kind == SubjectKind::kThread  ? model.threads.size()
                                                            : 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (kind == SubjectKind::kPartition || model.threads[i].named) things.push_back({kind, i});
  }
  return things;
}

}  // namespace

int Workbench::asked() const { return open_question(facts_, view_, cursor()); }

void Workbench::act_on_prediction(const Action& action) {
  const int step = asked();
  switch (action.verb) {
    case Verb::kPredict: return predict();
    case Verb::kAnswerNumber:
      if (view_.question) facts_.predictions[*view_.question].answer.number = action.value;
      break;
    case Verb::kCurvePoint:
      if (step >= 0) take_point(unpacked(action.value), facts_.predictions[step].answer);
      break;
    case Verb::kAnswer:
      if (step < 0) return;
      if (question_of(facts_, step).kind == run::QuestionKind::kNumber) return ask_for_number(step);
      take_option(question_of(facts_, step), static_cast<int>(action.value), facts_.predictions[step].answer);
      break;
    case Verb::kSureness: {
      if (step < 0) return;
      const int now = static_cast<int>(prediction_at(facts_, step).sure);
      const auto next = action.value < 0 ? (now + 1) % kSurenesses : static_cast<int>(action.value);
      facts_.predictions[step].sure = static_cast<Sureness>(next);
      break;
    }
    default: break;
  }
}

// One step of answering; where nothing is asked, on to the next question.
void Workbench::predict() {
  const int step = asked();
  if (step < 0) return go_to_question();
  const run::Question& question = question_of(facts_, step);
  if (question.kind == run::QuestionKind::kNumber) return ask_for_number(step);
  take_next(question, things_of(model(), question.thing), facts_.predictions[step].answer);
}

void Workbench::go_to_question() {
  const auto count = static_cast<int>(facts_.lesson.size());
  for (int step = due_lesson_step() + 1; step < count; ++step) {
    const LessonText& text = facts_.lesson[static_cast<std::size_t>(step)];
    if (text.question && text.due >= 0) return lesson_step(step);
  }
  facts_.news = said(Text::no_question);
}

void Workbench::ask_for_number(int step) {
  open_palette("");
  view_.question = step;
}

// The step that is read and whose question waits for its answer: there, what is clicked is one. -1: none.
int Workbench::read_question() const { return stands_at_step(facts_, view_, cursor()) ? asked() : -1; }

// What is clicked is the answer to the question that is put, where it asks for such a thing; else it is
// selected.
void Workbench::point_at(const Subject& subject) {
  const int step = read_question();
  if (step < 0 || question_of(facts_, step).kind != run::QuestionKind::kPoint ||
      question_of(facts_, step).thing != subject.kind)
    return select(subject);
  facts_.predictions[step].answer.thing = subject;
}

// Whether a place on the timeline is the answer to the question that is put.
bool Workbench::points_at_time(Nanos t) {
  const int step = read_question();
  if (step < 0 || !question_of(facts_, step).asks_for_time()) return false;
  facts_.predictions[step].answer.number = t;
  return true;
}

// Of the lesson as it was before; those whose question is another one now are forgotten.
void Workbench::keep_predictions(const std::vector<LessonText>& before) {
  const auto asks = [](const std::vector<LessonText>& lesson, int step) -> std::optional<std::string> {
    const auto index = static_cast<std::size_t>(step);
    if (index >= lesson.size() || !lesson[index].question) return std::nullopt;
    std::string all = lesson[index].question->words;
    for (const std::string& option : lesson[index].question->options) all += "\n" + option;
    return all;
  };
  std::erase_if(facts_.predictions, [&](const auto& made) {
    return asks(before, made.first) != asks(facts_.lesson, made.first);
  });
}

// The reader has been at all that is revealed up to the cursor.
void Workbench::see_truths() {
  for (auto& [step, prediction] : facts_.predictions) {
    const LessonText& reveals = facts_.lesson[static_cast<std::size_t>(step) + 1];
    if (reveals.due >= 0 && reveals.due_events <= cursor().events) prediction.seen = true;
  }
}

}  // namespace sendscope::ui
