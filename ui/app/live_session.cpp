#include "ui/app/live_session.h"

#include <iostream>

#include "core/event/event_log.h"
#include "ui/app/live_result.h"

namespace sendscope::ui {
namespace {

constexpr Nanos kClosePatience = 5 * kNanosPerSecond;

}  // namespace

LiveSession::LiveSession(std::unique_ptr<LiveRun> run, const LoadPlan& plan, const LiveTarget& target)
    : run_(std::move(run)), load_(std::make_unique<LoadGenerator>(*run_, plan)) {
  info_.kind = SessionKind::kLive;
  info_.title = target.topic + ", live";
  info_.summary = "A load generator sends to real brokers; you see what its producer does.";
  info_.source = target.bootstrap;
  info_.profile = target.profile;
}

LiveSession::~LiveSession() {
  // The load closes its producer; but a window must close even when the brokers are gone.
  load_->stop();
  load_->wait_until(run_->clock().now() + kClosePatience);
  if (!load_->done()) run_->producer().close(0);
  load_.reset();
  if (!finished_) end_live_run(*run_, "the window was closed");
}

bool LiveSession::advance(Nanos) {
  const std::size_t before = run_->log().size();
  if (finished_) return false;
  if (load_->done()) {
    finished_ = true;
    end_live_run(*run_, "the load is sent", load_->transactions(), load_->failure());
  } else {
    run_->pump();
  }
  if (const std::string news = run_->news(); !news.empty()) {
    std::cerr << "sendscope: " << news << std::endl;
    info_.warning += (info_.warning.empty() ? "" : " ") + news;
    return true;
  }
  return run_->log().size() != before;
}

Result<void> LiveSession::submit(const Command&) {
  return Error(ErrorCode::kInvalidInput,
               "a live cluster takes no faults from here; break it with its own tools");
}

}  // namespace sendscope::ui
