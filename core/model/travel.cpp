#include "core/model/travel.h"

#include <algorithm>

namespace sendscope {
namespace {

constexpr int kWhole = 1000;
constexpr int kNearlyThere = 900;
constexpr int kLostAt = 500;

// How far along, of a journey that takes from..to.
int part(Nanos from, Nanos to, Nanos now) {
  if (now <= from) return 0;
  if (now >= to) return kWhole;
  return static_cast<int>(static_cast<double>(now - from) / static_cast<double>(to - from) * kWhole);
}

// While the end is not known: as the last one went for nine tenths of the way, then ever slower.
int guess(Nanos from, Nanos typical, Nanos now) {
  const double went = static_cast<double>(now - from) / static_cast<double>(std::max<Nanos>(typical, 1));
  if (went <= 0.9) return static_cast<int>(went * kWhole);
  return kNearlyThere + static_cast<int>((kWhole - kNearlyThere) * (1.0 - 0.9 / went));
}

int travelled(Nanos from, Nanos to, bool lost, Nanos typical, Nanos now) {
  const int out = to >= 0 ? part(from, to, now) : guess(from, typical, now);
  return lost ? std::min(out, kLostAt) : out;
}

}  // namespace

void TravelTimes::note(const Event& event) {
  const RequestId id = event.subject;
  if (event.kind == EventKind::request_sent) {
    times_[id].sent = event.t;
    return;
  }
  const bool of_request =
      event.kind == EventKind::request_arrived || event.kind == EventKind::request_started ||
      event.kind == EventKind::response_sent || event.kind == EventKind::response_received ||
      event.kind == EventKind::request_failed || event.kind == EventKind::message_lost;
  if (!of_request) return;
  const auto at = times_.find(id);
  if (at == times_.end()) return;
  RequestTimes& times = at->second;
  switch (event.kind) {
    case EventKind::request_arrived:
      times.arrived = event.t;
      typical_there_ = event.t - times.sent;
      break;
    case EventKind::request_started: times.started = event.t; break;
    case EventKind::response_sent: times.response_sent = event.t; break;
    case EventKind::message_lost:
      (static_cast<MessageKind>(event.a) == MessageKind::kResponse ? times.response_lost
                                                                   : times.request_lost) = true;
      break;
    default:
      times.ended = event.t;
      times.answered = event.kind == EventKind::response_received;
      if (times.answered && times.response_sent >= 0) typical_back_ = event.t - times.response_sent;
      break;
  }
}

const RequestTimes* TravelTimes::find(RequestId request) const {
  const auto at = times_.find(request);
  return at == times_.end() ? nullptr : &at->second;
}

TravelPosition TravelTimes::position(RequestId request, Nanos now) const {
  const RequestTimes* times = find(request);
  if (times == nullptr || now < times->sent) return {};
  if (times->ended >= 0 && now >= times->ended) return {TravelStage::kDone, kWhole, false};
  if (times->response_sent >= 0 && now >= times->response_sent) {
    const bool arrives = times->answered;
    return {TravelStage::kToProducer,
            travelled(times->response_sent, arrives ? times->ended : -1, times->response_lost, typical_back_,
                      now),
            times->response_lost};
  }
  if (times->arrived >= 0 && now >= times->arrived) return {TravelStage::kAtBroker, kWhole, false};
  return {TravelStage::kToBroker,
          travelled(times->sent, times->arrived, times->request_lost, typical_there_, now),
          times->request_lost};
}

}  // namespace sendscope
