// The frame of the sample run (sample_run.h) at any size.
#pragma once

#include <memory>

#include "core/model/history.h"
#include "tests/support/plain_measure.h"
#include "tests/support/sample_run.h"
#include "ui/layout/frame.h"

namespace sendscope::test {

struct SampleFrame {
  explicit SampleFrame(const SampleOptions& options = {}) {
    fill_sample_run(log, options);
    history = std::make_unique<History>(log);
    for (std::size_t i = 0; i < log.size(); ++i) tracks.apply(log[i]);
    axis = ui::TimeAxis::compressed(tracks.times, 5 * kNanosPerSecond);
    cursor = {log.size(), log.end_time()};
    facts.title = "Backpressure: who waits for memory?";
    facts.profile = "kafka-4.3";
    facts.seed = 43;
    facts.kind = "simulated";
    facts.can_submit = true;
    facts.menu = {{"One send()", "A record on its way", "first-send.json"},
                  {"Backpressure", "Memory", "bp.json"}};
    facts.lesson = {{"Begin", "A `send()` is called. **Nothing** waits.", 0, 1, {}},
                    {"Later", "Two threads wait.", -1, 0, {}}};
  }

  const PipelineModel& model() { return history->model_at(cursor.events); }

  ui::Scene scene(float width, float height) {
    if (view.selected.kind != SubjectKind::kNone) {
      events = std::make_unique<SubjectEvents>(log, view.selected);
      inspection = {events.get(), why(*history, *events, cursor.events, cursor.t), {}};
    }
    if (view.shown_page() == ui::SidePage::kSplit) {
      LatencyLedger ledger(log);
      ledger.go_to(cursor.events, log.size());
      inspection.split = ledger.of(0);
    }
    const ui::FrameInput input{model(), log,    tracks, axis,  history->travel(), inspection, facts,
                               view,    cursor, width,  height};
    return ui::build_frame(input, measure);
  }

  EventLog log;
  std::unique_ptr<History> history;
  ui::Tracks tracks;
  ui::TimeAxis axis;
  std::unique_ptr<SubjectEvents> events;
  ui::Inspection inspection;
  ui::Facts facts;
  ui::View view;
  ui::Cursor cursor;
  PlainMeasure measure;
};

}  // namespace sendscope::test
