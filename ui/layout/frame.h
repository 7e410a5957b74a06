// The whole window as a scene: a pure function of the model at the cursor and of what a person chose to see.
#pragma once

#include "core/event/event_log.h"
#include "core/model/latency_split.h"
#include "core/model/pipeline_model.h"
#include "core/model/subject.h"
#include "core/model/travel.h"
#include "core/model/why.h"
#include "ui/layout/related.h"
#include "ui/layout/scene.h"
#include "ui/layout/tracks.h"
#include "ui/layout/view.h"

namespace sendscope::ui {

// What the selected thing has lived through; made when the selection or the cursor changes.
struct Inspection {
  const SubjectEvents* events = nullptr;
  WaitReport why;
  std::optional<LatencySplit> split;  // of a producer, or of what a node acked for it, where that is shown
  bool split_whole = true;            // all events before the cursor are counted in it
};

struct FrameInput {
  const PipelineModel& model;  // after cursor.events events
  const EventLog& log;
  const Tracks& tracks;
  const TimeAxis& axis;
  const TravelTimes& travel;
  const Inspection& inspection;
  const Facts& facts;
  const View& view;
  Cursor cursor;
  float width = 1280, height = 720;  // of the window, logical pixels

  const StringTable& words() const { return log.strings(); }
  // The event that happened last; nullptr before the first.
  const Event* last_event() const { return cursor.events > 0 ? &log[cursor.events - 1] : nullptr; }
};

// Where the parts of the window lie. Empty: there is no room for it.
struct Regions {
  Rect top, transport, stage, structures, callbacks, timeline, bottom, side;
  Rect tabs;  // of the producers, over the stage; empty where there is only one
  Rect threads, pool, partitions, in_flight, wire, brokers;  // columns of the stage, their headings included
  bool side_floats = false;  // the side panel lies over the rest, because the window is narrow
};
struct RegionWishes {
  bool side = false;         // a narrow window shows the side panel only when it is wanted
  bool bottom_list = false;  // the bottom panel holds a list
  bool tabs = false;         // there are several producers
  bool presenting = false;   // only what an audience needs
};
RegionWishes wishes_of(const View& view);
Regions make_regions(float width, float height, RegionWishes wishes);
Regions make_regions(const FrameInput& input);

// What every part of the frame draws with.
struct Frame {
  const FrameInput& in;
  Regions at;
  Related related;
  Canvas canvas;
  std::size_t shown = 0;  // the producer that pool, partitions and in-flight queues are shown of

  Scene& scene() const { return canvas.scene; }
  const PipelineModel& model() const { return in.model; }
  Nanos now() const { return in.cursor.t; }
  // nullptr before there is one.
  const ProducerModel* producer() const { return in.model.producer(shown); }
  std::size_t producer_index() const { return shown; }
  bool several_producers() const { return in.model.producers.size() > 1; }
  // Several producers share the stage.
  bool side_by_side() const { return in.view.side_by_side && several_producers(); }
};

// The scene lies on a ground of Tone::kBackground, which it does not paint.
Scene build_frame(const FrameInput& input, const TextMeasure& measure);

// What the narration says after so many events: the last of them, or that the run is set up. Empty: nothing
// yet.
std::string sentence_at(const EventLog& log, std::size_t events);

// The part of the timeline region in which x is time, for seeking by dragging.
Rect timeline_plot(const Regions& regions);
// The time at a place of the timeline, and back.
Nanos timeline_time(const Rect& plot, const TimeAxis& axis, const View& view, float x);
float timeline_x(const Rect& plot, const TimeAxis& axis, const View& view, Nanos t);
// The slider of the speed: logarithmic from 0.001x to 100x, its right end is "max".
Rect speed_slider(const Regions& regions);
double slider_speed(const Rect& slider, float x);
float speed_place(double speed);  // 0..1

// The parts, drawn in this order.
void draw_top_bar(const Frame& frame);
void draw_transport(const Frame& frame);
void draw_producer_tabs(const Frame& frame);
void draw_stage(const Frame& frame);
void draw_stage_guess(const Frame& frame);
void draw_structures(const Frame& frame);
void draw_callbacks(const Frame& frame);
void draw_timeline(const Frame& frame);
void draw_bottom(const Frame& frame);
void draw_side(const Frame& frame);
void draw_overlays(const Frame& frame);

}  // namespace sendscope::ui
