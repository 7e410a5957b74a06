// What a producer waits for, in words.
#include "core/producer/producer_parts.h"

namespace sendscope {

namespace {

// "InitProducerId: COORDINATOR_LOAD_IN_PROGRESS"
void add_wait(std::string& text, const std::string& what, ErrorCode why, const char* otherwise) {
  if (!text.empty()) text += ", ";
  text += what + (why == ErrorCode::kNone ? otherwise : ": " + std::string(error_row(why).name));
}

}  // namespace

std::string Producer::waits_for() const {
  const Parts& p = *parts_;
  std::string text;
  if (!p.metadata.last_full_success_ms())
    add_wait(text, "metadata", ErrorCode::kNone, ": no broker has answered yet");
  if (p.transactions != nullptr) {
    if (const auto asked = p.transactions->asked())
      add_wait(text, std::string(api_row(asked->api).name), asked->last_error, ": no answer yet");
  }
  if (const std::size_t count = p.accumulator.incomplete_count(); count > 0)
    add_wait(text, std::to_string(count) + (count == 1 ? " batch" : " batches") + " not acknowledged",
             p.sender.last_retry_error(), "");
  return text;
}

}  // namespace sendscope
