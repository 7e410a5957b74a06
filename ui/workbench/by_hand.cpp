#include "ui/workbench/by_hand.h"

#include <algorithm>

#include "core/producer/config_secrets.h"
#include "sim/scenario_writer.h"
#include "ui/layout/format.h"
#include "ui/layout/texts.h"

namespace sendscope::ui {
namespace {

bool same(const run::Order& a, const run::Order& b) {
  return sim::fault_text(a.fault) == sim::fault_text(b.fault);
}

bool same(const run::Edit& a, const run::Edit& b) { return a.path == b.path && a.value == b.value; }

template <typename Things>
auto find(Things& all, const typename Things::value_type& wanted) {
  return std::find_if(all.begin(), all.end(), [&](const auto& one) { return same(one, wanted); });
}

bool was_dropped(const run::HandWork& work, const run::Order& order) {
  return std::any_of(work.orders.begin(), work.orders.end(),
                     [&](const run::Order& other) { return !other.dropped.empty() && same(other, order); });
}

std::string order_words(const run::Order& order) {
  return say(Text::order_at, sim::describe(order.fault), format_time(*order.fault.at));
}

void add(std::string& list, const std::string& words) { list += (list.empty() ? "" : "; ") + words; }

Error not_there() { return {ErrorCode::kInvalidInput, said(Text::order_gone)}; }

}  // namespace

Result<void> ByHand::ask(Deed deed, Nanos shown) {
  Asked asked{std::move(deed), shown};
  if (!busy()) return begin(asked);
  waiting_.push_back(std::move(asked));
  return {};
}

Result<void> ByHand::begin(const Asked& asked) {
  return std::visit([&](const auto& deed) { return carry_out(deed, asked.shown); }, asked.deed);
}

bool ByHand::go_on() {
  bool any = false;
  while (busy() && !session_->renewed_to()) {
    any = true;
    if (began_) {
      const Began done = *std::exchange(began_, std::nullopt);
      if (const auto refusal = session_->take_refusal()) {
        notice_ = refusal->message;
      } else {
        done.point ? branches_.go(*done.point, session_->by_hand()) : branches_.grow(session_->by_hand());
        note_dropped(done.before);
      }
      continue;
    }
    const Asked next = std::move(waiting_.front());
    waiting_.pop_front();
    if (const auto begun = begin(next); !begun) notice_ = begun.error().message;
  }
  return any;
}

// ---- what is asked for

Result<void> ByHand::carry_out(const GiveOrder& deed, Nanos shown) {
  const auto taken = session_->submit(deed.fault, shown);
  if (taken) began_ = Began{session_->by_hand(), {}};
  return taken;
}

Result<void> ByHand::carry_out(const RemoveOrder& deed, Nanos shown) {
  run::HandWork work = session_->by_hand();
  const auto order = find(work.orders, deed.order);
  if (order == work.orders.end()) return not_there();
  work.orders.erase(order);
  return change(std::move(work), shown);
}

Result<void> ByHand::carry_out(const MoveOrder& deed, Nanos shown) {
  run::HandWork work = session_->by_hand();
  const auto order = find(work.orders, deed.order);
  if (order == work.orders.end()) return not_there();
  order->fault.at = deed.at;
  return change(std::move(work), shown);
}

Result<void> ByHand::carry_out(const ChangeSetting& deed, Nanos shown) {
  run::HandWork work = session_->by_hand();
  std::erase_if(work.edits, [&](const run::Edit& edit) { return edit.path == deed.path; });
  if (deed.value) work.edits.push_back({deed.path, *deed.value});
  return change(std::move(work), shown);
}

Result<void> ByHand::carry_out(GoTo deed, Nanos shown) {
  const auto point = deed == GoTo::kBack ? branches_.back()
                     : deed == GoTo::kOn ? branches_.on()
                                         : branches_.next_end();
  if (point) return carry_out(GoToPoint{*point}, shown);
  return Error(ErrorCode::kInvalidInput, said(deed == GoTo::kBack ? Text::nothing_to_undo
                                              : deed == GoTo::kOn ? Text::nothing_to_redo
                                                                  : Text::no_other_branch));
}

Result<void> ByHand::carry_out(const GoToPoint& deed, Nanos shown) {
  if (!branches_.has(deed.point)) return not_there();
  return change(branches_.at(deed.point), shown, deed.point);
}

Result<void> ByHand::change(run::HandWork work, Nanos shown, std::optional<std::size_t> point) {
  const auto taken = session_->change(std::move(work), shown);
  if (taken) began_ = Began{session_->by_hand(), point};
  return taken;
}

// ---- what is told

// Names the orders that this run drops and the one before did not.
void ByHand::note_dropped(const run::HandWork& before) {
  std::string names;
  for (const run::Order& order : session_->by_hand().orders) {
    if (order.dropped.empty() || was_dropped(before, order)) continue;
    add(names,
        say(Text::dropped_order, sim::describe(order.fault), format_time(*order.fault.at), order.dropped));
  }
  if (!names.empty()) notice_ = say(Text::orders_dropped, names);
}

std::string ByHand::words_of(const run::Edit& edit) const {
  for (const sim::Setting& setting : session_->settings()) {
    if (setting.path == edit.path)
      return say(Text::setting_to, setting.owner + " " + setting.name,
                 shown_config_value(setting.name, edit.value));
  }
  return say(Text::setting_to, edit.path.back(), shown_config_value(edit.path.back(), edit.value));
}

// What the run of the point has and that of here has not, and the other way round.
BranchText ByHand::text_of(std::size_t point) const {
  const run::HandWork &here = branches_.at(branches_.here()), &there = branches_.at(point);
  BranchText text{point, "", ""};
  for (const run::Edit& edit : there.edits) {
    if (find(here.edits, edit) == here.edits.end()) add(text.with, words_of(edit));
  }
  for (const run::Order& order : there.orders) {
    if (find(here.orders, order) == here.orders.end()) add(text.with, order_words(order));
  }
  for (const run::Edit& edit : here.edits) {
    if (find(there.edits, edit) == there.edits.end()) add(text.without, words_of(edit));
  }
  for (const run::Order& order : here.orders) {
    if (find(there.orders, order) == there.orders.end()) add(text.without, order_words(order));
  }
  return text;
}

void ByHand::describe(Facts& facts) const {
  const run::HandWork& hand = session_->by_hand();
  facts.orders.clear();
  for (const run::Order& order : hand.orders)
    facts.orders.push_back({*order.fault.at, sim::describe(order.fault), order.dropped});
  facts.branches.clear();
  for (const std::size_t point : branches_.ends()) facts.branches.push_back(text_of(point));
  facts.settings.clear();
  for (const sim::Setting& setting : session_->settings()) {
    facts.settings.push_back({setting.owner, setting.name, setting.written, setting.doc, setting.presets,
                              std::nullopt, !setting.path.empty(), setting.change.has_value()});
    for (const run::Edit& edit : hand.edits) {
      if (!setting.path.empty() && edit.path == setting.path) facts.settings.back().edited = edit.value;
    }
  }
}

}  // namespace sendscope::ui
