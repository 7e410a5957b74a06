// When each request left, arrived, was worked on and was answered: what the position of a request or response
// between producer and broker is a function of. Known for the whole log, so that a message in flight at the
// cursor moves towards the moment at which it does arrive.
#pragma once

#include <cstdint>
#include <unordered_map>

#include "core/event/event.h"

namespace sendscope {

struct RequestTimes {
  Nanos sent = -1;  // -1: has not happened, here and below
  Nanos arrived = -1;
  Nanos started = -1;
  Nanos response_sent = -1;
  Nanos ended = -1;  // answered or given up
  bool answered = false;
  bool request_lost = false;
  bool response_lost = false;
};

enum class TravelStage : std::uint8_t { kNowhere, kToBroker, kAtBroker, kToProducer, kDone };

// Where a request is: on which leg, and how far along it (0 .. 1000 thousandths). A message that is lost
// stops half-way.
struct TravelPosition {
  TravelStage stage = TravelStage::kNowhere;
  int per_mille = 0;
  bool lost = false;
};

class TravelTimes {
 public:
  void note(const Event& event);
  const RequestTimes* find(RequestId request) const;
  // REQUIRES: now is a time the log has reached. While a message's arrival is not in the log yet (a run at
  // its newest moment), it moves by what such a journey took the last time, and slows down before the end.
  TravelPosition position(RequestId request, Nanos now) const;

 private:
  std::unordered_map<RequestId, RequestTimes> times_;
  Nanos typical_there_ = 500'000;  // the last journey of each direction
  Nanos typical_back_ = 500'000;
};

}  // namespace sendscope
