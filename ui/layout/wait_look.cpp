#include "ui/layout/wait_look.h"

namespace sendscope::ui {

WaitLook wait_look(WaitCause cause) {
  switch (cause) {
    case WaitCause::kLinger: return {Tone::kSecondary, false};
    case WaitCause::kSender: return {Tone::kSecondary, true};
    case WaitCause::kMetadata:
    case WaitCause::kMemory:
    case WaitCause::kInFlightLimit: return {Tone::kWaiting, false};
    case WaitCause::kMuted:
    case WaitCause::kEarlierBatches: return {Tone::kWaiting, true};
    case WaitCause::kToBroker:
    case WaitCause::kToProducer:
    case WaitCause::kAnswer: return {Tone::kAccent, false};
    case WaitCause::kQueuedAtBroker:
    case WaitCause::kAtBroker: return {Tone::kAccent, true};
    case WaitCause::kLost:
    case WaitCause::kBehindLost: return {Tone::kTrouble, false};
    case WaitCause::kNoLeader:
    case WaitCause::kConnection:
    case WaitCause::kBackoff: return {Tone::kTrouble, true};
    case WaitCause::kCallbacks: return {Tone::kOk, false};
    default: return {Tone::kSecondary, false};
  }
}

void draw_wait_ground(Scene& scene, Rect box, const WaitLook& look, float radius) {
  scene.fill(box, {look.tone, 0.16f}, radius);
  if (look.hatched) scene.hatch(box, {look.tone, 0.3f}, 6);
}

void draw_wait_sign(Scene& scene, Rect box, const WaitLook& look) {
  scene.fill(box, {look.tone, look.hatched ? 0.2f : 0.7f}, 1);
  if (look.hatched) scene.hatch(box, {look.tone, 1}, 4);
  scene.stroke(box, {look.tone}, 1);
}

}  // namespace sendscope::ui
