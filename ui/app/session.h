// Where events come from: a simulated run, a live run or a recorded trace, behind one interface.
//
// The window drives a session from one thread: advance() does some work and appends what happened to the log;
// everything drawn is folded from the log. Commands go the other way; a session that takes one records it.
//
// Thread-safety: one thread, the one that draws. A session with threads of its own hides them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/base/types.h"
#include "ui/app/command.h"

namespace sendscope {
class EventLog;
}

namespace sendscope::ui {

enum class SessionKind : std::uint8_t { kSimulated, kLive, kTrace };

// One stop of a lesson. The text may be short Markdown: paragraphs, `code`, **strong**.
struct LessonStep {
  std::string heading;
  std::string text;
  std::string at;  // when it is due: an expression or a duration, as the lesson wrote it; may be empty
  Nanos due = -1;  // the time at which it is due in this run; -1: not known (yet)
  std::size_t due_events = 0;  // how many events have happened then
};

struct SessionInfo {
  SessionKind kind = SessionKind::kSimulated;
  std::string title;                  // "Backpressure: who waits for memory?"
  std::string summary;                // one sentence; may be empty
  std::string source;                 // path of the scenario or trace, bootstrap addresses of a live run
  std::string profile;                // "kafka-4.3"
  std::string warning;                // what is not whole about the recording, in a sentence; empty: nothing
  std::optional<std::uint64_t> seed;  // none: real brokers, where no seed brings the run back
  std::vector<LessonStep> lesson;     // empty: no lesson
};

class Session {
 public:
  Session() = default;
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  virtual ~Session() = default;

  virtual const SessionInfo& info() const = 0;

  // All that has happened so far. The reference stays good until generation() changes.
  virtual const EventLog& log() const = 0;

  // Grows whenever events that were told already are taken back (a command given in the past): whoever caches
  // anything folded from the log starts again.
  virtual std::uint64_t generation() const = 0;

  // Works for about `wall_budget` at most and appends to the log. Returns whether the log has changed.
  virtual bool advance(Nanos wall_budget) = 0;

  // Whether nothing more will happen unless a command is submitted.
  virtual bool finished() const = 0;

  // Whether commands are taken at all: a recorded trace cannot be changed.
  virtual bool can_submit() const = 0;

  // A command given before the end of the log takes back all that came after it, where that is possible.
  // Errors: the command makes no sense here (unknown node, unknown verb).
  virtual Result<void> submit(const Command& command) = 0;
};

// Opens a scenario (.json) or a trace by looking into the file. Errors name the file, the place and what was
// expected. `seed`: replaces the scenario's own seed.
Result<std::unique_ptr<Session>> open_session(const std::string& path, const std::uint64_t* seed = nullptr);

}  // namespace sendscope::ui
