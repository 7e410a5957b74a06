// What is chosen to happen next: found among what is on its way, and brought forward.
#include <algorithm>

#include "sim/fault_runner.h"

namespace sendscope::sim {
namespace {

// When a choice is made: at a time, after so much has happened then.
std::pair<Nanos, std::uint64_t> moment_of(const FaultSpec& choice) {
  return {*choice.at, part_of<Next>(choice.action)->after};
}

}  // namespace

void FaultRunner::sort_choices() {
  std::stable_sort(choices_.begin(), choices_.end(), [this](std::size_t a, std::size_t b) {
    return moment_of(planned_[a]) < moment_of(planned_[b]);
  });
}

void FaultRunner::choose() {
  while (!choices_.empty()) {
    const auto [time, after] = moment_of(planned_[choices_.front()]);
    const Nanos next = world_.loop.next_time();
    const bool behind = next > time || (next == time && happened_at(time) >= after);
    if (!behind) return;
    const std::size_t planned = choices_.front();
    choices_.pop_front();
    carry_out(planned);
  }
}

// Occurrences that have happened at that time.
std::uint64_t FaultRunner::happened_at(Nanos time) const {
  return world_.loop.now() == time ? world_.loop.happened_now() : 0;
}

Next FaultRunner::named(const Occurrence& what) const {
  Next next;
  next.what = what.kind;
  next.node = what.node;
  next.from = what.from;
  if (what.producer) next.client = producers_[*what.producer];
  if (what.thread) next.thread = threads_[*what.thread];
  if (what.request != 0) next.request = number_of(what.request);
  return next;
}

std::optional<TimerId> FaultRunner::find(const Next& next) const {
  const auto fits = [](const auto& wanted, const auto& found) { return !wanted || wanted == found; };
  for (const Pending& pending : world_.loop.pending()) {
    if (pending.what.kind != next.what) continue;
    const Next found = named(pending.what);
    if (fits(next.node, found.node) && fits(next.from, found.from) && fits(next.request, found.request) &&
        (next.client.empty() || next.client == found.client) &&
        (next.thread.empty() || next.thread == found.thread))
      return pending.timer;
  }
  return std::nullopt;
}

void FaultRunner::bring_forward(const Next& next) {
  if (const auto timer = find(next)) world_.loop.bring_forward(*timer);
}

std::vector<Upcoming> FaultRunner::upcoming() const {
  std::vector<Upcoming> all;
  for (const Pending& pending : world_.loop.pending()) {
    if (pending.what.kind == OccurrenceKind::kOther) continue;
    const bool again =
        std::any_of(all.begin(), all.end(), [&](const Upcoming& one) { return one.what == pending.what; });
    if (again) continue;  // the second of a direction has to wait for the first
    all.push_back({named(pending.what), pending.what, pending.time});
    all.back().choice.after = happened_at(world_.loop.now());
  }
  return all;
}

}  // namespace sendscope::sim
