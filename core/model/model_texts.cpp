#include "core/model/model_texts.h"

#include "core/model/request_model.h"
#include "core/model/wait_cause.h"

namespace sendscope {
namespace {

constexpr TextRow kModelTexts[] = {
#define WAIT_CAUSE(cause, side, words, brief, not_yet, look) {"wait." #cause, words},
#include "core/model/wait_causes.def"
#undef WAIT_CAUSE
#define WAIT_CAUSE(cause, side, words, brief, not_yet, look) {"wait_brief." #cause, brief},
#include "core/model/wait_causes.def"
#undef WAIT_CAUSE
#define WAIT_CAUSE(cause, side, words, brief, not_yet, look) {"not_yet." #cause, not_yet},
#include "core/model/wait_causes.def"
#undef WAIT_CAUSE
#define WAIT_CAUSE(cause, side, words, brief, not_yet, look) {"look." #cause, look},
#include "core/model/wait_causes.def"
#undef WAIT_CAUSE
#define REQUEST_PHASE(phase, words) {"phase." #phase, words},
#include "core/model/request_phases.def"
#undef REQUEST_PHASE
};
constexpr std::size_t kFirstBrief = kWaitCauses, kFirstNotYet = 2 * kWaitCauses, kFirstLook = 3 * kWaitCauses;
constexpr std::size_t kFirstPhase = 4 * kWaitCauses;

}  // namespace

TextTable& model_texts() {
  static TextTable texts{kModelTexts};
  return texts;
}

std::string_view wait_cause_text(WaitCause cause) { return model_texts()[static_cast<std::size_t>(cause)]; }

std::string_view wait_cause_brief(WaitCause cause) {
  return model_texts()[kFirstBrief + static_cast<std::size_t>(cause)];
}

std::string_view look_text(WaitCause cause) {
  return model_texts()[kFirstLook + static_cast<std::size_t>(cause)];
}

std::string_view not_yet_text(WaitCause cause) {
  return model_texts()[kFirstNotYet + static_cast<std::size_t>(cause)];
}

std::string_view request_phase_text(RequestPhase phase) {
  return model_texts()[kFirstPhase + static_cast<std::size_t>(phase)];
}

}  // namespace sendscope
