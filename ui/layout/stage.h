// The columns of the stage, each drawn by a file of its own.
#pragma once

#include "ui/layout/widgets.h"

namespace sendscope::ui {

void draw_threads(const Frame& frame, Rect column);
void draw_pool(const Frame& frame, Rect column);
void draw_partitions(const Frame& frame, Rect column);
void draw_sender(const Frame& frame, Rect box);
void draw_metadata(const Frame& frame, Rect box);
void draw_nodes(const Frame& frame);  // in flight, the wire, brokers: rows of one node lie side by side

// Everything about a node that its two cards say.
struct NodeRow {
  NodeId id = 0;
  const BrokerModel* broker = nullptr;  // nullptr: only an address to bootstrap from
  const NodeLink* link = nullptr;       // nullptr: the producer has not heard of it
};
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

std::string partition_label(const Frame& frame, PartitionIndex partition);

}  // namespace sendscope::ui
