// Where events come from: a simulated run, a live run or a recorded trace, behind one interface.
//
// Whoever shows a session drives it from one thread: advance() does some work and appends what happened to
// the log, and history() is the one fold of it. Orders go the other way; a session that takes one records it.
//
// Thread-safety: one thread, the one that draws. A session with threads of its own hides them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/types.h"
#include "core/event/event_log.h"
#include "core/model/history.h"
#include "sim/run/hand_work.h"
#include "sim/run/lesson.h"
#include "sim/run/look_ahead.h"
#include "sim/scenario_settings.h"

namespace sendscope::run {

enum class SessionKind : std::uint8_t { kSimulated, kLive, kTrace };

struct SessionInfo {
  SessionKind kind = SessionKind::kSimulated;
  std::string title;                   // "Backpressure: who waits for memory?"
  std::string summary;                 // one sentence; may be empty
  std::string source;                  // path of the scenario or trace, bootstrap addresses of a live run
  std::string profile;                 // "kafka-4.3"
  std::string warning;                 // what is not whole about the recording, in a sentence; empty: nothing
  std::optional<std::uint64_t> seed;   // none: real brokers, where no seed brings the run back
  std::vector<std::string> files;      // that a simulated run was read from
  std::vector<std::string> producers;  // their names in the scenario, by their index; of a simulated run
};

class Session {
 public:
  Session() = default;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  virtual ~Session() = default;

  virtual const SessionInfo& info() const = 0;
  // Empty: no lesson.
  virtual std::span<const LessonStep> lesson() const { return {}; }

  // All that has happened so far. The references stay good until generation() changes.
  virtual const EventLog& log() const = 0;
  virtual History& history() = 0;

  // Grows whenever events that were told already are taken back (an order given in the past): whoever caches
  // anything folded from the log starts again.
  virtual std::uint64_t generation() const = 0;

  // Works while there is time, and a little in any case, and appends to the log. Returns whether the log has
  // changed.
  virtual bool advance(const TimeLeft& time_left) = 0;

  // Whether nothing more will happen unless something is ordered.
  virtual bool finished() const = 0;

  // Whether orders are taken at all: a recorded trace cannot be changed.
  virtual bool can_submit() const { return false; }
  virtual const HandWork& by_hand() const;
  // What can be changed of its scenario, as the file says it.
  virtual std::span<const sim::Setting> settings() const { return {}; }
  // Orders a fault at its `at`: the run begins anew in advance(), and takes the place of the one that is
  // shown once it has come there and beyond `shown`. Later orders are carried out in it, or dropped. Errors:
  // no run can be made so; what only the run shows, that the fault has nothing to act on, take_refusal()
  // tells. REQUIRES: !renewed_to()
  virtual Result<void> submit(const sim::FaultSpec& order, Nanos shown);
  // The order that gives a setting this value, as it is typed, from `at` on. Error: the value makes no sense.
  virtual Result<sim::FaultSpec> change_of(const sim::Setting& setting, const std::string& value,
                                           Nanos at) const;
  // The run anew in the same way, with this done by hand and nothing else, as far as `shown` at least.
  // REQUIRES: likewise
  virtual Result<void> change(HandWork work, Nanos shown);
  // Finds out what could happen next after so many events: whether choices() tells it now.
  // REQUIRES: the log has so many
  virtual bool look_ahead(std::size_t, const TimeLeft&) { return true; }
  virtual std::span<const Choice> choices() const { return {}; }
  // After how many events that is: events that happen in one go are not parted.
  virtual std::size_t choices_at() const { return 0; }
  // How far the run has come that is to take the place of the one that is shown; none: no run is.
  virtual std::optional<Nanos> renewed_to() const { return std::nullopt; }
  // Why the last order was not taken after all, once; nothing was changed then.
  virtual std::optional<Error> take_refusal() { return std::nullopt; }
  // Saves the run as a scenario that gives it again by itself, under a new name. Returns its path.
  virtual Result<std::string> save() const;
};

// Opens a scenario (.json) or a trace by looking into the file. Errors name the file, the place and what was
// expected. `seed`: replaces the scenario's own seed.
Result<std::unique_ptr<Session>> open_session(const std::string& path,
                                              std::optional<std::uint64_t> seed = {});
// The scenario of a session and its lesson, read again, with what was done by hand, as far as `shown` at
// least. Errors: as open_session(), and what was done by hand has no place in it any more.
Result<std::unique_ptr<Session>> read_again(const Session& session, Nanos shown);

}  // namespace sendscope::run
