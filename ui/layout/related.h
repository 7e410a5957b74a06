// What belongs to the selected thing, or to what a step of the lesson speaks of: everything else steps back.
#pragma once

#include <set>
#include <vector>

#include "core/model/pipeline_model.h"
#include "ui/layout/action.h"

namespace sendscope::ui {

inline constexpr float kDimmed = 0.25f, kInShadow = 0.1f;

class Related {
 public:
  Related() = default;
  // The whole path of the subject at this moment: from threads over batches and requests to nodes.
  Related(const PipelineModel& model, const Subject& selected);

  // These things, and the batches and requests in them; where single ones of those are named, only those.
  Related(const PipelineModel& model, const std::vector<Subject>& lit);

  const Subject& selected() const { return selected_; }
  bool is_selected(const Subject& subject) const { return is_set(selected_) && subject == selected_; }
  // The selected thing, or one that the step speaks of; not what merely belongs to it.
  bool is_meant(const Subject& subject) const;
  // What has nothing to do with it steps back so far.
  void step_back(float opacity) { dimmed_ = opacity; }
  // 1, or that when it has nothing to do with what is selected or lit.
  float opacity(const Subject& subject) const;

 private:
  void add_held(const PipelineModel& model, const Subject& subject);
  void add_batch(const PipelineModel& model, BatchId id);
  void add_request(const PipelineModel& model, RequestId id);
  void add_partition(const PipelineModel& model, PartitionIndex partition);
  void add_node(const PipelineModel& model, NodeId node);
  void add_thread(const PipelineModel& model, std::uint16_t thread);
  void add_record(const PipelineModel& model, RecordId record);
  void add(const Subject& subject) { members_.insert({subject.kind, subject.id}); }

  float dimmed_ = kDimmed;
  Subject selected_;
  std::vector<Subject> lit_;
  std::set<std::pair<SubjectKind, std::uint64_t>> members_;
};

}  // namespace sendscope::ui
