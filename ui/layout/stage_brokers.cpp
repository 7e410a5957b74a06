// Brokers with their logs, and the messages on the wire between a node's two cards.
#include <algorithm>
#include <cmath>

#include "core/event/event_texts.h"
#include "core/model/queries.h"
#include "ui/layout/format.h"
#include "ui/layout/logs.h"
#include "ui/layout/stage.h"
#include "ui/layout/texts.h"

namespace sendscope::ui {
namespace {

// "orders-0, -3, payments-1"
std::string list_of(const Frame& frame, const std::vector<PartitionIndex>& partitions) {
  std::string words;
  StringId topic = 0;
  for (std::size_t i = 0; i < partitions.size(); ++i) {
    const PartitionModel& partition = frame.model().partitions[partitions[i]];
    if (i > 0) words += ", ";
    words += i > 0 && partition.topic == topic ? "-" + std::to_string(partition.number)
                                               : partition_label(frame, partitions[i]);
    topic = partition.topic;
  }
  return words;
}

std::string leads_words(const Frame& frame, NodeId node) {
  const std::vector<PartitionIndex> led = led_by(frame.model(), node);
  return led.empty() ? said(Text::leads_nothing) : say(Text::leads_names, list_of(frame, led));
}

// Partitions that the node follows and has not caught up with.
std::vector<PartitionIndex> behind_in(const Frame& frame, NodeId node) {
  std::vector<PartitionIndex> out;
  for (const LogLine& line : logs_of(frame, node)) {
    if (line.log->leader != node && line.replica != nullptr && !line.replica->in_sync)
      out.push_back(line.partition);
  }
  return out;
}

// The fewest replicas in sync of what the node leads: "ISR 2 of 3". Empty where nothing is replicated.
struct InSync {
  std::string words, brief;
  bool all = true;
};

InSync in_sync_words(const Frame& frame, NodeId node) {
  InSync out;
  std::uint32_t fewest = UINT32_MAX;
  for (const PartitionModel& partition : frame.model().partitions) {
    const LogModel& log = partition.log;
    const auto replicas = static_cast<std::uint32_t>(log.replicas.size());
    if (log.leader != node || replicas < 2 || log.in_sync_count > fewest) continue;
    fewest = log.in_sync_count;
    const std::string count = std::to_string(fewest), all = std::to_string(replicas);
    out = {say(Text::isr_of, count, all), count + "/" + all, fewest >= replicas};
  }
  return out;
}

struct BrokerWords {
  std::string words, brief, least;  // the same in less room
  Paint ink = kSecondary;
  bool trouble = false;
};

// What is over when it has happened; what came of it is seen in the state of the node and its logs.
bool lasts(std::string_view verb) {
  constexpr std::string_view kMoments[] = {"kill",       "restart",        "pause",
                                           "resume",     "disconnect",     "move_leader",
                                           "expand_isr", "add_partitions", "delete_topic"};
  return std::find(std::begin(kMoments), std::end(kMoments), verb) == std::end(kMoments);
}

std::string since_fault(const Frame& frame, NodeId node) {
  const StringTable& words = frame.in.words();
  for (auto fault = frame.model().faults.rbegin(); fault != frame.model().faults.rend(); ++fault) {
    if (fault->ended < 0 && fault->node == static_cast<std::uint32_t>(node) && lasts(words.view(fault->verb)))
      return std::string(words.view(fault->description));
  }
  return "";
}

BrokerWords broker_words(const Frame& frame, const NodeRow& row) {
  const std::string ago = short_duration(frame.now() - row.broker->since);
  const std::string state(enum_words(Unit::kNodeState, static_cast<std::uint64_t>(row.broker->state)));
  if (row.broker->state == NodeState::kKilled)
    return {say(Text::killed_ago, ago), state, state, {Tone::kTrouble}, true};
  if (row.broker->state == NodeState::kPaused)
    return {say(Text::paused_ago, ago), state, state, {Tone::kTrouble}, true};
  const std::string fault = since_fault(frame, row.id);
  if (!fault.empty()) return {fault, said(Text::with_a_fault), said(Text::fault), {Tone::kWaiting}, false};
  const std::vector<PartitionIndex> behind = behind_in(frame, row.id);
  const std::size_t led = led_by(frame.model(), row.id).size();
  if (!behind.empty() && led == 0)
    return {say(Text::not_in_sync_names, list_of(frame, behind)),
            said(Text::not_in_sync),
            said(Text::behind),
            {Tone::kWaiting},
            false};
  const std::string count = std::to_string(led);
  const std::string brief =
      led == 1 ? list_of(frame, led_by(frame.model(), row.id)) : say(Text::leads_partitions, count);
  return {leads_words(frame, row.id), brief, say(Text::leads_count, count), kSecondary, false};
}

// A card's line of words, in as much as its room takes.
void draw_broker_words(const Frame& frame, Rect line, const BrokerWords& words) {
  const std::string_view last = words.ink == kSecondary ? std::string_view() : words.least;
  frame.canvas.text(line, Font::kTiny, words.ink, {words.words, words.brief, words.least, last});
}

// A message on the wire: a box with a nose in the direction it goes.
void draw_message(const Frame& frame, Rect lane, const RequestModel& request,
                  const TravelPosition& position) {
  const Subject subject = request_subject(request.id);
  const Dimmed dimmed(frame, subject);
  Scene& scene = frame.scene();
  const bool back = position.stage == TravelStage::kToProducer;
  const float part = static_cast<float>(position.per_mille) / 1000.0f;
  const float width = 16, height = 10, room = lane.w - width;
  const float x = lane.x + (back ? 1 - part : part) * room;
  const float y = lane.h < 34 ? lane.middle_y() - height / 2
                              : lane.y + (back ? 46.0f : 33.0f) - height / 2 + (lane.h < 60 ? -4.0f : 0.0f);
  const Tone hue = request.batches.empty() ? Tone::kSecondary : hue_of(request.batches.front().partition);
  const Rect body{back ? x + 5 : x, y, width - 5, height};
  if (position.lost) {
    scene.dash_stroke({x, y, width, height}, {Tone::kTrouble}, 1, 2);
    scene.line({x + 4, y + 2}, {x + width - 4, y + height - 2}, {Tone::kTrouble}, 1.5f);
    scene.line({x + 4, y + height - 2}, {x + width - 4, y + 2}, {Tone::kTrouble}, 1.5f);
  } else {
    scene.fill(body, {hue, back ? 0.7f : 1.0f}, 2);
    scene.triangle(back ? Rect{x, y, 6, height} : Rect{x + width - 6, y, 6, height}, back ? 2 : 0,
                   {hue, back ? 0.7f : 1.0f});
  }
  scene.hit({x, y, width, height}, subject, back ? "response" : "request", request_tip(frame, request),
            select_action(subject));
}

}  // namespace

void draw_broker_card(const Frame& frame, Rect box, const NodeRow& row) {
  const Subject subject = node_subject(row.id);
  const Dimmed dimmed(frame, subject);
  const BrokerWords words = broker_words(frame, row);
  card(frame, box, subject, {words.trouble ? Tone::kTrouble : Tone::kLine, words.trouble ? 1.5f : 1.0f});
  const std::string name = say(EventText::node, std::to_string(row.id));
  const std::string_view state = enum_words(Unit::kNodeState, static_cast<std::uint64_t>(row.broker->state));
  std::string tip = name + tip_row(Text::process, state) + "\n" + leads_words(frame, row.id);
  const std::vector<PartitionIndex> behind = behind_in(frame, row.id);
  if (!behind.empty()) tip += tip_row(Text::not_in_sync, list_of(frame, behind), "replica.lag.time.max.ms");
  if (frame.model().run.live) tip += tip_row(Text::log, say(Text::log_not_known_fact));
  const std::string fault = since_fault(frame, row.id);
  if (!fault.empty()) tip += tip_row(Text::fault, fault);
  frame.scene().hit(box, subject, "broker", tip + tip_line(Text::break_by_right_click),
                    select_action(subject));

  if (box.h < 34) {
    const float took =
        frame.canvas.text({box.x + 10, box.y, box.w - 20, box.h}, Font::kMonoSmall, kText, name);
    draw_broker_words(frame, {box.x + took + 16, box.y, box.w - took - 22, box.h}, words);
    return;
  }
  const float took = frame.canvas.text({box.x + 12, box.y + 7, box.w - 34, 15}, Font::kMono, kText, name);
  if (row.broker->state == NodeState::kPaused) {
    frame.scene().fill({box.right() - 19, box.y + 11, 2, 9}, {Tone::kTrouble});
    frame.scene().fill({box.right() - 14, box.y + 11, 2, 9}, {Tone::kTrouble});
  } else if (row.broker->state == NodeState::kKilled) {
    frame.scene().line({box.right() - 20, box.y + 11}, {box.right() - 12, box.y + 19}, {Tone::kTrouble},
                       1.5f);
    frame.scene().line({box.right() - 20, box.y + 19}, {box.right() - 12, box.y + 11}, {Tone::kTrouble},
                       1.5f);
  }
  draw_broker_words(frame, {box.x + 12, box.y + 23, box.w - 24, 13}, words);
  if (const InSync in_sync = in_sync_words(frame, row.id); !words.trouble && !in_sync.words.empty()) {
    const float from = box.x + 12 + took + 8;
    frame.canvas.text({from, box.y + 8, box.right() - 12 - from, 13}, Font::kTiny,
                      in_sync.all ? kFaint : Paint{Tone::kWaiting}, {in_sync.words, in_sync.brief, ""},
                      Align::kRight);
  }
  const Rect logs = logs_area(box);
  if (frame.model().run.live && logs.h >= 13) {
    frame.canvas.text({logs.x, logs.y - 1, logs.w, 13}, Font::kTiny, kFaint, say(Text::its_log_not_known));
  } else {
    draw_logs(frame, box, row.id);
  }
}

void draw_wire(const Frame& frame, Rect lane, const NodeRow& row) {
  for (const ProducerModel& producer : frame.model().producers) {
    for (const auto& [id, request] : producer.requests) {
      if (request.node != row.id || request.settled()) continue;
      const TravelPosition position = frame.in.travel.position(id, frame.now());
      const bool moves =
          position.stage == TravelStage::kToBroker || position.stage == TravelStage::kToProducer;
      if (moves) draw_message(frame, lane.inset(1, 0), request, position);
    }
  }
}

}  // namespace sendscope::ui
