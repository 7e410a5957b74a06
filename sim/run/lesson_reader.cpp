// Reads a lesson line by line.
#include <algorithm>
#include <fstream>
#include <sstream>

#include "core/model/named_subject.h"
#include "sim/run/lesson.h"
#include "sim/run/lesson_text.h"

namespace sendscope::run {
namespace {

constexpr std::string_view kWhen = "when:", kShow = "show:";
constexpr std::string_view kAsk = "ask:", kOption = "- ",
                           kTruth = "truth:", kPoint = "point:", kCurve = "curve:";
constexpr std::string_view kAnswers =
    "options \"- words | EXPRESSION\", \"truth:\", \"curve:\" or \"point:\"";
constexpr std::size_t kMostLessonBytes = 1 << 20;

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

using Names = std::vector<std::string>;

void add_name(std::string name, Names& to) {
  if (!name.empty() && std::find(to.begin(), to.end(), name) == to.end()) to.push_back(std::move(name));
}

std::string node_name(std::uint64_t node) {
  return "node:" + std::to_string(static_cast<NodeId>(static_cast<std::uint32_t>(node)));
}

// The things that the expression asks about.
void add_names(const Expression& expression, Names& to) {
  for (const NameRef* name : expression.names()) {
    add_name(name->producer, to);
    add_name(name->object, to);
    if (name_row(name->name).path.starts_with("node("))
      add_name(node_name(static_cast<std::uint64_t>(name->node)), to);
    for (const FieldMatch& match : name->match) {
      add_name(match.name, to);
      if (match.unit != Unit::kNode && match.unit != Unit::kActorNode) continue;
      for (const std::uint64_t node : match.accepted) add_name(node_name(node), to);
    }
  }
}

// What stands as `code` in a text; "node 1" is the name node:1.
void add_names(std::string_view text, Names& to) {
  for (std::size_t open = text.find('`'); open != std::string_view::npos;) {
    const std::size_t close = text.find('`', open + 1);
    if (close == std::string_view::npos) return;
    std::string name(text.substr(open + 1, close - open - 1));
    std::string numbered = name;
    std::replace(numbered.begin(), numbered.end(), ' ', ':');
    add_name(numbered_subject(numbered).kind == SubjectKind::kNone ? name : numbered, to);
    open = text.find('`', close + 1);
  }
}

// Bytes of a line before a part of it, plus one.
int column_of(std::string_view part, std::string_view line) {
  return static_cast<int>(part.data() - line.data()) + 1;
}

struct ThingWord {
  std::string_view word;
  SubjectKind kind;
};
constexpr ThingWord kThings[] = {{"record", SubjectKind::kRecord},   {"batch", SubjectKind::kBatch},
                                 {"request", SubjectKind::kRequest}, {"partition", SubjectKind::kPartition},
                                 {"node", SubjectKind::kNode},       {"thread", SubjectKind::kThread}};

// A step is open from its heading to the next one.
class LessonReader {
 public:
  explicit LessonReader(std::string file) : file_(std::move(file)) {}

  void line(std::string_view raw, int number) {
    const std::string_view text = trimmed(raw);
    if (text.starts_with("## ")) {
      begin_step(text.substr(3), number);
    } else if (text.starts_with("# ")) {
      if (!result_.steps.empty())
        return problem(number, "a second title", "one line \"# Title\", at the top");
      begin_step(text.substr(2), number);
      title_seen_ = true;
    } else if (text.starts_with(kAsk)) {
      ask(trimmed(text.substr(kAsk.size())), number);
    } else if (question() != nullptr) {
      if (!text.empty()) answer(text, raw, number);
    } else if (text.starts_with(kWhen)) {
      condition(trimmed(text.substr(kWhen.size())), number, text.find_first_not_of(" ", kWhen.size()));
    } else if (text.starts_with(kShow)) {
      shown(raw, number);
    } else if (!text.empty() && result_.steps.empty()) {
      problem(number, "text before the title", "the first line to be \"# Title\"");
    } else {
      paragraph(text, raw, number);
    }
  }

  LessonLoad finish(int last_line) {
    end_question();
    if (question() != nullptr)
      problem(asked_at_, "a question in the last step", "a step after it, which reveals the answer");
    if (!title_seen_) problem(1, "no title", "the first line to be \"# Title\"");
    if (title_seen_ && result_.steps.size() < 2) problem(last_line, "no step", "at least one \"## Heading\"");
    for (std::size_t i = 1; i < result_.steps.size(); ++i) {
      if (result_.steps[i].text.empty())
        problem(result_.lines[i], "a step without text", "text below its heading");
    }
    // An introduction without text says nothing that the title does not.
    if (!result_.steps.empty() && result_.steps.front().text.empty() && result_.steps.size() > 1) {
      result_.steps.erase(result_.steps.begin());
      result_.lines.erase(result_.lines.begin());
    }
    if (!result_.problems.empty()) result_.steps.clear();
    for (LessonStep& step : result_.steps) {
      add_names(step.when, step.names);
      add_names(step.text, step.names);
    }
    return std::move(result_);
  }

 private:
  void problem(int line, std::string found, std::string expected, int column = 1) {
    result_.problems.push_back({file_, line, column, "", std::move(found), std::move(expected)});
  }

  void begin_step(std::string_view heading, int number) {
    end_question();
    if (trimmed(heading).empty()) problem(number, "an empty heading", "words after the #");
    result_.steps.push_back({.heading = std::string(trimmed(heading)), .text = {}, .at = {}, .when = {}});
    result_.lines.push_back(number);
    paragraph_open_ = false;
  }

  void condition(std::string_view text, int number, std::size_t column) {
    if (result_.steps.size() < 2 || !result_.steps.back().text.empty() || !result_.steps.back().at.empty()) {
      return problem(number, "\"when:\" in the middle of a text",
                     "it once, right below the heading of a step");
    }
    auto parsed = parse_condition(text);
    if (const auto* error = std::get_if<ExpressionError>(&parsed)) {
      result_.problems.push_back({file_, number, static_cast<int>(column) + error->column, "", "", "",
                                  "\"" + std::string(text) + "\": " + error->message});
      return;
    }
    result_.steps.back().at = std::string(text);
    result_.steps.back().when = std::get<Expression>(std::move(parsed));
    result_.lines.back() = number;
  }

  // Words with commas between them.
  void shown(std::string_view line, int number) {
    if (result_.steps.empty() || !result_.steps.back().text.empty() || !result_.steps.back().names.empty()) {
      return problem(number, "\"show:\" in the middle of a text",
                     "it once, right below the heading of a step");
    }
    std::size_t begin = line.find(kShow) + kShow.size();
    while (begin != std::string_view::npos) {
      const std::size_t comma = line.find(',', begin);
      const std::string word(
          trimmed(line.substr(begin, comma == std::string_view::npos ? comma : comma - begin)));
      const auto column = static_cast<int>(std::min(line.find_first_not_of(" \t", begin), line.size())) + 1;
      if (word.empty()) return problem(number, "nothing", "the name of a thing", column);
      result_.shown.push_back({word, number, column});
      add_name(word, result_.steps.back().names);
      begin = comma == std::string_view::npos ? comma : comma + 1;
    }
  }

  // Lines of a paragraph are joined; an empty line separates paragraphs.
  void paragraph(std::string_view text, std::string_view line, int number) {
    if (text.empty() || result_.steps.empty()) {
      paragraph_open_ = false;
      return;
    }
    std::string& out = result_.steps.back().text;
    if (!out.empty()) out += paragraph_open_ ? " " : "\n\n";
    out += text;
    paragraph_open_ = true;
    read_values(text, line, number);
  }

  // The {EXPRESSION}s of a line.
  void read_values(std::string_view text, std::string_view line, int number) {
    for (std::size_t at = next_value(text, 0); at != std::string_view::npos; at = next_value(text, at)) {
      const std::size_t end = std::min(text.find('}', at), text.size());
      auto value = expression(text.substr(at + 1, end - at - 1), line, number);
      if (value) result_.steps.back().values.push_back(std::move(*value));
      at = end;
    }
  }

  // An expression that stands in a line; no value: what is wrong with it was told.
  std::optional<Expression> expression(std::string_view text, std::string_view line, int number) {
    auto parsed = parse_expression(text);
    const int column = column_of(text, line);
    if (const auto* error = std::get_if<ExpressionError>(&parsed)) {
      wrong(number, column + error->column - 1, text, error->message);
      return std::nullopt;
    }
    result_.expressions.push_back({std::get<Expression>(parsed), number, column});
    return std::get<Expression>(std::move(parsed));
  }

  void wrong(int line, int column, std::string_view text, const std::string& message) {
    result_.problems.push_back(
        {file_, line, column, "", "", "", "\"" + std::string(text) + "\": " + message});
  }

  // Of the step that is open; nullptr: it asks nothing.
  Question* question() {
    if (result_.steps.empty() || !result_.steps.back().question) return nullptr;
    return &*result_.steps.back().question;
  }

  void ask(std::string_view words, int number) {
    if (result_.steps.empty() || question() != nullptr)
      return problem(number, "\"ask:\" out of place", "one question a step, below its text");
    if (words.empty()) problem(number, "nothing", "a question");
    result_.steps.back().question = Question{{}, std::string(words), {}, {}, {}};
    asked_at_ = number;
    answered_ = false;
  }

  // A line below a question.
  void answer(std::string_view text, std::string_view line, int number) {
    if (text.starts_with(kOption)) return option(trimmed(text.substr(kOption.size())), line, number);
    if (answered_ || !question()->options.empty())
      return problem(number, "something behind a question and its answers", "the heading of the next step");
    answered_ = true;
    if (text.starts_with(kTruth)) return truth(trimmed(text.substr(kTruth.size())), line, number);
    if (text.starts_with(kPoint)) return point(trimmed(text.substr(kPoint.size())), line, number);
    if (text.starts_with(kCurve)) return curve(trimmed(text.substr(kCurve.size())), line, number);
    problem(number, "text below a question", std::string(kAnswers));
  }

  void option(std::string_view text, std::string_view line, int number) {
    const std::size_t bar = text.rfind(" | ");
    if (answered_ || bar == std::string_view::npos || trimmed(text.substr(0, bar)).empty())
      return problem(number, "an option", "\"- words | EXPRESSION\"", column_of(text, line));
    const std::string_view written = trimmed(text.substr(bar + 3));
    auto value = expression(written, line, number);
    if (!value) return;
    Question& asked = *question();
    const bool condition = value->type() == ValueType::kBool;
    if (!condition && !is_number(value->type()))
      return wrong(number, column_of(written, line), written, "expected a condition or a number");
    if (!asked.truths.empty() && asked.truths.front().type() != value->type())
      return wrong(
          number, column_of(written, line), written,
          "expected " + std::string(type_name(asked.truths.front().type())) + ", as in the options before");
    asked.kind = condition ? QuestionKind::kChoose : QuestionKind::kOrder;
    asked.options.emplace_back(trimmed(text.substr(0, bar)));
    asked.truths.push_back(std::move(*value));
  }

  // One that is worth a number.
  std::optional<Expression> numeric(std::string_view text, std::string_view line, int number) {
    auto value = expression(text, line, number);
    if (!value || is_number(value->type())) return value;
    wrong(number, column_of(text, line), text, "expected a number, a duration or a size");
    return std::nullopt;
  }

  void truth(std::string_view text, std::string_view line, int number) {
    auto value = numeric(text, line, number);
    if (!value) return;
    question()->kind = QuestionKind::kNumber;
    question()->truths.push_back(std::move(*value));
  }

  // "EXPRESSION | TOP".
  void curve(std::string_view text, std::string_view line, int number) {
    const std::size_t bar = text.rfind(" | ");
    if (bar == std::string_view::npos)
      return problem(number, "a curve", "\"EXPRESSION | TOP\"", column_of(text, line));
    for (const std::string_view written : {trimmed(text.substr(0, bar)), trimmed(text.substr(bar + 3))}) {
      auto value = numeric(written, line, number);
      if (!value) return;
      question()->truths.push_back(std::move(*value));
    }
    question()->kind = QuestionKind::kCurve;
    if (question()->truths[0].type() != question()->truths[1].type())
      wrong(number, column_of(text, line), text,
            "expected a top that is " + std::string(type_name(question()->truths[0].type())) +
                ", as the value");
  }

  void point(std::string_view word, std::string_view line, int number) {
    const auto* thing = std::find_if(std::begin(kThings), std::end(kThings),
                                     [&](const ThingWord& row) { return row.word == word; });
    if (thing == std::end(kThings))
      return problem(number, "\"" + std::string(word) + "\"",
                     "record, batch, request, partition, node or thread", column_of(word, line));
    question()->kind = QuestionKind::kPoint;
    question()->thing = thing->kind;
  }

  void end_question() {
    constexpr std::size_t kMostOptions = 9;  // as many as there are keys
    if (question() == nullptr || answered_) return;
    const std::size_t options = question()->options.size();
    if (options < 2 || options > kMostOptions)
      problem(asked_at_, "a question with " + std::to_string(options) + " options",
              "two to nine " + std::string(kAnswers));
  }

  std::string file_;
  LessonLoad result_;
  bool title_seen_ = false;
  bool paragraph_open_ = false;
  bool answered_ = false;  // the question has its answer in one line
  int asked_at_ = 0;       // the line of the question
};

}  // namespace

LessonLoad load_lesson_text(std::string_view text, const std::string& file) {
  LessonReader reader(file);
  if (text.size() > kMostLessonBytes) text = {};
  int number = 0;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    reader.line(text.substr(0, end), ++number);
    text = end == std::string_view::npos ? std::string_view{} : text.substr(end + 1);
  }
  return reader.finish(number);
}

LessonLoad load_lesson_file(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  if (in) text << in.rdbuf();
  if (!in) return {{}, {}, {}, {}, {{path, 0, 0, "", "no readable file", "a lesson in Markdown"}}};
  return load_lesson_text(text.str(), path);
}

}  // namespace sendscope::run
