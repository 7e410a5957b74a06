// A recorded trace as a session: everything is there from the beginning, nothing can be changed.
#pragma once

#include "core/event/trace_file.h"
#include "sim/run/session.h"

namespace sendscope::run {

class ReplaySession : public Session {
 public:
  // `path` only says where it comes from.
  ReplaySession(std::unique_ptr<Trace> trace, const std::string& path);
  // Errors: nothing of the file can be read. A damaged file is shown up to its last good block; damage() says
  // what is missing.
  static Result<std::unique_ptr<ReplaySession>> open(const std::string& path);

  const SessionInfo& info() const override { return info_; }
  const EventLog& log() const override { return trace_->log; }
  History& history() override { return history_; }
  std::uint64_t generation() const override { return 0; }
  bool advance(const TimeLeft&) override { return false; }
  bool finished() const override { return true; }
  const std::string& damage() const { return trace_->damage; }

 private:
  std::unique_ptr<Trace> trace_;
  History history_;
  SessionInfo info_;
};

}  // namespace sendscope::run
