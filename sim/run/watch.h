// Whoever looks at a run: it is shown every event of the one fold, and may act on what it sees. Expectations,
// faults with `when`, the steps of a lesson and the invariants are watches.
#pragma once

#include <cstdint>

#include "core/base/types.h"
#include "core/event/event.h"
#include "core/event/names.h"
#include "core/event/string_table.h"
#include "core/model/pipeline_model.h"

namespace sendscope::run {

// A run as it stands.
struct Moment {
  std::uint64_t events = 0;  // that have happened
  Nanos time = 0;
  const Event* event =
      nullptr;  // the last one, if it is what brings the moment about; null: time, or the end
  const PipelineModel& model;
  const NameSource& names;
  const StringTable& strings;  // the words that events speak in
};

class Watch {
 public:
  virtual ~Watch() = default;

  // After each event, in order. False: nothing that still comes can interest it, it is not shown more.
  virtual bool on_event(const Moment& moment) = 0;
  // When time alone would decide something for it; kForever: never, as things stand. Changes in on_event()
  // and on_deadline() only.
  virtual Nanos deadline() const { return kForever; }
  // All that was to happen up to deadline() has happened.
  virtual void on_deadline(const Moment&) {}
  // The run is over. cut_short: things were still to happen. After that, events may come once more.
  virtual void on_end(const Moment&, bool /*cut_short*/) {}
};

}  // namespace sendscope::run
