// `sendscope render`: the window's frame as a picture, without a display.
#include <algorithm>
#include <cstdio>
#include <sstream>

#include "core/event/event_log.h"
#include "ui/layout/commands.h"
#include "ui/panels/offscreen.h"
#include "ui/terminal/command_line.h"
#include "ui/window/language.h"
#include "ui/window/picture.h"
#include "ui/window/png.h"
#include "ui/workbench/select_text.h"
#include "ui/workbench/workbench.h"

namespace sendscope::ui {
namespace {

struct Options {
  std::string file, out, at, size = "1280x720", theme = "dark", select, commands, tab = "narration",
                             scale = "100", language;
  std::optional<std::uint64_t> seed, step;
  bool linear = false;
};

std::string check_scale(const std::string& text) {
  const bool digits =
      !text.empty() && text.size() <= 3 && text.find_first_not_of("0123456789") == std::string::npos;
  const int percent = digits ? std::stoi(text) : 0;
  if (percent >= kScales.front() && percent <= kScales.back()) return "";
  return "found \"" + text + "\"; expected per cent from " + std::to_string(kScales.front()) + " to " +
         std::to_string(kScales.back());
}

std::optional<int> read_options(Arguments arguments, Options& options) {
  CommandLine line("render", "Draws the window's frame at one moment, without a display.");
  line.required("file", options.file, "scenario or trace");
  line.option("--at", options.at, "the moment, such as 42ms; left out: the end", check_duration);
  line.option("--step", options.step, "instead: the moment of a step of the lesson, counted from 1");
  line.option("-o,--output", options.out, "the picture (PNG)");
  line.option("--size", options.size, "width and height in pixels, such as 1280x720");
  line.choice("--theme", options.theme, {"dark", "light"}, "dark or light");
  line.option("--scale", options.scale, "size of everything in per cent", check_scale);
  line.option("--select", options.select,
              "what is selected: batch:16, request:3, record:7, node:1, orders-0, app-1, p1");
  line.choice("--tab", options.tab, {"narration", "events", "checks", "by-hand", "next"},
              "what the bottom panel shows");
  line.option(
      "--do", options.commands,
      "what is done then: a command of the window such as side_by_side, or several, set apart by commas");
  line.option("--seed", options.seed, "instead of the scenario's own");
  line.option("--language", options.language,
              "a file with the texts of another language (see sendscope help texts)");
  line.flag("--linear", options.linear, "true lengths of time on the timeline");
  return line.parse(arguments);
}

// "1280x720" within what makes a readable picture; false otherwise.
bool parse_size(const std::string& text, int& width, int& height) {
  char end = 0;
  if (std::sscanf(text.c_str(), "%5dx%5d%c", &width, &height, &end) != 2) return false;
  return width >= 320 && width <= 8192 && height >= 240 && height <= 8192;
}

// Where the picture is taken. Returns what is wrong with it; empty: nothing.
std::string go_to_moment(Workbench& bench, const Options& options, float w, float h) {
  if (!options.step) {
    bench.act(options.at.empty() ? act(Verb::kEnd) : act(Verb::kSeek, duration_of(options.at)), w, h);
    return {};
  }
  const auto lesson = bench.session().lesson();
  if (*options.step < 1 || *options.step > lesson.size() || lesson[*options.step - 1].due < 0)
    return "--step: this run reaches no step " + std::to_string(*options.step) + " of a lesson";
  bench.act(act(Verb::kLesson, static_cast<std::int64_t>(*options.step) - 1), w, h);
  return {};
}

// Carries out commands by their names in commands.def. Returns what is wrong with them; empty: nothing.
std::string carry_out(Workbench& bench, const std::string& names, float w, float h) {
  std::istringstream list(names);
  for (std::string name; std::getline(list, name, ',');) {
    const auto all = commands();
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Command& command) { return command.name == name; });
    if (found == all.end()) {
      std::string known;
      for (const Command& command : all) known += (known.empty() ? "" : ", ") + std::string(command.name);
      return "--do: there is no command '" + name + "'; expected one of " + known;
    }
    bench.act(action_of(*found, bench.view()), w, h);
  }
  return {};
}

}  // namespace

int run_render_command(Arguments arguments) {
  Options options;
  if (const auto code = read_options(arguments, options)) return *code;
  if (const auto code = choose_language(options.language)) return *code;
  if (options.out.empty())
    return fail(kExitBadInput, "render: -o FILE is missing; it says where the picture goes");
  int width = 0, height = 0;
  if (!parse_size(options.size, width, height)) {
    return fail(kExitBadInput, "--size: found \"" + options.size +
                                   "\"; expected WIDTHxHEIGHT between 320x240 and 8192x8192");
  }
  auto session = run::open_session(options.file, options.seed);
  if (!session) return fail(session.error());
  Workbench bench(std::move(*session));
  bench.finish_work();

  View& view = bench.view();
  view.light = options.theme == "light";
  view.scale_percent = std::stoi(options.scale);
  view.axis = options.linear ? AxisMode::kLinear : AxisMode::kCompressed;
  view.bottom = options.tab == "events"    ? BottomTab::kEvents
                : options.tab == "checks"  ? BottomTab::kChecks
                : options.tab == "next"    ? BottomTab::kNext
                : options.tab == "by-hand" ? BottomTab::kByHand
                                           : BottomTab::kNarration;
  const float scale = static_cast<float>(view.scale_percent) / 100;
  const float w = static_cast<float>(width) / scale, h = static_cast<float>(height) / scale;
  if (const std::string problem = go_to_moment(bench, options, w, h); !problem.empty())
    return fail(kExitBadInput, problem);
  if (!options.select.empty()) {
    const Subject subject = find_subject(bench.log(), options.select);
    if (!is_set(subject))
      return fail(kExitBadInput, "--select: there is no '" + options.select + "' in this run");
    bench.act(select_action(subject), w, h);
  }
  if (const std::string problem = carry_out(bench, options.commands, w, h); !problem.empty())
    return fail(kExitBadInput, problem);
  bench.finish_work();  // what the moment itself asks for
  Offscreen offscreen(scale);
  bench.frame(offscreen.fonts(), w, h);  // what it shows may have to be counted
  bench.finish_work();
  const Scene scene = bench.frame(offscreen.fonts(), w, h);
  const ThemeName theme = view.light ? ThemeName::kLight : ThemeName::kDark;
  const auto written = write_png(picture_of(offscreen, scene, theme, width, height), options.out);
  return written ? kExitDone : fail(written.error());
}

}  // namespace sendscope::ui
