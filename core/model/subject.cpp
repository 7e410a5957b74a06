#include "core/model/subject.h"

#include <algorithm>

#include "core/event/event_texts.h"
#include "core/event/narration.h"

namespace sendscope {
namespace {

bool has_field(const Event& event, Unit unit, std::uint64_t value) {
  for (int i = 0; i < kFieldCount; ++i) {
    const FieldView field = event_field(event, i);
    if (field.row.unit == unit && field.value == value) return true;
  }
  return false;
}

// The value of the field of this unit; `none` when the kind has no such field.
std::uint64_t field_of(const Event& event, Unit unit, std::uint64_t none) {
  for (int i = 0; i < kFieldCount; ++i) {
    const FieldView field = event_field(event, i);
    if (field.row.unit == unit) return field.value;
  }
  return none;
}

constexpr std::uint64_t kNone = ~std::uint64_t{0};

}  // namespace

std::string describe(const Subject& subject, const EventLog& log) {
  const auto words = [&](Unit unit) { return format_field(unit, subject.id, log.strings(), log.names()); };
  switch (subject.kind) {
    case SubjectKind::kNone: return std::string(say(EventText::nothing));
    case SubjectKind::kRecord: return say(EventText::record, words(Unit::kRecord));
    case SubjectKind::kBatch: return say(EventText::batch, words(Unit::kBatch));
    case SubjectKind::kRequest: return say(EventText::request, words(Unit::kRequest));
    case SubjectKind::kPartition: return words(Unit::kPartition);
    case SubjectKind::kNode: return words(Unit::kNode);
    case SubjectKind::kThread: return words(Unit::kThread);
    case SubjectKind::kProducer: return words(Unit::kProducer);
  }
  return {};
}

SubjectEvents::SubjectEvents(const EventLog& log, Subject subject) : log_(&log), subject_(subject) {
  if (subject_.kind == SubjectKind::kBatch) {
    batch_ = subject_.id;
    batches_.insert(batch_);
  }
  update();
}

void SubjectEvents::update() {
  for (; looked_ < log_->size(); ++looked_) {
    const Event& event = (*log_)[looked_];
    note_request(event, looked_);
    if (subject_.kind == SubjectKind::kRecord && event.kind == EventKind::record_appended &&
        event.subject == subject_.id) {
      batch_ = batch_beside(event.subject, event.a);
      batches_.insert(batch_);
      partition_ = event.place;
    }
    if (subject_.kind == SubjectKind::kBatch && event.kind == EventKind::batch_opened &&
        event.subject == batch_) {
      partition_ = event.place;
    }
    if (event.kind == EventKind::batch_child && batches_.contains(batch_beside(event.subject, event.a))) {
      batches_.insert(event.subject);
    }
    if (concerns(event)) events_.push_back(looked_);
  }
}

void SubjectEvents::note_request(const Event& event, std::size_t index) {
  if (event.kind == EventKind::request_sent) {
    last_request_ = event.subject;
    last_request_index_ = index;
  }
  if (event.kind != EventKind::request_batch || !batches_.contains(batch_beside(event.subject, event.a)))
    return;
  const RequestId request = event.subject;
  if (!requests_.insert(request).second || request != last_request_) return;
  const auto at = std::lower_bound(events_.begin(), events_.end(), last_request_index_);
  if (at == events_.end() || *at != last_request_index_) events_.insert(at, last_request_index_);
}

bool SubjectEvents::concerns_batch(const Event& event) const {
  const KindRow& row = kind_row(event.kind);
  if (row.subject.unit == Unit::kBatch && batches_.contains(event.subject)) return true;
  if (row.a.unit == Unit::kBatch && batches_.contains(batch_beside(event.subject, event.a)) &&
      event.kind != EventKind::record_appended && event.kind != EventKind::request_batch) {
    return true;
  }
  if (row.subject.unit != Unit::kRequest || !requests_.contains(event.subject)) return false;
  // Of a request that carries several batches, only what concerns this one's partition.
  return row.place.unit != Unit::kPartition || event.place == partition_;
}

bool SubjectEvents::concerns(const Event& event) const {
  switch (subject_.kind) {
    case SubjectKind::kNone: return false;
    case SubjectKind::kRecord:
      return has_field(event, Unit::kRecord, subject_.id) || (!batches_.empty() && concerns_batch(event));
    case SubjectKind::kBatch: return concerns_batch(event) || has_field(event, Unit::kBatch, subject_.id);
    case SubjectKind::kRequest: return has_field(event, Unit::kRequest, subject_.id);
    case SubjectKind::kPartition: return field_of(event, Unit::kPartition, kNone) == subject_.id;
    case SubjectKind::kNode:
      return has_field(event, Unit::kNode, subject_.id) || has_field(event, Unit::kActorNode, subject_.id);
    case SubjectKind::kThread: return field_of(event, Unit::kThread, kNone) == subject_.id;
    case SubjectKind::kProducer: return field_of(event, Unit::kProducer, kNone) == subject_.id;
  }
  return false;
}

std::size_t SubjectEvents::next(std::size_t n) const {
  const auto at = std::lower_bound(events_.begin(), events_.end(), n);
  return at == events_.end() ? log_->size() : *at;
}

std::size_t SubjectEvents::previous(std::size_t n) const {
  const auto at = std::lower_bound(events_.begin(), events_.end(), n);
  return at == events_.begin() ? log_->size() : *(at - 1);
}

}  // namespace sendscope
