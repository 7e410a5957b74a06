// What is done by hand, as actions ask for it, and what is told of it.
#include <algorithm>

#include "ui/layout/format.h"
#include "ui/workbench/workbench_parts.h"

namespace sendscope::ui {

void Workbench::ask_for_setting(std::size_t index) {
  if (index < facts_.settings.size()) open_palette("", index);
}

// What is refused is told.
bool Workbench::ask(Deed deed) {
  const auto asked = hand_.ask(std::move(deed), cursor().t);
  if (!asked) facts_.notice = asked.error().message;
  return asked.ok();
}

void Workbench::order_fault(const sim::FaultSpec& fault) {
  view_.fault_open = false;
  sim::FaultSpec order = fault;
  order.at = cursor().t;
  ask(GiveOrder{order});
}

// value: none, and it is what the file says. What makes no sense can be typed again.
void Workbench::change_setting(std::size_t index, const std::optional<std::string>& value) {
  if (index >= session_->settings().size() || session_->settings()[index].path.empty()) return;
  if (!ask(ChangeSetting{session_->settings()[index].path, value}) && value) open_palette(*value, index);
}

void Workbench::change_from_now(std::size_t index, const std::string& value) {
  if (index >= session_->settings().size()) return;
  const auto order = session_->change_of(session_->settings()[index], value, cursor().t);
  if (order) return order_fault(*order);
  facts_.notice = order.error().message;
  open_palette(value, index);
}

// ---- what could happen next

// Whether facts_.choices are those of the cursor.
bool Workbench::knows_choices() const {
  return facts_.choices && looked_at_ == std::pair(derived_->generation, playback_.cursor().events) &&
         !hand_.busy();
}

bool Workbench::wants_choices() const {
  const bool shown = view_.bottom == BottomTab::kNext && !view_.playing && facts_.can_submit;
  return shown && !knows_choices() && !hand_.busy();
}

// Whether something is to be shown that was not.
bool Workbench::look_ahead(const run::TimeLeft& time_left) {
  if (!wants_choices()) return false;
  facts_.choices.reset();
  if (!session_->look_ahead(cursor().events, time_left)) return false;
  // All that a choice has brought is shown before the next one.
  if (std::exchange(chose_, false) && session_->choices_at() <= session_->log().size())
    playback_.seek_event(session_->log(), session_->choices_at());
  looked_at_ = {derived_->generation, cursor().events};
  facts_.choices.emplace();
  for (const run::Choice& choice : session_->choices()) facts_.choices->push_back({choice.what, choice.due});
  return true;
}

// What is not known yet, or not shown, cannot be chosen: it is shown first.
void Workbench::choose(std::size_t index) {
  const bool shown = view_.bottom == BottomTab::kNext && !view_.playing && knows_choices();
  view_.bottom = BottomTab::kNext;
  view_.playing = false;
  const auto choices = session_->choices();
  if (!shown || index >= choices.size()) return;
  const auto asked = hand_.ask(GiveOrder{choices[index].order}, choices[index].due);
  if (!asked) facts_.notice = asked.error().message;
  if (asked) chosen_at_ = cursor().events;
}

// The cursor goes to what was chosen, behind the event that tells the choice itself.
void Workbench::follow_choice() {
  if (!chosen_at_ || hand_.busy()) return;
  const EventLog& log = session_->log();
  for (std::size_t at = *std::exchange(chosen_at_, std::nullopt); at < log.size(); ++at) {
    if (log[at].kind != EventKind::next_chosen) continue;
    chose_ = true;
    return playback_.seek_event(log, std::min(at + 2, log.size()));
  }
}

void Workbench::save() {
  facts_.notice.clear();
  const auto path = session_->save();
  if (!path) {
    facts_.notice = path.error().message;
    return;
  }
  const auto settings = session_->settings();
  const bool secrets =
      std::any_of(settings.begin(), settings.end(), [](const auto& one) { return one.secret; });
  facts_.news = say(secrets ? Text::saved_without_secrets : Text::saved_as, *path);
  facts_.menu.push_back({facts_.title, facts_.summary, *path});
}

// Whether it is something that changes the run.
bool Workbench::act_by_hand(const Action& action) {
  std::string told = std::exchange(facts_.notice, {});
  const auto index = static_cast<std::size_t>(action.value);
  const auto& orders = session_->by_hand().orders;
  switch (action.verb) {
    case Verb::kSettingSet: change_setting(index, action.text); break;
    case Verb::kSettingFromNow: change_from_now(index, action.text); break;
    case Verb::kSettingReset: change_setting(index, std::nullopt); break;
    case Verb::kFault: order_fault(*action.fault); break;
    case Verb::kUndo: ask(GoTo::kBack); break;
    case Verb::kRedo: ask(GoTo::kOn); break;
    case Verb::kBranch: ask(action.value < 0 ? Deed{GoTo::kNextEnd} : Deed{GoToPoint{index}}); break;
    case Verb::kChoose: choose(index); break;
    case Verb::kOrderRemove:
      if (index < orders.size()) ask(RemoveOrder{orders[index]});
      break;
    case Verb::kOrderMove:
      if (index < orders.size()) ask(MoveOrder{orders[index], cursor().t});
      break;
    default: facts_.notice = std::move(told); return false;
  }
  work([] { return false; });
  return true;
}

// Whether anything has become of what was asked for, or is to be told of it.
bool Workbench::take_in_deeds() {
  // A run that begins anew is told of when it takes longer than a glance.
  constexpr int kGlance = 8;
  const bool changed = hand_.go_on();
  if (std::string notice = hand_.take_notice(); !notice.empty()) facts_.notice = std::move(notice);
  const auto renewed_to = session_->renewed_to();
  renewing_ = renewed_to ? renewing_ + 1 : 0;
  const std::string told =
      renewed_to && renewing_ > kGlance ? say(Text::running_anew, format_time(*renewed_to)) : "";
  const bool tells = told != facts_.renewing;
  facts_.renewing = told;
  return changed || tells;
}

}  // namespace sendscope::ui
