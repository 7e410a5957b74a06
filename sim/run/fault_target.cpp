#include "sim/run/fault_target.h"

#include <algorithm>

#include "sim/run/texts.h"

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
  const std::string number = std::to_string(*filter->request);
  if (request == nullptr) return say(Refusal::request_unknown, number);
  if (!request->in_flight) {
    const bool failed = request->phase == RequestPhase::kFailed;
    return say(failed ? Refusal::request_given_up : Refusal::request_answered, number);
  }
  const NodeLink* link = model.link(request->producer, request->node);
  const auto* message = sim::part_of<sim::MessageFilter>(fault.action);
  if (message != nullptr && message->what == MessageKind::kRequest) {
    if (request->request_lost || request->request_held) return say(Refusal::request_lost, number);
    if (request->phase != RequestPhase::kTravelling || request->request_delay_us > 0)
      return say(Refusal::request_arrived, number);
    const bool stuck = link != nullptr && link->requests_stuck;
    return stuck ? say(Refusal::request_behind_lost, number) : "";
  }
  if (request->phase == RequestPhase::kResponseTravelling) return say(Refusal::response_left, number);
  if (sim::part_of<sim::Respond>(fault.action) != nullptr)
    return request->judged ? say(Refusal::request_in_log, number) : "";
  const bool stuck = link != nullptr && link->responses_stuck;
  return stuck ? say(Refusal::response_behind_lost, number) : "";
}

}  // namespace sendscope::run
