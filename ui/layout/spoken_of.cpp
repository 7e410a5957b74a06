#include "ui/layout/spoken_of.h"

#include <algorithm>

#include "core/model/named_subject.h"
#include "core/model/queries.h"

namespace sendscope::ui {
namespace {

void add(const Subject& subject, std::vector<Subject>& to) {
  if (is_set(subject) && std::find(to.begin(), to.end(), subject) == to.end()) to.push_back(subject);
}

// Where there is only one producer it has no place of its own: its threads stand for it.
void add_placed(const PipelineModel& model, const Subject& subject, std::vector<Subject>& to) {
  if (subject.kind != SubjectKind::kProducer || model.producers.size() > 1) return add(subject, to);
  for (std::size_t i = 0; i < model.threads.size(); ++i) {
    if (model.threads[i].named) add(thread_subject(static_cast<std::uint16_t>(i)), to);
  }
}

bool is_shown(const PipelineModel& model, const Subject& subject) {
  switch (subject.kind) {
    case SubjectKind::kNone: return false;
    case SubjectKind::kBatch: {
      const BatchModel* batch = model.batch(subject.id);
      return batch != nullptr && batch->in_incomplete_batches;
    }
    case SubjectKind::kRequest: {
      const RequestModel* request = model.request(subject.id);
      return request != nullptr && request->in_flight;
    }
    case SubjectKind::kRecord:
      return std::any_of(model.producers.begin(), model.producers.end(), [&](const ProducerModel& producer) {
        return !producer.callbacks.empty() && producer.callbacks.back().record == subject.id;
      });
    default: return true;
  }
}

// What the event speaks of, as far as the stage shows it.
void add_told(const PipelineModel& model, const Event& event, std::vector<Subject>& to) {
  for (int i = 0; i < kFieldCount; ++i) {
    const Subject subject = subject_of(event_field(event, i));
    if (is_shown(model, subject)) add(subject, to);
  }
}

}  // namespace

Subject find_named(const FrameInput& input, std::string_view name) {
  const PipelineModel& model = input.model;
  const Subject numbered = numbered_subject(name);
  if (is_set(numbered)) return numbered;
  for (std::size_t i = 0; i < model.producers.size(); ++i) {
    if (producer_name(model, input.words(), i) == name) return {SubjectKind::kProducer, i};
  }
  if (const auto thread = find_thread(model, input.words(), name)) return thread_subject(*thread);
  if (const auto partition = find_partition(model, input.words(), name)) return partition_subject(*partition);
  return {};
}

std::vector<Subject> named_by(const FrameInput& input, const LessonText& step) {
  std::vector<Subject> named;
  for (const std::string& name : step.names) add(find_named(input, name), named);
  return named;
}

std::vector<Subject> lit_by_step(const FrameInput& input) {
  if (!stands_at_step(input.facts, input.view, input.cursor)) return {};
  const auto step = static_cast<std::size_t>(due_step(input.facts, input.view, input.cursor));
  const LessonText& text = input.facts.lesson[step];
  std::vector<Subject> lit;
  for (const Subject& named : named_by(input, text)) add_placed(input.model, named, lit);
  if (!text.when.empty()) add_told(input.model, *input.last_event(), lit);
  return lit;
}

}  // namespace sendscope::ui
