// In-flight queues, one card a node, and the rows they share with wire and brokers.
#include <algorithm>
#include <cmath>

#include "core/base/api.h"
#include "core/event/event_texts.h"
#include "core/model/queries.h"
#include "ui/layout/format.h"
#include "ui/layout/logs.h"
#include "ui/layout/stage.h"
#include "ui/layout/texts.h"

namespace sendscope::ui {
namespace {

constexpr float kLeastSlot = 23, kSenderRow = 24, kBrokersHeading = 68, kLeastLogCard = 52;

struct LinkWords {
  Tone dot;
  std::string state, brief;
  Paint ink = kSecondary;
  bool trouble = false;
};

LinkWords link_words(const Frame& frame, const NodeRow& row) {
  if (row.link == nullptr)
    return {Tone::kFaint, said(Text::not_connected), said(Text::link_off), kFaint, false};
  const NodeLink& link = *row.link;
  const std::string state(enum_words_alone(Unit::kConnectionState, static_cast<std::uint64_t>(link.state)));
  switch (link.state) {
    case ConnectionState::kReady: break;
    case ConnectionState::kConnecting:
      return {Tone::kWaiting, state, said(Text::link_opening), {Tone::kWaiting}, false};
    case ConnectionState::kCheckingApiVersions:
      return {Tone::kWaiting, state, said(Text::link_checking), {Tone::kWaiting}, false};
    case ConnectionState::kAuthenticationFailed:
      return {Tone::kTrouble, state, said(Text::link_refused), {Tone::kTrouble}, true};
    case ConnectionState::kDisconnected:
      if (link.backoff_until > frame.now()) {
        const std::string left = short_duration(link.backoff_until - frame.now());
        return {Tone::kTrouble, say(Text::backs_off, left), left, {Tone::kTrouble}, true};
      }
      return {Tone::kFaint, state, said(Text::link_off), kFaint, false};
  }
  if (link.throttled_until > frame.now()) {
    return {Tone::kWaiting,
            say(Text::throttled_for, short_duration(link.throttled_until - frame.now())),
            said(Text::throttled),
            {Tone::kWaiting},
            false};
  }
  return {Tone::kOk, state, state, kSecondary, false};
}

// The request that will complete next, with its time-out.
const RequestModel* oldest(const Frame& frame, const NodeRow& row) {
  if (row.link == nullptr || row.link->in_flight_requests.empty()) return nullptr;
  return frame.model().request(row.link->in_flight_requests.front());
}

std::string backing_off(const Frame& frame, NodeId node) {
  std::string names;
  for (const auto& [index, partition] : frame.producer()->partitions) {
    if (partition.leader != node || partition.deque.empty()) continue;
    const BatchModel* front = frame.producer()->batch(partition.deque.front());
    if (front == nullptr || front->backoff_until <= frame.now()) continue;
    names += (names.empty() ? "" : ", ") + partition_label(frame, index);
  }
  return names;
}

// An answer that has taken a good part of request.timeout.ms, or that cannot come.
bool is_late(const NodeRow& row, Nanos age, Nanos patience) {
  const bool stands = row.broker != nullptr && row.broker->state != NodeState::kUp;
  return age * 4 > patience || (stands && age > 20 * kNanosPerMilli);
}

// The oldest request waits for so many times as long as the node usually takes: it is silent.
constexpr Nanos kSilentAfter = 10;

// The lowest line of a node's card.
struct CardFoot {
  std::string words, brief;
  Paint ink = kSecondary;
  bool unanswered = false;  // late, or silent for long
};

CardFoot foot_words(const Frame& frame, const NodeRow& row, std::optional<Nanos> usual) {
  if (const RequestModel* first = oldest(frame, row)) {
    const Nanos deadline = request_deadline(frame.model(), frame.in.words(), *first);
    const Nanos age = frame.now() - first->sent;
    if (deadline > frame.now() && is_late(row, age, deadline - first->sent)) {
      const std::string left = short_duration(deadline - frame.now());
      return {
          say(Text::request_times_out_in, left), say(Text::times_out_in_time, left), {Tone::kTrouble}, true};
    }
    if (usual && age > kSilentAfter * *usual) {
      return {say(Text::silent_usually, short_duration(age), short_duration(*usual)),
              say(Text::silent_for, short_duration(age)),
              {Tone::kWaiting},
              true};
    }
    const bool several = row.link->in_flight_requests.size() > 1;
    return {said(several ? Text::oldest_first_and_first : Text::waits_for_answer),
            said(several ? Text::oldest_first : Text::waits), kSecondary};
  }
  const std::string names = backing_off(frame, row.id);
  if (!names.empty()) return {say(Text::backing_off_names, names), said(Text::backing_off), {Tone::kWaiting}};
  return {said(Text::nothing_in_flight), said(EventText::nothing), kFaint};
}

std::string slot_label(const RequestModel& request) {
  if (!request.batches.empty()) return request_label(request.id);
  const std::string_view api = api_name(request.api);
  if (api == "Metadata") return said(Text::slot_metadata);
  if (api == "ApiVersions") return said(Text::slot_api_versions);
  if (api == "InitProducerId") return said(Text::slot_producer_id);
  return request_label(request.id);
}

void draw_slot(const Frame& frame, Rect box, const RequestModel& request) {
  const Subject subject = request_subject(request.id);
  const Dimmed dimmed(frame, subject);
  Scene& scene = frame.scene();
  if (request.batches.empty()) {
    scene.fill(box, {Tone::kRaised}, kThingRadius);
    scene.stroke(box, {Tone::kSecondary}, kThingRadius);
  } else {
    const float part = box.w / static_cast<float>(request.batches.size());
    for (std::size_t i = 0; i < request.batches.size(); ++i) {
      scene.fill({box.x + part * static_cast<float>(i), box.y, part, box.h},
                 {hue_of(request.batches[i].partition), 0.30f},
                 request.batches.size() == 1 ? kThingRadius : 0);
    }
    scene.stroke(box, {hue_of(request.batches.front().partition)}, kThingRadius);
  }
  if (frame.related.is_selected(subject)) scene.stroke(box, {Tone::kAccent}, kThingRadius, 2);
  const std::string label = slot_label(request);
  const bool fits = frame.canvas.width(Font::kMonoSmall, label) <= box.w - 4;
  frame.canvas.name(box.inset(2, 0), fits ? Font::kMonoSmall : Font::kMonoTiny, kText, label, Align::kCentre);
  mark_if_last(frame, box, subject, kThingRadius);
  scene.hit(box, subject, "slot", request_tip(frame, request), select_action(subject));
}

void draw_slots(const Frame& frame, Rect area, const NodeRow& row) {
  constexpr std::int64_t kMostSlots = 5;  // more only when there are more requests
  const auto limit = config_number(frame.model(), frame.in.words(), frame.producer_index(),
                                   "max.in.flight.requests.per.connection");
  static const std::deque<RequestId> kNone;
  const std::deque<RequestId>& queue = row.link != nullptr ? row.link->in_flight_requests : kNone;
  const std::size_t wanted = std::max<std::size_t>(
      queue.size(), static_cast<std::size_t>(std::clamp<std::int64_t>(limit.value_or(1), 1, kMostSlots)));
  const float gap = 4, widest = 40, least = kLeastSlot;
  const std::size_t fits = static_cast<std::size_t>(std::max(1.0f, (area.w + gap) / (least + gap)));
  const std::size_t slots = std::min(wanted, fits);
  const float width = std::floor(std::min(widest, (area.w + gap) / static_cast<float>(slots) - gap));
  const bool folded = queue.size() > slots;
  for (std::size_t i = 0; i < slots; ++i) {
    const Rect box{area.x + static_cast<float>(i) * (width + gap), area.y, width, area.h};
    const RequestModel* request = i < queue.size() ? frame.model().request(queue[i]) : nullptr;
    if (folded && i + 1 == slots) {
      const std::string hidden = std::to_string(queue.size() - i);
      frame.canvas.text(box, Font::kMonoTiny, kSecondary,
                        i == 0 ? say(Text::requests_short, hidden) : "+" + hidden, Align::kCentre);
    } else if (request != nullptr) {
      draw_slot(frame, box, *request);
    } else {
      frame.scene().dash_stroke(box, {Tone::kLine}, 1, 2);
    }
  }
}

std::string card_tip(const Frame& frame, const NodeRow& row, const LinkWords& words,
                     std::optional<Nanos> usual) {
  std::string tip = say(Text::link_tip, std::to_string(row.id)) + tip_row(Text::connection, words.state);
  if (row.link != nullptr) {
    tip += tip_row(Text::in_flight, std::to_string(row.link->in_flight_requests.size()),
                   "max.in.flight.requests.per.connection");
    tip += tip_row(Text::in_this_state_for, short_duration(frame.now() - row.link->since));
  }
  if (usual) tip += tip_row(Text::usually_answers_in, short_duration(*usual)) + tip_line(Text::silent_rule);
  return tip + tip_line(Text::answers_in_order);
}

// With how the logs are to be read, where they are shown.
void brokers_heading(const Frame& frame, float card_height) {
  const Rect& column = frame.at.brokers;
  const bool logs = card_height >= kLeastLogCard && !frame.model().run.live;
  const bool batches = logs && log_form(frame, card_height) == LogForm::kBatches;
  const std::string note = batches ? said(Text::end_at_the_right)
                           : logs  ? log_scale_words(frame, column.w - kBrokersHeading)
                                   : "";
  heading(frame, {column.x, column.y + 12, column.w, 16}, say(Text::heading_brokers), note,
          say(Text::brokers_tip));
}

}  // namespace

void draw_in_flight_card(const Frame& frame, Rect box, const NodeRow& row) {
  const Subject subject = node_subject(row.id);
  const Dimmed dimmed(frame, subject);
  const LinkWords words = link_words(frame, row);
  const RequestModel* first = oldest(frame, row);
  const std::optional<Nanos> usual = usual_latency(frame.model(), row.id);
  const CardFoot foot = foot_words(frame, row, usual);
  const bool late = foot.unanswered;
  card(frame, box, subject, {late ? foot.ink.tone : words.trouble ? Tone::kTrouble : Tone::kLine, 1});
  frame.scene().hit(box, subject, "link", card_tip(frame, row, words, usual), select_action(subject));

  const bool tall = box.h >= 66, low = box.h < 34;
  const std::string name = row.id < 0 ? said(Text::bootstrap) : say(EventText::node, std::to_string(row.id));
  const Rect title{box.x + 10, low ? box.y : box.y + 7, box.w - 20, low ? box.h : 15};
  frame.scene().disc({title.x + 4, title.middle_y()}, 3.5f, {words.dot});
  float took = frame.canvas.text({title.x + 14, title.y, title.w - 14, title.h},
                                 low ? Font::kMonoSmall : Font::kMono, kText, name) +
               14;
  float right = title.right();
  if (late && first != nullptr && !low) {
    const Nanos deadline = request_deadline(frame.model(), frame.in.words(), *first);
    frame.scene().ring({right - 8, title.middle_y() + 1}, 7, part_left(first->sent, deadline, frame.now()),
                       foot.ink);
    right -= 22;
  }
  if (low) {
    const float room = right - title.x - took - 8;
    const float slots = std::min(150.0f, room);
    if (slots >= kLeastSlot) {
      draw_slots(frame, {right - slots, box.y + 3, slots, box.h - 6}, row);
      right -= slots + 6;
    } else if (row.link != nullptr && !row.link->in_flight_requests.empty()) {
      const std::string count = std::to_string(row.link->in_flight_requests.size());
      right -= frame.canvas.text({title.x + took + 6, title.y, room, title.h}, Font::kMonoTiny, kText, count,
                                 Align::kRight);
    }
  }
  const bool silent = late && !low;
  frame.canvas.text({title.x + took + 10, title.y, right - title.x - took - 10, title.h}, Font::kLabel,
                    late ? foot.ink : words.ink,
                    {silent ? say(Text::not_answering) : std::string_view(words.state),
                     silent ? say(Text::silent) : std::string_view(words.brief)});
  if (low) return;
  const float slot_height = tall ? 24 : box.h >= 52 ? 20 : 17;
  draw_slots(frame, {box.x + 10, box.y + 26, box.w - 20, slot_height}, row);
  if (tall) {
    frame.canvas.text({box.x + 10, box.y + 54, box.w - 20, 13}, Font::kTiny, foot.ink,
                      {foot.words, foot.brief});
  }
}

std::vector<NodeRow> node_rows(const Frame& frame) {
  std::vector<NodeRow> rows;
  const ProducerModel* producer = frame.producer();
  for (const auto& [id, broker] : frame.model().brokers) {
    NodeRow row{id, &broker, nullptr};
    if (producer != nullptr) {
      const auto link = producer->links.find(id);
      if (link != producer->links.end()) row.link = &link->second;
    }
    rows.push_back(row);
  }
  if (producer == nullptr) return rows;
  for (const auto& [id, link] : producer->links) {
    if (id >= 0 && !frame.model().brokers.contains(id)) rows.push_back({id, nullptr, &link});
  }
  for (const auto& [id, link] : producer->links) {
    const bool opening =
        link.state == ConnectionState::kConnecting || link.state == ConnectionState::kCheckingApiVersions;
    const bool busy = opening || !link.in_flight_requests.empty();
    if (id < 0 && busy) rows.push_back({id, nullptr, &link});
  }
  return rows;
}

namespace {

constexpr std::initializer_list<RowSize> kNodeRows = {{86, 10}, {74, 8}, {72, 6}, {68, 5},
                                                      {64, 5},  {52, 5}, {46, 4}, {26, 4}};

}  // namespace

void draw_brokers(const Frame& frame) {
  std::vector<NodeRow> rows;
  for (const auto& [id, broker] : frame.model().brokers) rows.push_back({id, &broker, nullptr});
  const Rect& column = frame.at.brokers;
  const Rect area{column.x, column.y + 38, column.w, column.h - 46};
  const RowPlan plan = plan_rows(area.h, rows.size(), kNodeRows, frame.in.view.scrolled(ListName::kNodes));
  brokers_heading(frame, plan.size.height);
  for (std::size_t i = 0; i < plan.shown; ++i)
    draw_broker_card(frame, {area.x, plan.y(area, i), area.w, plan.size.height}, rows[plan.first + i]);
  more_row(frame, area, plan, ListName::kNodes);
}

void draw_nodes(const Frame& frame) {
  const Regions& at = frame.at;
  const auto limit = config_number(frame.model(), frame.in.words(), frame.producer_index(),
                                   "max.in.flight.requests.per.connection");
  heading(frame, {at.in_flight.x, at.in_flight.y + 12, at.in_flight.w, 16}, say(Text::heading_in_flight),
          limit ? say(Text::per_node_at_most, std::to_string(*limit)) : "", say(Text::in_flight_tip));
  const std::vector<NodeRow> rows = node_rows(frame);
  Rect area{at.in_flight.x, at.in_flight.y + 38, at.in_flight.w, at.in_flight.h - 46};
  const Rect top = area.cut_top(area.h >= 150 ? kSenderRow + 6 : 0);
  if (top.h > 0 && frame.producer() != nullptr) {
    draw_sender(frame, {top.x, top.y, top.w, kSenderRow});
    draw_metadata(frame, {at.brokers.x, top.y, at.brokers.w, kSenderRow});
  }
  const RowPlan plan = plan_rows(area.h, rows.size(), kNodeRows, frame.in.view.scrolled(ListName::kNodes));
  brokers_heading(frame, plan.size.height);
  for (std::size_t i = 0; i < plan.shown; ++i) {
    const NodeRow& row = rows[plan.first + i];
    const float y = plan.y(area, i);
    if (frame.producer() != nullptr) draw_in_flight_card(frame, {area.x, y, area.w, plan.size.height}, row);
    if (row.broker != nullptr) {
      draw_broker_card(frame, {at.brokers.x, y, at.brokers.w, plan.size.height}, row);
    }
  }
  for (std::size_t i = 0; i < plan.shown; ++i) {
    draw_wire(frame, {at.wire.x, plan.y(area, i), at.wire.w, plan.size.height}, rows[plan.first + i]);
  }
  more_row(frame, area, plan, ListName::kNodes);
}

}  // namespace sendscope::ui
