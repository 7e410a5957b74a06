// The columns of the stage, each drawn by a file of its own.
#pragma once

#include "ui/layout/widgets.h"

namespace sendscope::ui {

void draw_threads(const Frame& frame, Rect column);
void draw_pool(const Frame& frame, Rect column);
void draw_partitions(const Frame& frame, Rect column);
void draw_sender(const Frame& frame, Rect box);
void draw_metadata(const Frame& frame, Rect box);
void draw_nodes(const Frame& frame);    // in flight, the wire, brokers: rows of one node lie side by side
void draw_brokers(const Frame& frame);  // the brokers alone
void draw_multiples(
    const Frame& frame);  // instead of all of them: several producers side by side, and the brokers

// Everything about a node that its two cards say.
struct NodeRow {
  NodeId id = 0;
  const BrokerModel* broker = nullptr;  // nullptr: only an address to bootstrap from
  const NodeLink* link = nullptr;       // nullptr: the producer has not heard of it
};
// The brokers, what else the producer is connected to, and busy addresses to bootstrap from.
std::vector<NodeRow> node_rows(const Frame& frame);
void draw_in_flight_card(const Frame& frame, Rect box, const NodeRow& row);
void draw_broker_card(const Frame& frame, Rect box, const NodeRow& row);
// Messages between a node's two cards, `lane` high.
void draw_wire(const Frame& frame, Rect lane, const NodeRow& row);

// How a batch looks in pool, deque and slot: hue of its partition, treatment of its state.
struct BatchLook {
  Paint ground, border;
  bool dashed = false, hatched = false;
  float weight = 1;
  float fill = 0;  // part of the box that is filled: bytes of capacity
};
BatchLook batch_look(const BatchModel& batch);
void draw_batch_box(const Frame& frame, Rect box, const BatchModel& batch, std::string_view part);
// "in flight", "retrying in 61 ms", ...
std::string batch_words(const Frame& frame, const BatchModel& batch);
// Where its memory is.
std::string_view batch_memory_words(const Frame& frame, const BatchModel& batch);
std::string batch_tip(const Frame& frame, const BatchModel& batch);
std::string request_tip(const Frame& frame, const RequestModel& request);

// The boxes of a deque inside `area`, its front at the right; returns where they begin.
float draw_deque(const Frame& frame, Rect area, const ProducerModel& producer,
                 const std::deque<BatchId>& deque);
std::string pool_tip(const PoolModel& pool);

std::string partition_label(const Frame& frame, PartitionIndex partition);

}  // namespace sendscope::ui
