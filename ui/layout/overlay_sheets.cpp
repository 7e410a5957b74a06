// The sheet of keys and the command palette.
#include <algorithm>
#include <cmath>

#include "core/model/queries.h"
#include "ui/layout/choices.h"
#include "ui/layout/commands.h"
#include "ui/layout/format.h"
#include "ui/layout/overlays.h"
#include "ui/layout/rich_text.h"
#include "ui/layout/settings.h"
#include "ui/layout/texts.h"

namespace sendscope::ui {
namespace {

constexpr float kKeyRow = 22, kPaletteRow = 26;
constexpr std::size_t kPaletteRows = 10;

void add_things(const FrameInput& input, std::vector<PaletteEntry>& all) {
  const PipelineModel& model = input.model;
  const auto add = [&](const Subject& subject, std::string label, Text hint) {
    all.push_back({std::move(label), said(hint), select_action(subject)});
  };
  for (std::size_t i = 0; i < model.threads.size(); ++i) {
    const auto index = static_cast<std::uint16_t>(i);
    if (model.threads[i].named)
      add(thread_subject(index), std::string(thread_name(model, input.words(), index)), Text::thread);
  }
  for (std::size_t i = 0; i < model.partitions.size(); ++i) {
    const auto index = static_cast<PartitionIndex>(i);
    add(partition_subject(index), partition_name(model, input.words(), index), Text::partition);
  }
  for (std::size_t i = 0; i < model.producers.size(); ++i)
    add(producer_subject(i), std::string(producer_name(model, input.words(), i)), Text::producer);
  for (const auto& [id, broker] : model.brokers)
    add(node_subject(id), say(EventText::node, std::to_string(id)), Text::node_hint);
  for (const ProducerModel& producer : model.producers) {
    for (const auto& [id, batch] : producer.batches)
      add(batch_subject(id), say(EventText::batch, batch_label(id)), Text::batch_fact);
    for (const auto& [id, request] : producer.requests) {
      if (request.in_flight)
        add(request_subject(id), say(EventText::request, request_label(id)), Text::request_in_flight);
    }
  }
}

}  // namespace

std::vector<KeyRow> key_rows() {
  std::vector<KeyRow> rows;
  for (int line = 0; line < static_cast<int>(SheetLine::kNone); ++line)
    rows.push_back({key_names(static_cast<SheetLine>(line)), line_words(static_cast<SheetLine>(line))});
  return rows;
}

void draw_key_sheet(const Frame& frame) {
  const auto rows = key_rows();
  // A low window has smaller rows rather than fewer, and two columns where one does not hold them.
  constexpr float kAround = 66, kLeastRow = 10.5f, kLeastSmall = 15;
  const bool two =
      frame.in.width > 800 || frame.in.height - 24 - kAround < kLeastRow * static_cast<float>(rows.size());
  const auto per_column = two ? (rows.size() + 1) / 2 : rows.size();
  const auto count = static_cast<float>(per_column);
  const float pitch = std::clamp((frame.in.height - 24 - kAround) / count, kLeastRow, kKeyRow);
  const Font key_font = pitch < kLeastSmall ? Font::kMonoTiny : Font::kMonoSmall;
  const Font font = pitch < kLeastSmall ? Font::kTiny : Font::kSmall;
  float keys = 158, words = 0;
  for (const KeyRow& row : rows) {
    keys = std::max(keys, std::ceil(frame.canvas.width(key_font, row.keys)));
    words = std::max(words, std::ceil(frame.canvas.width(font, row.meaning)) + 1);
  }
  const float wanted = two ? 2 * (keys + 8 + words) + 48 : keys + 8 + words + 24;
  const float width = std::min(std::max(two ? 860.0f : 430.0f, wanted), frame.in.width - 24);
  const float height = std::min(count * pitch + kAround, frame.in.height - 24);
  const Rect box{std::floor((frame.in.width - width) / 2), std::floor((frame.in.height - height) / 2), width,
                 height};
  Rect area = popup(frame, box, true);
  frame.canvas.text(area.cut_top(24), Font::kTitle, kText, say(Text::keys));
  area.cut_top(6);
  const float column_width = two ? (area.w - 24) / 2 : area.w;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const std::size_t column = i / per_column, row = i % per_column;
    const Rect line{area.x + static_cast<float>(column) * (column_width + 24),
                    area.y + static_cast<float>(row) * pitch, column_width, pitch};
    frame.canvas.text({line.x, line.y, keys, line.h}, key_font, {Tone::kAccent}, rows[i].keys);
    frame.canvas.text({line.x + keys + 8, line.y, line.w - keys - 8, line.h}, font, kText, rows[i].meaning);
  }
}

namespace {

void add_commands(const FrameInput& input, std::vector<PaletteEntry>& all) {
  for (const Command& command : commands()) {
    if (!command.listed) continue;
    all.push_back({std::string(command_label(command)), key_names(command), action_of(command, input.view)});
  }
}

void add_scenarios(const FrameInput& input, std::vector<PaletteEntry>& all) {
  for (std::size_t i = 0; i < input.facts.menu.size(); ++i) {
    all.push_back(
        {input.facts.menu[i].title, said(Text::scenario), act(Verb::kOpen, static_cast<std::int64_t>(i))});
  }
}

// What has more words than its label: steps of the lesson, summaries of scenarios, configuration.
void add_told(const FrameInput& input, std::vector<PaletteEntry>& found) {
  const std::string& text = input.view.palette_text;
  const int last = last_told(input.facts, input.cursor);
  for (int i = 0; i <= last; ++i) {
    const LessonText& step = input.facts.lesson[static_cast<std::size_t>(i)];
    if (contains_folded(step.heading, text) || contains_folded(step.text, text))
      found.push_back({step.heading, said(Text::lesson), act(Verb::kLesson, i)});
  }
  for (std::size_t i = 0; i < input.facts.menu.size(); ++i) {
    const MenuItem& item = input.facts.menu[i];
    if (contains_folded(item.summary, text) && !contains_folded(item.title, text))
      found.push_back({item.title, said(Text::scenario), act(Verb::kOpen, static_cast<std::int64_t>(i))});
  }
  if (!input.facts.settings.empty()) return;  // they are offered to be changed
  for (std::size_t i = 0; i < input.model.producers.size(); ++i) {
    const std::string_view name = producer_name(input.model, input.words(), i);
    for (const ConfigEntry& entry : input.model.producers[i].config) {
      const std::string_view key = input.words().view(entry.key);
      if (!contains_folded(key, text)) continue;
      found.push_back({std::string(key) + " = " + std::string(input.words().view(entry.value)),
                       say(Text::of_producer, name), select_action(producer_subject(i))});
    }
  }
}

void add_answers(const FrameInput& input, bool words, std::vector<PaletteEntry>& found) {
  for (const Answer& answer : input.view.answers) {
    if (answer.words == words) found.push_back({answer.label, answer.hint, answer.action, answer.wrong});
  }
}

void keep_matching(std::string_view text, std::vector<PaletteEntry> all, std::vector<PaletteEntry>& found) {
  for (PaletteEntry& entry : all) {
    if (contains_folded(entry.label, text)) found.push_back(std::move(entry));
  }
}

// The settings that are asked for by their whole name, with their owner's or without, stand before the
// others.
std::vector<PaletteEntry>::iterator put_whole_names_first(std::string_view text,
                                                          std::vector<PaletteEntry>& settings) {
  const std::string name = " " + std::string(text);
  return std::stable_partition(settings.begin(), settings.end(), [&](const PaletteEntry& setting) {
    return setting.label == text || setting.label.ends_with(name);
  });
}

}  // namespace

namespace {

// What is typed as the answer to a question.
std::vector<PaletteEntry> typed_answer(const FrameInput& input) {
  const std::string& text = input.view.palette_text;
  if (text.empty()) return {};
  const run::Question& question =
      *input.facts.lesson[static_cast<std::size_t>(*input.view.question)].question;
  const auto number = typed_number(question, text);
  if (!number) return {{say(Text::answer_form, number_form(question)), "", {}, true}};
  return {{say(Text::answer_is, number_text(question, *number)), "", act(Verb::kAnswerNumber, *number)}};
}

}  // namespace

// What was asked for by its whole name first, then commands, then the events that speak of it, then the rest.
std::vector<PaletteEntry> palette_entries(const FrameInput& input) {
  if (input.view.setting) return setting_choices(input);
  if (input.view.question) return typed_answer(input);
  const std::string& text = input.view.palette_text;
  std::vector<PaletteEntry> found, settings, orders, named;
  if (!text.empty()) add_settings(input, settings);
  const auto others = put_whole_names_first(text, settings);
  found.assign(settings.begin(), others);
  add_answers(input, false, found);
  add_commands(input, orders);
  add_choices(input, orders);
  keep_matching(text, std::move(orders), found);
  add_answers(input, true, found);
  add_things(input, named);
  add_scenarios(input, named);
  keep_matching(text, std::move(named), found);
  keep_matching(text, {others, settings.end()}, found);
  if (!text.empty()) add_told(input, found);
  return found;
}

namespace {

// Label, hint and what stands around them.
float palette_row_width(const Frame& frame, const PaletteEntry& entry) {
  constexpr float kGround = 24, kBetween = 20;
  return std::ceil(frame.canvas.width(Font::kSmall, entry.label) +
                   frame.canvas.width(Font::kMonoTiny, entry.hint)) +
         1 + kGround + kBetween;
}

}  // namespace

namespace {

// What stands where nothing is typed yet.
std::string palette_hint(const FrameInput& in) {
  if (in.view.question)
    return plain_words(in.facts.lesson[static_cast<std::size_t>(*in.view.question)].question->words);
  if (!in.view.setting) return std::string(command_label(Verb::kSearch));
  return setting_question(in, in.facts.settings[*in.view.setting]);
}

}  // namespace

namespace {

// What stands where nothing is found.
std::string nothing_typed(const FrameInput& in) {
  if (in.view.setting) return in.facts.settings[*in.view.setting].doc;
  if (!in.view.question) return said(Text::nothing_found);
  return say(Text::answer_form,
             number_form(*in.facts.lesson[static_cast<std::size_t>(*in.view.question)].question));
}

}  // namespace

void draw_palette(const Frame& frame) {
  const auto entries = palette_entries(frame.in);
  const std::size_t shown = std::min(kPaletteRows, entries.size());
  float wanted = 460;
  for (const PaletteEntry& entry : entries) wanted = std::max(wanted, palette_row_width(frame, entry));
  const Facts& facts = frame.in.facts;
  const bool refused = frame.in.view.setting && !facts.notice.empty();
  const std::string nothing = nothing_typed(frame.in);
  wanted = std::max(wanted, std::ceil(frame.canvas.width(Font::kBody, palette_hint(frame.in))) + 33);
  if (refused) wanted = std::max(wanted, std::ceil(frame.canvas.width(Font::kSmall, facts.notice)) + 33);
  if (entries.empty()) wanted = std::max(wanted, std::ceil(frame.canvas.width(Font::kSmall, nothing)) + 33);
  const float width = std::min(wanted, frame.in.width - 24);
  const std::size_t rows = std::max<std::size_t>(1, shown) + (refused ? 1 : 0);
  const float height = 24 + 34 + static_cast<float>(rows) * kPaletteRow;
  const Rect box{std::floor((frame.in.width - width) / 2), std::min(80.0f, frame.in.height * 0.1f), width,
                 std::min(height, frame.in.height - 24)};
  Rect area = popup(frame, box, true);
  const Rect line = area.cut_top(28);
  const std::string& text = frame.in.view.palette_text;
  const float took = frame.canvas.text(line.inset(4, 0), Font::kBody, text.empty() ? kFaint : kText,
                                       text.empty() ? palette_hint(frame.in) : text);
  frame.scene().fill({line.x + 4 + (text.empty() ? 0 : took + 1), line.y + 6, 1, 16}, {Tone::kAccent});
  frame.scene().line({line.x, line.bottom()}, {line.right(), line.bottom()}, {Tone::kLine});
  area.cut_top(6);
  if (refused)
    frame.canvas.text(area.cut_top(kPaletteRow).inset(4, 0), Font::kSmall, {Tone::kTrouble}, facts.notice);
  const auto chosen = static_cast<std::size_t>(std::max(0, frame.in.view.palette_row));
  const std::size_t first = chosen >= shown ? chosen + 1 - shown : 0;
  for (std::size_t i = first; i < entries.size() && i < first + shown && area.h >= kPaletteRow; ++i) {
    const Rect row = area.cut_top(kPaletteRow);
    if (i == chosen || row.contains(frame.in.view.pointer))
      frame.scene().fill(row.inset(-4, 1), {Tone::kAccent, i == chosen ? 0.22f : 0.1f}, kThingRadius);
    const float hint = frame.canvas.width(Font::kMonoTiny, entries[i].hint);
    frame.canvas.text({row.x + 4, row.y, row.w - hint - 20, row.h}, Font::kSmall,
                      entries[i].wrong ? Paint{Tone::kTrouble} : kText, entries[i].label);
    frame.canvas.text(row.inset(4, 0), Font::kMonoTiny, kFaint, entries[i].hint, Align::kRight);
    frame.scene().hit(row, {}, "palette.entry", "", entries[i].action);
  }
  if (entries.empty())
    frame.canvas.text(area.cut_top(kPaletteRow).inset(4, 0), Font::kSmall, kSecondary, nothing);
}

}  // namespace sendscope::ui
