// Everything of the window that is not the window: the session, what is folded from it, the cursor, and what
// actions do to them. Runs without a display, so tests and `render` drive it as the window does.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/model/history.h"
#include "sim/run/session.h"
#include "ui/layout/frame.h"
#include "ui/layout/overlays.h"
#include "ui/layout/story.h"
#include "ui/layout/texts.h"
#include "ui/workbench/by_hand.h"
#include "ui/workbench/playback.h"
#include "ui/workbench/search.h"

namespace sendscope::ui {

class Workbench {
 public:
  explicit Workbench(std::unique_ptr<run::Session> session, std::vector<MenuItem> menu = {});
  ~Workbench();

  View& view() { return view_; }
  const View& view() const { return view_; }
  const Cursor& cursor() const { return playback_.cursor(); }
  const EventLog& log() const { return session_->log(); }
  run::Session& session() { return *session_; }

  // The session was read anew from its files: it takes the place of the one before. The cursor stays, and so
  // does what was selected, what was done by hand, and what was predicted where the question is the same.
  void renew(std::unique_ptr<run::Session> session);

  // Works until nothing more happens by itself.
  void finish_work();
  // Lets the session work for about `budget` and takes in what it told. Returns whether anything changed.
  bool work(const run::TimeLeft& time_left);
  // Whether work() has something to do.
  bool wants_work() const {
    return counting_ || !session_->finished() || !search_.done(session_->history()) || wants_choices();
  }
  // Plays `seconds` of wall time, in which the pointer has rested. Returns whether the picture changed.
  bool play(double seconds);
  // Whether play() has something to do.
  bool wants_time() const { return view_.playing || rested_ < kRest; }
  // Another thing lies under the pointer: it is explained once the pointer has rested kRest seconds on it.
  void point_anew();
  static constexpr double kRest = 0.3;
  // Whoever goes on by key wants to see what lies below: the tip is gone until the pointer comes to another
  // thing.
  void hide_tip();

  // Moves the cursor to the time at x of the timeline's plot.
  void seek_x(const Rect& plot, float x);
  // Does what a click or key asks for. Where pointer matters, view().pointer and the size say where it is.
  void act(const Action& action, float width, float height);

  // The sentence of the last event; empty before the first.
  std::string sentence() const;
  // The step of the lesson that is due at the cursor; -1 without a lesson.
  int due_lesson_step() const;
  // Shows a sentence about what went wrong until the next command.
  void tell(std::string notice) { facts_.notice = std::move(notice); }
  // What is lit for the step that is read, unless something is selected.
  std::vector<Subject> lit();
  // What the palette finds for what is typed.
  std::vector<PaletteEntry> palette();

  // The speed at which all that is not silence takes about a quarter of a minute, and everything can be seen;
  // 1 where the end is followed.
  double fitting_speed() const;

  Scene frame(const TextMeasure& measure, float width, float height);

  const std::vector<MenuItem>& menu() const { return facts_.menu; }
  const Facts& facts() const { return facts_; }

  // Requests to the window, taken once.
  std::optional<std::size_t> take_open();  // an item of menu()
  std::optional<std::string> take_copy();
  bool wants_quit() const { return quit_; }

 private:
  struct Derived;

  bool rest(double seconds);
  void take_in(bool from_start);
  void update_axis();
  void update_facts();
  void inspect();
  bool take_news(const run::TimeLeft& time_left);
  void explain_checks();
  void listen();
  void count_answers();
  bool search_on(const run::TimeLeft& time_left);
  void take_found();
  void find(const std::string& text);
  void find_next(int direction);
  void forget_found();
  void follow_story();
  void show_producer(std::size_t index);
  void turn_to_producer(std::int64_t value);
  void put_side_by_side(std::int64_t value);
  void turn_to_page(SidePage page);
  bool shows_split() const;
  bool count_latencies(std::size_t at_most);
  bool count_on(const run::TimeLeft& time_left);
  void select(const Subject& subject, bool remember = true);
  void act_on_time(const Action& action);
  void act_on_view(const Action& action, float width, float height);
  void act_on_timeline(const Action& action, float width, float height);
  void follow(int direction);
  void hop(int direction);
  void neighbour(int direction);
  void zoom(double factor, double centre);
  void pan(double part);
  void fold_lanes(std::int64_t group);
  void focus();
  void lesson_step(int step);
  int next_step() const;
  bool stop_at(int step);
  void read_step();
  void show_lesson();
  bool is_reading(double seconds);
  bool at_end() const;
  void open_next_lesson();
  int asked() const;
  int read_question() const;
  void act_on_prediction(const Action& action);
  void predict();
  void go_to_question();
  void ask_for_number(int step);
  void point_at(const Subject& subject);
  bool points_at_time(Nanos t);
  void see_truths();
  void keep_predictions(const std::vector<LessonText>& before);
  void toggle_side();
  void toggle_presenting();
  bool ask(Deed deed);
  bool take_in_deeds();
  bool knows_choices() const;
  bool wants_choices() const;
  bool look_ahead(const run::TimeLeft& time_left);
  void choose(std::size_t index);
  void follow_choice();
  void order_fault(const sim::FaultSpec& fault);
  bool act_by_hand(const Action& action);
  void save();
  void ask_for_setting(std::size_t index);
  void open_palette(std::string text, std::optional<std::size_t> setting = {});
  void change_setting(std::size_t index, const std::optional<std::string>& value);
  void change_from_now(std::size_t index, const std::string& value);
  void close_top();
  bool overlay_open() const;
  FrameInput input(const PipelineModel& model, float width, float height) const;
  const PipelineModel& model();

  std::unique_ptr<run::Session> session_;
  ByHand hand_;
  std::unique_ptr<Derived> derived_;
  Playback playback_;
  View view_;
  Facts facts_;
  std::vector<Subject> selected_before_;
  std::size_t selected_at_ = 0;
  std::optional<std::size_t> open_;
  std::optional<std::string> copy_;
  bool quit_ = false;
  Search search_;          // for what is typed; else for what was chosen
  std::string answered_;   // the palette's text that view_.answers are for
  bool counting_ = false;  // not all events are counted in the split of latencies that is shown
  bool jump_ = false;      // to the first event found, once there is one
  int told_ = -1;          // the step of the lesson that is told
  double reading_ = 0;     // seconds until playing goes on from a step that is read along
  int renewing_ = 0;       // how often work() has found the run beginning anew
  std::optional<std::pair<std::uint64_t, std::size_t>> looked_at_;  // what facts_.choices are of: run, events
  bool chose_ = false;                    // the cursor goes on to the last event of what was chosen
  std::optional<std::size_t> chosen_at_;  // what was chosen happens after so many events
  double rested_ = kRest;                 // seconds that the pointer has been on what lies under it
  std::optional<Story> tab_;  // what was told when a producer was chosen by hand, which holds until it turns
};

}  // namespace sendscope::ui
