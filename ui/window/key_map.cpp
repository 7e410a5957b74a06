#include "ui/window/key_map.h"

#include <GLFW/glfw3.h>

namespace sendscope::ui {
namespace {

Action with_control(const KeyPress& press) {
  switch (press.key) {
    case GLFW_KEY_LEFT: return act(Verb::kCause);
    case GLFW_KEY_RIGHT: return act(Verb::kEffect);
    case GLFW_KEY_P: return press.shift ? act(Verb::kSearch) : Action{};
    case GLFW_KEY_O: return act(Verb::kMenu);
    case GLFW_KEY_EQUAL:
    case GLFW_KEY_KP_ADD: return act(Verb::kScaleUp);
    case GLFW_KEY_MINUS:
    case GLFW_KEY_KP_SUBTRACT: return act(Verb::kScaleDown);
    case GLFW_KEY_0: return act(Verb::kScale, 100);
    case GLFW_KEY_L: return act(Verb::kTheme);
    case GLFW_KEY_C: return act(Verb::kCopy);
    case GLFW_KEY_Q: return act(Verb::kQuit);
    default: return {};
  }
}

Action with_shift(const KeyPress& press) {
  if (press.key >= GLFW_KEY_1 && press.key <= GLFW_KEY_9) return act(Verb::kMarkJump, press.key - GLFW_KEY_1);
  switch (press.key) {
    case GLFW_KEY_LEFT: return act(Verb::kFollowPrevious);
    case GLFW_KEY_RIGHT: return act(Verb::kFollowNext);
    case GLFW_KEY_SLASH: return act(Verb::kKeySheet);
    case GLFW_KEY_P: return act(Verb::kProducer, -1);
    default: return {};
  }
}

Action on_time(int key) {
  switch (key) {
    case GLFW_KEY_SPACE: return act(Verb::kPlayPause);
    case GLFW_KEY_LEFT: return act(Verb::kStepBack);
    case GLFW_KEY_RIGHT: return act(Verb::kStep);
    case GLFW_KEY_HOME: return act(Verb::kStart);
    case GLFW_KEY_END: return act(Verb::kEnd);
    case GLFW_KEY_J: return act(Verb::kPlayBackward);
    case GLFW_KEY_K: return act(Verb::kPause);
    case GLFW_KEY_L: return act(Verb::kPlay);
    case GLFW_KEY_MINUS: return act(Verb::kSlower);
    case GLFW_KEY_EQUAL: return act(Verb::kFaster);
    case GLFW_KEY_M: return act(Verb::kMarkSet);
    default: return {};
  }
}

Action on_view(int key, const View& view) {
  switch (key) {
    case GLFW_KEY_COMMA: return act(Verb::kNeighbour, -1);
    case GLFW_KEY_PERIOD: return act(Verb::kNeighbour, 1);
    case GLFW_KEY_W: return act(Verb::kTimelineZoom, 1);
    case GLFW_KEY_S: return act(Verb::kTimelineZoom, -1);
    case GLFW_KEY_A: return act(Verb::kTimelinePan, -200);
    case GLFW_KEY_D: return act(Verb::kTimelinePan, 200);
    case GLFW_KEY_F: return act(Verb::kFocus);
    case GLFW_KEY_T: return act(Verb::kTimelineMode);
    case GLFW_KEY_Y: return act(Verb::kWhy);
    case GLFW_KEY_I: return act(Verb::kSideTab, view.side == SideTab::kLesson ? 0 : 1);
    case GLFW_KEY_TAB: return act(Verb::kTab, (static_cast<int>(view.bottom) + 1) % 3);
    case GLFW_KEY_P: return act(Verb::kProducer);
    case GLFW_KEY_X: return act(Verb::kFaultMenu);
    case GLFW_KEY_SEMICOLON:
    case GLFW_KEY_SLASH: return act(Verb::kSearch);
    case GLFW_KEY_BACKSPACE: return act(Verb::kSelectPrevious);
    case GLFW_KEY_ESCAPE: return act(Verb::kClose);
    default: return {};
  }
}

}  // namespace

Action key_action(const KeyPress& press, const View& view, int due_lesson_step) {
  if (press.control) return with_control(press);
  if (press.key == GLFW_KEY_N) return act(Verb::kLesson, due_lesson_step + (press.shift ? -1 : 1));
  if (press.shift) return with_shift(press);
  if (press.key == GLFW_KEY_F1) return act(Verb::kKeySheet);
  const Action time = on_time(press.key);
  if (time) return time;
  Action other = on_view(press.key, view);
  if (other.verb == Verb::kFaultMenu) other.subject = view.selected;
  return other;
}

}  // namespace sendscope::ui
