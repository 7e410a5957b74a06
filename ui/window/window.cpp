#include "ui/window/window.h"

#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <ctime>

#include "sim/run/scenario_file.h"
#include "ui/terminal/interrupt.h"
#include "ui/window/file_watch.h"
#include "ui/window/graphics.h"
#include "ui/window/key_map.h"
#include "ui/window/scenario_menu.h"
#include "ui/window/settings.h"
#include "ui/workbench/keyboard.h"
#include "ui/workbench/pointer.h"

namespace sendscope::ui {
namespace {

constexpr int kWidth = 1280, kHeight = 720;
constexpr Nanos kWorkBudget = 6 * kNanosPerMilli;
constexpr double kLongestFrame = 0.1;  // seconds of playing that one frame may take

using Clock = std::chrono::steady_clock;

run::TimeLeft for_at_most(Nanos budget) {
  return [end = Clock::now() + std::chrono::nanoseconds(budget)] { return Clock::now() < end; };
}

class Window {
 public:
  Window(std::unique_ptr<Graphics> graphics, std::unique_ptr<run::Session> session,
         const WindowOptions& options)
      : graphics_(std::move(graphics)), menu_(scenario_menu()), settings_(options.settings) {
    for (MenuItem& item : menu_) item.step = settings_.step(item.path);
    open_bench(std::move(session));
    View& view = bench_->view();
    view.scale_percent =
        std::clamp(static_cast<int>(graphics_->content_scale() * 100), kScales.front(), kScales.back());
    settings_.apply(view);
    view.light = options.light.value_or(view.light);
    view.scale_percent = options.scale_percent.value_or(view.scale_percent);
    view.playing = options.playing;
    noted_ = view;
    if (!settings_.trouble().empty()) bench_->tell(settings_.trouble());
    hook();
  }

  void run();
  void measure(int frames);
  void measure_idle(int seconds);

 private:
  static Window& of(GLFWwindow* window) { return *static_cast<Window*>(glfwGetWindowUserPointer(window)); }

  void hook();
  void open_bench(std::unique_ptr<run::Session> session);
  void open_item(std::size_t index);
  void read_again();
  void serve_requests();
  void keep_settings();
  // One turn of the loop: sleeps while there is nothing to do, `longest` seconds at the most (0: however
  // long).
  void turn(double longest);
  void draw();
  float scale() const { return static_cast<float>(bench_->view().scale_percent) / 100; }
  float width() const;
  float height() const;
  void act(const Action& action) { bench_->act(action, width(), height()); }

  std::unique_ptr<Graphics> graphics_;
  std::vector<MenuItem> menu_;
  FileWatch files_;
  Settings settings_;
  View noted_;  // as the settings know it
  std::unique_ptr<Workbench> bench_;
  std::optional<Pointer> pointer_;
  std::optional<Keyboard> keyboard_;
  Scene scene_;
  bool dirty_ = true;
  std::uint64_t draws_ = 0;
  Clock::time_point last_turn_ = Clock::now(), looked_ = last_turn_;
};

float Window::width() const {
  int w = 0, h = 0;
  graphics_->size(w, h);
  return static_cast<float>(w) / scale();
}

float Window::height() const {
  int w = 0, h = 0;
  graphics_->size(w, h);
  return static_cast<float>(h) / scale();
}

void Window::open_bench(std::unique_ptr<run::Session> session) {
  View before;
  const bool again = bench_ != nullptr;
  if (again) before = bench_->view();
  bench_ = std::make_unique<Workbench>(std::move(session), menu_);
  pointer_.emplace(*bench_);
  keyboard_.emplace(*bench_);
  if (again) {
    bench_->view().light = before.light;
    bench_->view().scale_percent = before.scale_percent;
    bench_->view().axis = before.axis;
    bench_->view().pointer = before.pointer;
    bench_->view().playing = true;
  }
  // Short runs are known as a whole before they are shown: then their speed can be chosen.
  const auto begin = Clock::now();
  while (bench_->wants_work() && bench_->session().info().kind == run::SessionKind::kSimulated &&
         Clock::now() - begin < std::chrono::milliseconds(250)) {
    bench_->work(for_at_most(kWorkBudget));
  }
  const std::string& source = bench_->session().info().source;
  bench_->view().speed = settings_.speed(source).value_or(bench_->fitting_speed());
  noted_ = bench_->view();
  files_.watch(bench_->session().info().files);
  const std::string title = "sendscope \xe2\x80\x93 " + bench_->session().info().title;
  glfwSetWindowTitle(graphics_->window(), title.c_str());
  dirty_ = true;
}

void Window::open_item(std::size_t index) {
  menu_ = bench_->menu();
  if (index >= menu_.size()) return;
  auto session = run::open_session(menu_[index].path);
  if (session) {
    open_bench(std::move(*session));
  } else {
    bench_->tell(session.error().message);
  }
}

// Somebody writes the scenario or its lesson: what is shown follows. What is wrong in them is told, and what
// was shown stays.
void Window::read_again() {
  auto session = run::read_again(bench_->session(), bench_->cursor().t);
  if (session) {
    bench_->renew(std::move(*session));
    files_.watch(bench_->session().info().files);
  } else {
    const std::string& problems = session.error().message;
    bench_->tell(problems.substr(0, problems.find('\n')));
  }
  dirty_ = true;
}

void Window::hook() {
  GLFWwindow* window = graphics_->window();
  glfwSetWindowUserPointer(window, this);
  glfwSetKeyCallback(window, [](GLFWwindow* w, int key, int scancode, int action, int mods) {
    Window& self = of(w);
    if (action == GLFW_RELEASE) return;
    self.keyboard_->resize(self.width(), self.height());
    self.keyboard_->press(chord_of_code(key, glfwGetKeyName(key, scancode), mods), action == GLFW_REPEAT);
    self.dirty_ = true;
  });
  glfwSetCharCallback(window, [](GLFWwindow* w, unsigned code) {
    of(w).keyboard_->type(code);
    of(w).dirty_ = true;
  });
  glfwSetCursorPosCallback(window, [](GLFWwindow* w, double x, double y) {
    Window& self = of(w);
    int fw = 0, fh = 0, ww = 1, wh = 1;
    glfwGetFramebufferSize(w, &fw, &fh);
    glfwGetWindowSize(w, &ww, &wh);
    const double ratio = ww > 0 ? static_cast<double>(fw) / ww : 1;
    self.pointer_->resize(self.width(), self.height());
    self.pointer_->move(self.scene_, {static_cast<float>(x * ratio) / self.scale(),
                                      static_cast<float>(y * ratio) / self.scale()});
    self.dirty_ = true;
  });
  glfwSetCursorEnterCallback(window, [](GLFWwindow* w, int entered) {
    if (entered == GLFW_FALSE) of(w).pointer_->leave();
    of(w).dirty_ = true;
  });
  glfwSetMouseButtonCallback(window, [](GLFWwindow* w, int button, int action, int) {
    Window& self = of(w);
    if (button > GLFW_MOUSE_BUTTON_RIGHT) return;
    const auto which = button == GLFW_MOUSE_BUTTON_LEFT ? PointerButton::kLeft : PointerButton::kRight;
    self.pointer_->resize(self.width(), self.height());
    if (action == GLFW_PRESS) {
      self.pointer_->press(self.scene_, which);
    } else {
      self.pointer_->release(self.scene_, which);
    }
    self.dirty_ = true;
  });
  glfwSetScrollCallback(window, [](GLFWwindow* w, double, double y) {
    Window& self = of(w);
    self.pointer_->resize(self.width(), self.height());
    self.pointer_->wheel(self.scene_, static_cast<float>(y));
    self.dirty_ = true;
  });
  glfwSetFramebufferSizeCallback(window, [](GLFWwindow* w, int, int) { of(w).dirty_ = true; });
  glfwSetWindowRefreshCallback(window, [](GLFWwindow* w) { of(w).dirty_ = true; });
}

void Window::serve_requests() {
  if (const auto copied = bench_->take_copy()) glfwSetClipboardString(graphics_->window(), copied->c_str());
  if (const auto item = bench_->take_open()) open_item(*item);
}

void Window::keep_settings() {
  View view = bench_->view();
  if (view.dragging) return;
  view.scale_percent = view.presenting.value_or(view.scale_percent);  // larger for now only
  const std::string& source = bench_->session().info().source;
  settings_.note(noted_, view, source);
  settings_.note_step(source, bench_->due_lesson_step());
  noted_ = view;
  if (const auto kept = settings_.save(); !kept) {
    bench_->tell(kept.error().message);
    dirty_ = true;
  }
}

void Window::draw() {
  graphics_->set_scale(scale());
  scene_ = bench_->frame(graphics_->fonts(), width(), height());
  graphics_->draw(scene_, bench_->view().light ? ThemeName::kLight : ThemeName::kDark);
  dirty_ = false;
  ++draws_;
}

// A signal is the window's closing, where a command holds it (live); a sleeping window looks for it.
void Window::run() {
  constexpr double kLookForSignal = 0.2;  // seconds
  constexpr double kLookForFiles = std::chrono::duration<double>(FileWatch::kPause).count();
  while (glfwWindowShouldClose(graphics_->window()) == 0 && !bench_->wants_quit() && interrupt() == 0)
    turn(interrupts_held() ? kLookForSignal : files_.watches() ? kLookForFiles : 0);
  keep_settings();
}

void Window::turn(double longest) {
  const bool busy = bench_->wants_time() || bench_->wants_work();
  if (busy || dirty_) {
    glfwPollEvents();
  } else if (longest > 0) {
    glfwWaitEventsTimeout(longest);
  } else {
    glfwWaitEvents();
  }
  const auto now = Clock::now();
  const double seconds = busy ? std::chrono::duration<double>(now - last_turn_).count() : 0;
  last_turn_ = now;
  serve_requests();
  keep_settings();
  if (now - looked_ >= FileWatch::kPause) {
    looked_ = now;
    if (!bench_->session().renewed_to() && files_.changed()) read_again();
  }
  if (bench_->wants_work() && bench_->work(for_at_most(kWorkBudget))) dirty_ = true;
  if (bench_->play(std::min(seconds, kLongestFrame))) dirty_ = true;
  if (dirty_) {
    draw();
  } else if (busy) {
    glfwWaitEventsTimeout(0.005);  // a live run that tells nothing at the moment
  }
}

void Window::measure_idle(int seconds) {
  bench_->finish_work();
  act(ui::act(Verb::kSeekEvent, static_cast<std::int64_t>(bench_->log().size() / 2)));
  const auto settled = Clock::now() + std::chrono::seconds(1);  // a new window is told its size, and exposed
  while (Clock::now() < settled) turn(0.05);
  const std::uint64_t draws = draws_;
  const std::clock_t cpu = std::clock();
  const auto end = Clock::now() + std::chrono::seconds(seconds);
  while (Clock::now() < end) turn(std::chrono::duration<double>(end - Clock::now()).count());
  const double used = static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC;
  std::printf("paused for %d s: processor %.4f s (%.2f %%), redraws %llu\n", seconds, used,
              100 * used / seconds, static_cast<unsigned long long>(draws_ - draws));
}

void Window::measure(int frames) {
  bench_->finish_work();
  glfwSwapInterval(0);
  draw();
  double worst = 0, total = 0;
  const std::clock_t cpu = std::clock();
  const std::size_t events = bench_->log().size();
  for (int i = 0; i < frames; ++i) {
    glfwPollEvents();
    const auto begin = Clock::now();
    const std::size_t at = events * static_cast<std::size_t>(i + 1) / static_cast<std::size_t>(frames);
    act(ui::act(Verb::kSeekEvent, static_cast<std::int64_t>(at)));
    draw();
    const double ms = std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
    worst = std::max(worst, ms);
    total += ms;
  }
  // Processor time too: on a busy machine the time on the wall says little.
  const double used = 1000.0 * static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC / frames;
  std::printf("frames %d, mean %.2f ms, worst %.2f ms, processor %.2f ms, events %zu\n", frames,
              total / frames, worst, used, events);
}

}  // namespace

Result<void> run_window(std::unique_ptr<run::Session> session, const WindowOptions& options) {
  auto graphics = Graphics::open(kWidth, kHeight);
  if (!graphics) return graphics.error();
  Window window(std::move(*graphics), std::move(session), options);
  if (options.bench_frames > 0) {
    window.measure(options.bench_frames);
  } else if (options.bench_idle_seconds > 0) {
    window.measure_idle(options.bench_idle_seconds);
  } else {
    window.run();
  }
  return {};
}

}  // namespace sendscope::ui
