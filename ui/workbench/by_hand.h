// What a person does to a run: faults ordered, settings changed, orders moved and removed, all of it undone
// and done again. One thing after the other: what is asked for while a run begins anew waits for its turn.
//
// Thread-safety: none; one thread at a time.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <variant>

#include "sim/run/session.h"
#include "ui/layout/view.h"
#include "ui/workbench/branches.h"

namespace sendscope::ui {

// What is asked for.
struct GiveOrder {
  sim::FaultSpec fault;  // with `at`
};
struct RemoveOrder {
  run::Order order;
};
struct MoveOrder {
  run::Order order;
  Nanos at = 0;
};
struct ChangeSetting {
  sim::JsonPath path;
  std::optional<std::string> value;  // none: what the file says
};
enum class GoTo : std::uint8_t { kBack, kOn, kNextEnd };
struct GoToPoint {
  std::size_t point = 0;
};
using Deed = std::variant<GiveOrder, RemoveOrder, MoveOrder, ChangeSetting, GoTo, GoToPoint>;

class ByHand {
 public:
  // The session outlives this, or renew() gives another.
  explicit ByHand(run::Session& session) : session_(&session), branches_(session.by_hand()) {}
  // The session was opened again with the same work. REQUIRES: no run begins anew in either
  void renew(run::Session& session) { session_ = &session; }

  // Begins it, or notes it for later. shown: how far its run has to come before it is shown. Errors: it makes
  // no sense, in words for a person; nothing is changed then.
  Result<void> ask(Deed deed, Nanos shown);
  // Takes in what has become of what was begun, and begins what waits. Returns whether anything did.
  bool go_on();
  // Whether a run begins anew, or has to.
  bool busy() const { return began_.has_value() || !waiting_.empty(); }
  // What went wrong, and which orders were dropped; once, empty: nothing.
  std::string take_notice() { return std::exchange(notice_, {}); }
  // The orders, the settings and the branches, as the frame shows them.
  void describe(Facts& facts) const;

 private:
  struct Asked {
    Deed deed;
    Nanos shown = 0;
  };
  // The run that is begun: what it comes from, and the point it leads back to.
  struct Began {
    run::HandWork before;
    std::optional<std::size_t> point;  // none: a new one
  };

  Result<void> begin(const Asked& asked);
  Result<void> carry_out(const GiveOrder& deed, Nanos shown);
  Result<void> carry_out(const RemoveOrder& deed, Nanos shown);
  Result<void> carry_out(const MoveOrder& deed, Nanos shown);
  Result<void> carry_out(const ChangeSetting& deed, Nanos shown);
  Result<void> carry_out(GoTo deed, Nanos shown);
  Result<void> carry_out(const GoToPoint& deed, Nanos shown);
  Result<void> change(run::HandWork work, Nanos shown, std::optional<std::size_t> point = {});
  void note_dropped(const run::HandWork& before);
  BranchText text_of(std::size_t point) const;
  std::string words_of(const run::Edit& edit) const;

  run::Session* session_;
  Branches branches_;
  std::optional<Began> began_;
  std::deque<Asked> waiting_;
  std::string notice_;
};

}  // namespace sendscope::ui
