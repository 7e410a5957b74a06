// What is done by hand: ordered, moved, removed, undone and done again.
#include <algorithm>

#include "ui/layout/format.h"
#include "ui/workbench/workbench_parts.h"

namespace sendscope::ui {
namespace {

bool same(const run::Order& a, const run::Order& b) {
  return a.fault.at == b.fault.at && sim::describe(a.fault) == sim::describe(b.fault);
}

bool was_dropped(const run::HandWork& work, const run::Order& order) {
  return std::any_of(work.orders.begin(), work.orders.end(),
                     [&](const run::Order& other) { return !other.dropped.empty() && same(other, order); });
}

}  // namespace

void Workbench::update_by_hand() {
  const run::HandWork& hand = session_->by_hand();
  facts_.orders.clear();
  for (const run::Order& order : hand.orders)
    facts_.orders.push_back({*order.fault.at, sim::describe(order.fault), order.dropped});
  facts_.settings.clear();
  for (const sim::Setting& setting : session_->settings()) {
    facts_.settings.push_back(
        {setting.owner, setting.name, setting.written, setting.doc, setting.presets, std::nullopt});
    for (const run::Edit& edit : hand.edits) {
      if (edit.path == setting.path) facts_.settings.back().edited = edit.value;
    }
  }
}

void Workbench::ask_for_setting(std::size_t index) {
  if (index < facts_.settings.size()) open_palette("", index);
}

// value: none, and it is what the file says. What makes no sense is told, and can be typed again.
void Workbench::change_setting(std::size_t index, const std::optional<std::string>& value) {
  if (index >= session_->settings().size()) return;
  const sim::JsonPath& path = session_->settings()[index].path;
  run::HandWork hand = session_->by_hand();
  std::erase_if(hand.edits, [&](const run::Edit& edit) { return edit.path == path; });
  if (value) hand.edits.push_back({path, *value});
  if (change_by_hand(std::move(hand)) || !value) return;
  open_palette(*value, index);
}

// Names the orders that this run drops and the one before did not.
void Workbench::tell_dropped(const run::HandWork& before) {
  std::string names;
  for (const run::Order& order : session_->by_hand().orders) {
    if (order.dropped.empty() || was_dropped(before, order)) continue;
    if (!names.empty()) names += "; ";
    names +=
        say(Text::dropped_order, sim::describe(order.fault), format_time(*order.fault.at), order.dropped);
  }
  if (!names.empty()) facts_.notice = say(Text::orders_dropped, names);
}

// What was refused is told.
bool Workbench::is_taken(const Result<void>& taken) {
  if (!taken) facts_.notice = taken.error().message;
  return taken.ok();
}

// Something new was done: this is what undo goes back to, and nothing is left to be done again.
void Workbench::remember(run::HandWork before) {
  tell_dropped(before);
  undoable_.push_back(std::move(before));
  redoable_.clear();
}

void Workbench::order_fault(const sim::FaultSpec& fault) {
  view_.fault_open = false;
  sim::FaultSpec order = fault;
  order.at = cursor().t;
  const run::HandWork before = session_->by_hand();
  if (is_taken(session_->submit(order))) remember(before);
}

bool Workbench::change_by_hand(run::HandWork work) {
  const run::HandWork before = session_->by_hand();
  if (!is_taken(session_->change(std::move(work), cursor().t))) return false;
  remember(before);
  return true;
}

void Workbench::step_by_hand(std::vector<run::HandWork>& from, std::vector<run::HandWork>& to,
                             Text when_none) {
  if (from.empty()) {
    facts_.notice = said(when_none);
    return;
  }
  const run::HandWork before = session_->by_hand();
  if (!is_taken(session_->change(from.back(), cursor().t))) return;
  from.pop_back();
  to.push_back(before);
  tell_dropped(before);
}

void Workbench::save() {
  facts_.notice.clear();
  const auto path = session_->save();
  if (!path) {
    facts_.notice = path.error().message;
    return;
  }
  facts_.news = say(Text::saved_as, *path);
  facts_.menu.push_back({facts_.title, facts_.summary, *path});
}

void Workbench::act_by_hand(const Action& action) {
  facts_.notice.clear();
  run::HandWork hand = session_->by_hand();
  const auto index = static_cast<std::size_t>(action.value);
  switch (action.verb) {
    case Verb::kSettingSet: change_setting(index, action.text); break;
    case Verb::kSettingReset: change_setting(index, std::nullopt); break;
    case Verb::kFault: order_fault(*action.fault); break;
    case Verb::kUndo: step_by_hand(undoable_, redoable_, Text::nothing_to_undo); break;
    case Verb::kRedo: step_by_hand(redoable_, undoable_, Text::nothing_to_redo); break;
    case Verb::kOrderRemove:
      if (index >= hand.orders.size()) return;
      hand.orders.erase(hand.orders.begin() + action.value);
      change_by_hand(std::move(hand));
      break;
    case Verb::kOrderMove:
      if (index >= hand.orders.size()) return;
      hand.orders[index].fault.at = cursor().t;
      change_by_hand(std::move(hand));
      break;
    default: break;
  }
  work([] { return false; });
}

}  // namespace sendscope::ui
