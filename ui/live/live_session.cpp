#include "ui/live/live_session.h"

#include "core/event/event_log.h"
#include "ui/live/live_result.h"
#include "ui/terminal/command_line.h"
#include "ui/terminal/interrupt.h"

namespace sendscope::ui {
namespace {

constexpr Nanos kClosePatience = 5 * kNanosPerSecond;
constexpr Nanos kLookWhileClosing = 20 * kNanosPerMilli;

}  // namespace

LiveSession::LiveSession(std::unique_ptr<LiveRun> run, const LoadPlan& plan, const LiveTarget& target,
                         int& exit_code)
    : run_(std::move(run)),
      history_(run_->log()),
      load_(std::make_unique<LoadGenerator>(*run_, plan)),
      patience_(*run_),
      exit_code_(exit_code) {
  info_.kind = run::SessionKind::kLive;
  info_.title = target.topic + ", live";
  info_.summary = "A load generator sends to real brokers; you see what its producer does.";
  info_.source = target.bootstrap;
  info_.profile = target.profile;
}

LiveSession::~LiveSession() {
  if (finished_) return;
  // The load closes its producer; but a window must close even when the brokers are gone.
  load_->stop();
  patience_.end_within(kClosePatience);
  while (!load_->done()) {
    load_->wait_until(run_->clock().now() + kLookWhileClosing);
    patience_.look(run_->clock().now());
    run_->pump();
  }
  end(interrupt() != 0 ? "interrupted" : "the window was closed");
}

void LiveSession::end(const std::string& reason) {
  finished_ = true;
  exit_code_ = end_load(*run_, *load_, reason);
}

bool LiveSession::advance(const run::TimeLeft&) {
  const std::size_t before = run_->log().size();
  if (finished_) return false;
  if (load_->done()) {
    end("the load is sent");
  } else {
    if (load_->input_ended()) patience_.input_ended();
    patience_.look(run_->clock().now());
    run_->pump();
  }
  if (const std::string news = run_->news(); !news.empty()) {
    tell(news);
    info_.warning += (info_.warning.empty() ? "" : " ") + news;
    return true;
  }
  return run_->log().size() != before;
}

}  // namespace sendscope::ui
