// Brokers with their logs, and the messages on the wire between a node's two cards.
#include <algorithm>
#include <cmath>

#include "ui/layout/format.h"
#include "ui/layout/stage.h"
#include "ui/model/queries.h"

namespace sendscope::ui {
namespace {

struct LogLine {
  PartitionIndex partition;
  const LogModel* log;
  const ReplicaLog* replica;
};

std::vector<LogLine> logs_of(const Frame& frame, NodeId node) {
  std::vector<LogLine> lines;
  const auto& partitions = frame.model().partitions;
  for (std::size_t i = 0; i < partitions.size(); ++i) {
    const LogModel& log = partitions[i].log;
    const ReplicaLog* replica = log.replica(node);
    if (log.leader == node || replica != nullptr)
      lines.push_back({static_cast<PartitionIndex>(i), &log, replica});
  }
  // What it leads stands above what it follows.
  std::stable_sort(lines.begin(), lines.end(), [&](const LogLine& a, const LogLine& b) {
    return (a.log->leader == node) > (b.log->leader == node);
  });
  return lines;
}

std::int64_t longest_log(const PipelineModel& model) {
  std::int64_t most = 1;
  for (const PartitionModel& partition : model.partitions) most = std::max(most, partition.log.size());
  return most;
}

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
  return led.empty() ? "leads nothing" : "leads " + list_of(frame, led);
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
  std::string words;
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
    out = {"ISR " + std::to_string(fewest) + " of " + std::to_string(replicas), fewest >= replicas};
  }
  return out;
}

struct BrokerWords {
  std::string words;
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
  const Nanos since = frame.now() - row.broker->since;
  if (row.broker->state == NodeState::kKilled)
    return {"killed " + short_duration(since) + " ago", {Tone::kTrouble}, true};
  if (row.broker->state == NodeState::kPaused)
    return {"paused " + short_duration(since) + " ago", {Tone::kTrouble}, true};
  const std::string fault = since_fault(frame, row.id);
  if (!fault.empty()) return {fault, {Tone::kWaiting}, false};
  const std::vector<PartitionIndex> behind = behind_in(frame, row.id);
  if (!behind.empty() && led_by(frame.model(), row.id).empty())
    return {"not in sync: " + list_of(frame, behind), {Tone::kWaiting}, false};
  return {leads_words(frame, row.id), kSecondary, false};
}

std::string log_tip(const Frame& frame, const LogLine& line, NodeId node) {
  std::string tip = partition_label(frame, line.partition) + " on node " + std::to_string(node);
  tip += std::string("\nrole\t") + (line.log->leader == node ? "leader" : "follower");
  if (line.replica != nullptr) {
    tip += "\nrecords in the log\t" + count_text(line.replica->end_offset);
    tip += "\nhigh watermark\t" + count_text(line.replica->high_watermark);
    tip += std::string("\nin sync\t") + (line.replica->in_sync ? "yes" : "no") + "\tmin.insync.replicas";
  }
  const std::uint64_t twice = line.log->leader_content.duplicates();
  if (line.log->leader == node && twice > 0)
    tip += "\nstored twice\t" + count_text(static_cast<std::int64_t>(twice));
  if (line.log->leader == node && line.log->leader_content.out_of_order > 0) {
    tip += "\nbatches out of order\t" + std::to_string(line.log->leader_content.out_of_order);
  }
  return tip;
}

void draw_log(const Frame& frame, Rect box, const LogLine& line, NodeId node, std::int64_t longest) {
  Scene& scene = frame.scene();
  const Subject subject = partition_subject(line.partition);
  const Dimmed dimmed(frame, subject);
  const bool leads = line.log->leader == node;
  scene.fill(box, {Tone::kRaised}, 2);
  const float scale = box.w / (static_cast<float>(longest) * 1.15f);
  const float end = line.replica != nullptr ? static_cast<float>(line.replica->end_offset) * scale : 0;
  if (end > 0)
    scene.fill({box.x, box.y, std::max(2.0f, end), box.h}, {hue_of(line.partition), leads ? 0.75f : 0.35f},
               2);
  if (line.replica != nullptr && line.replica->end_offset > 0) {
    const float mark = box.x + std::floor(static_cast<float>(line.replica->high_watermark) * scale);
    scene.fill({mark, box.y - 1, 1, box.h + 2}, {Tone::kText});
  }
  scene.hit({box.x, box.y - 2, box.w, box.h + 4}, subject, "log", log_tip(frame, line, node),
            select_action(subject));
}

void draw_logs(const Frame& frame, Rect area, const NodeRow& row) {
  const std::vector<LogLine> lines = logs_of(frame, row.id);
  if (lines.empty() || area.h < 7) return;
  const float height = lines.size() * 12.0f <= area.h ? 8.0f : 4.0f,
              step = height + (height > 4 ? 5.0f : 3.0f);
  const auto fits = static_cast<std::size_t>(std::max(1.0f, std::floor((area.h + 3) / step)));
  const std::int64_t longest = longest_log(frame.model());
  for (std::size_t i = 0; i < lines.size() && i < fits; ++i) {
    draw_log(frame, {area.x, area.y + static_cast<float>(i) * step, area.w, height}, lines[i], row.id,
             longest);
  }
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
  std::string tip = "node " + std::to_string(row.id) + "\nprocess\t" +
                    std::string(enum_name(Unit::kNodeState, static_cast<std::uint64_t>(row.broker->state))) +
                    "\n" + leads_words(frame, row.id);
  const std::vector<PartitionIndex> behind = behind_in(frame, row.id);
  if (!behind.empty()) tip += "\nnot in sync\t" + list_of(frame, behind) + "\treplica.lag.time.max.ms";
  if (frame.model().run.live) tip += "\nlog\tnot known: the producer sees answers only";
  const std::string fault = since_fault(frame, row.id);
  if (!fault.empty()) tip += "\nfault\t" + fault;
  frame.scene().hit(box, subject, "broker", tip + "\nA right click offers what can go wrong with it.",
                    select_action(subject));
  const std::string name = "node " + std::to_string(row.id);
  if (box.h < 34) {
    const float took =
        frame.canvas.text({box.x + 10, box.y, box.w - 20, box.h}, Font::kMonoSmall, kText, name);
    frame.canvas.text({box.x + took + 18, box.y, box.w - took - 26, box.h}, Font::kTiny, words.ink,
                      words.words);
    return;
  }
  frame.canvas.text({box.x + 12, box.y + 7, box.w - 34, 15}, Font::kMono, kText, name);
  if (row.broker->state == NodeState::kPaused) {
    frame.scene().fill({box.right() - 19, box.y + 11, 2, 9}, {Tone::kTrouble});
    frame.scene().fill({box.right() - 14, box.y + 11, 2, 9}, {Tone::kTrouble});
  } else if (row.broker->state == NodeState::kKilled) {
    frame.scene().line({box.right() - 20, box.y + 11}, {box.right() - 12, box.y + 19}, {Tone::kTrouble},
                       1.5f);
    frame.scene().line({box.right() - 20, box.y + 19}, {box.right() - 12, box.y + 11}, {Tone::kTrouble},
                       1.5f);
  }
  frame.canvas.text({box.x + 12, box.y + 23, box.w - 24, 13}, Font::kTiny, words.ink, words.words);
  if (const InSync in_sync = in_sync_words(frame, row.id); !words.trouble && !in_sync.words.empty()) {
    frame.canvas.text({box.right() - 72, box.y + 8, 60, 13}, Font::kTiny,
                      in_sync.all ? kFaint : Paint{Tone::kWaiting}, in_sync.words, Align::kRight);
  }
  const Rect logs{box.x + 12, box.y + 42, box.w - 24, box.h - 46};
  if (frame.model().run.live && logs.h >= 13) {
    frame.canvas.text({logs.x, logs.y - 3, logs.w, 13}, Font::kTiny, kFaint, "its log is not known here");
  } else {
    draw_logs(frame, logs, row);
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
