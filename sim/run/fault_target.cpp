#include "sim/run/fault_target.h"

#include <algorithm>

namespace sendscope::run {
namespace {

// The request that the fault names by its producer and its number there; nullptr: not known.
const RequestModel* target(const PipelineModel& model, const std::vector<std::string>& producers,
                           const sim::RequestFilter& filter) {
  const auto named = std::find(producers.begin(), producers.end(), filter.client);
  if (named == producers.end()) return nullptr;
  return model.request(make_id(static_cast<std::size_t>(named - producers.begin()), *filter.request));
}

}  // namespace

std::string missed(const PipelineModel& model, const std::vector<std::string>& producers,
                   const sim::FaultSpec& fault) {
  const auto* filter = sim::part_of<sim::RequestFilter>(fault.action);
  if (filter == nullptr || !filter->request) return {};
  const RequestModel* request = target(model, producers, *filter);
  const std::string name = "request " + std::to_string(*filter->request);
  if (request == nullptr) return name + " is not known at this moment";
  if (!request->in_flight) {
    return name + (request->phase == RequestPhase::kFailed ? " was given up" : " was answered") + " already";
  }
  const NodeLink* link = model.link(request->producer, request->node);
  const auto* message = sim::part_of<sim::MessageFilter>(fault.action);
  if (message != nullptr && message->what == MessageKind::kRequest) {
    if (request->request_lost || request->request_held) return name + " is lost already";
    if (request->phase != RequestPhase::kTravelling || request->request_delay_us > 0)
      return name + " has arrived already";
    return link != nullptr && link->requests_stuck ? name + " is behind a lost one already" : "";
  }
  if (request->phase == RequestPhase::kResponseTravelling)
    return "the response to " + name + " has left already";
  if (sim::part_of<sim::Respond>(fault.action) != nullptr)
    return request->judged ? name + " is in the log already" : "";
  const bool stuck = link != nullptr && link->responses_stuck;
  return stuck ? "the response to " + name + " is behind a lost one already" : "";
}

}  // namespace sendscope::run
