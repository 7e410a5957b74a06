#include "core/event/event_packing.h"

namespace sendscope {
namespace {

enum Told : std::uint8_t { kActor = 1, kPlace = 2, kSubject = 4, kA = 8, kB = 16 };

std::int64_t difference(std::uint64_t now, std::uint64_t before) {
  return static_cast<std::int64_t>(now - before);
}

// Whether the field is what it was plus a difference that was read.
template <typename Field>
bool move(Field& field, std::int64_t difference) {
  const std::uint64_t value = std::uint64_t{field} + static_cast<std::uint64_t>(difference);
  field = static_cast<Field>(value);
  return field == value;
}

}  // namespace

void EventPacker::add(const Event& event) {
  Event& last = last_[static_cast<std::size_t>(event.kind)];
  const int told = (event.actor != last.actor ? kActor : 0) | (event.place != last.place ? kPlace : 0) |
                   (event.subject != last.subject ? kSubject : 0) | (event.a != last.a ? kA : 0) |
                   (event.b != last.b ? kB : 0);
  out_.unsigned_varint(static_cast<std::uint32_t>(event.kind));
  out_.i8(static_cast<std::int8_t>(told));
  out_.varlong(difference(static_cast<std::uint64_t>(event.t), static_cast<std::uint64_t>(t_)));
  if ((told & kActor) != 0) out_.varlong(difference(event.actor, last.actor));
  if ((told & kPlace) != 0) out_.varlong(difference(event.place, last.place));
  if ((told & kSubject) != 0) out_.varlong(difference(event.subject, last.subject));
  if ((told & kA) != 0) out_.varlong(difference(event.a, last.a));
  if ((told & kB) != 0) out_.varlong(difference(event.b, last.b));
  t_ = event.t;
  last = event;
}

bool EventUnpacker::next(Event& event) {
  const std::uint32_t kind = in_.unsigned_varint();
  const int told = in_.i8();
  if (!in_.ok() || kind >= static_cast<std::uint32_t>(kinds_)) return false;
  Event& last = last_[kind];
  t_ = static_cast<Nanos>(static_cast<std::uint64_t>(t_) + static_cast<std::uint64_t>(in_.varlong()));
  bool fits = t_ >= 0 && told >= 0 && told < 2 * kB;
  if ((told & kActor) != 0) fits &= move(last.actor, in_.varlong());
  if ((told & kPlace) != 0) fits &= move(last.place, in_.varlong());
  if ((told & kSubject) != 0) fits &= move(last.subject, in_.varlong());
  if ((told & kA) != 0) fits &= move(last.a, in_.varlong());
  if ((told & kB) != 0) fits &= move(last.b, in_.varlong());
  last.t = t_;
  last.kind = static_cast<EventKind>(kind);
  event = last;
  return fits && in_.ok();
}

}  // namespace sendscope
