#include "ui/layout/story.h"

#include <algorithm>

#include "core/event/narration.h"
#include "ui/layout/spoken_of.h"

namespace sendscope::ui {
namespace {

using Producers = std::vector<std::size_t>;

void add(Producers& to, std::size_t producer) {
  if (std::find(to.begin(), to.end(), producer) == to.end()) to.push_back(producer);
}

void add_thread(const PipelineModel& model, std::uint64_t thread, Producers& to) {
  if (thread < model.threads.size() && model.threads[thread].named) add(to, model.threads[thread].producer);
}

// Who has sent, or is to send, records to the partition.
void add_users(const PipelineModel& model, PartitionIndex partition, Producers& to) {
  for (std::size_t i = 0; i < model.producers.size(); ++i) {
    const ProducerPartition* its = model.producer_partition(i, partition);
    if (its != nullptr && (its->appended > 0 || !its->deque.empty())) add(to, i);
  }
}

Producers producers_of(const PipelineModel& model, const Subject& subject) {
  Producers out;
  switch (subject.kind) {
    case SubjectKind::kBatch:
    case SubjectKind::kRequest: add(out, producer_of_id(subject.id)); break;
    case SubjectKind::kRecord: add(out, producer_of_id(subject.id)); break;
    case SubjectKind::kThread: add_thread(model, subject.id, out); break;
    case SubjectKind::kPartition: add_users(model, static_cast<PartitionIndex>(subject.id), out); break;
    case SubjectKind::kProducer: add(out, static_cast<std::size_t>(subject.id)); break;
    case SubjectKind::kNode:
    case SubjectKind::kNone: break;
  }
  std::erase_if(out, [&](std::size_t producer) { return producer >= model.producers.size(); });
  return out;
}

std::optional<std::size_t> last_told(const FrameInput& input, std::size_t events) {
  for (std::size_t n = std::min(events, input.log.size()); n > 0; --n) {
    const auto producer = producer_of(input.model, input.log[n - 1]);
    if (producer) return producer;
  }
  return std::nullopt;
}

std::size_t pick(const Producers& from, std::size_t preferred) {
  return std::find(from.begin(), from.end(), preferred) != from.end() ? preferred : from.front();
}

}  // namespace

std::optional<std::size_t> producer_of(const PipelineModel& model, const Event& event) {
  for (int i = 0; i < kFieldCount; ++i) {
    const FieldView field = event_field(event, i);
    Producers found;
    switch (field.row.unit) {
      case Unit::kProducer: add(found, static_cast<std::size_t>(field.value)); break;
      case Unit::kThread: add_thread(model, field.value, found); break;
      case Unit::kBatch:
      case Unit::kRequest: add(found, producer_of_id(field.value)); break;
      case Unit::kRecord: add(found, producer_of_id(field.value)); break;
      default: break;
    }
    if (!found.empty() && found.front() < model.producers.size()) return found.front();
  }
  return std::nullopt;
}

Story story_at(const FrameInput& input) {
  Story story;
  const PipelineModel& model = input.model;
  if (model.producers.size() < 2) return story;
  if (const auto told = last_told(input, input.cursor.events)) {
    story.by = Story::By::kEvent;
    story.producer = *told;
  }
  const int step = due_step(input.facts, input.view, input.cursor);
  if (step >= 0) {
    const LessonText& text = input.facts.lesson[static_cast<std::size_t>(step)];
    Producers named;
    for (const Subject& thing : named_by(input, text)) {
      for (const std::size_t producer : producers_of(model, thing)) add(named, producer);
    }
    const std::size_t reached_by = last_told(input, text.due_events).value_or(story.producer);
    if (!named.empty()) story = {Story::By::kStep, pick(named, reached_by), {}, step};
  }
  const Subject& selected = input.view.selected;
  const Producers of = producers_of(model, selected);
  if (!of.empty()) story = {Story::By::kSelection, pick(of, story.producer), selected, -1};
  return story;
}

}  // namespace sendscope::ui
