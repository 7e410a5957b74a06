#include "core/model/model_texts.h"

#include "core/model/why.h"

namespace sendscope {
namespace {

constexpr TextRow kModelTexts[] = {
#define WAIT_CAUSE(cause, words, not_yet) {"wait." #cause, words},
#include "core/model/wait_causes.def"
#undef WAIT_CAUSE
#define WAIT_CAUSE(cause, words, not_yet) {"not_yet." #cause, not_yet},
#include "core/model/wait_causes.def"
#undef WAIT_CAUSE
#define REQUEST_PHASE(phase, words) {"phase." #phase, words},
#include "core/model/request_phases.def"
#undef REQUEST_PHASE
};
constexpr std::size_t kFirstNotYet = static_cast<std::size_t>(WaitCause::kCallbacks) + 1;
constexpr std::size_t kFirstPhase = 2 * kFirstNotYet;

constinit TextTable model_table{kModelTexts};

}  // namespace

TextTable& model_texts() { return model_table; }

std::string_view wait_cause_text(WaitCause cause) { return model_table[static_cast<std::size_t>(cause)]; }

std::string_view not_yet_text(WaitCause cause) {
  return model_table[kFirstNotYet + static_cast<std::size_t>(cause)];
}

std::string_view request_phase_text(RequestPhase phase) {
  return model_table[kFirstPhase + static_cast<std::size_t>(phase)];
}

}  // namespace sendscope
