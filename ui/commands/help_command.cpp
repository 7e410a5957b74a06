// `sendscope help`: what the program can do, and the reference tables, printed from the tables it uses
// itself.
#include <iostream>

#include "core/event/event.h"
#include "core/event/names.h"
#include "core/producer/config.h"
#include "core/producer/deviations.h"
#include "sim/scenario_schema.h"
#include "ui/layout/texts.h"
#include "ui/terminal/command_line.h"

namespace sendscope::ui {
namespace {

std::string padded(std::string_view text, std::size_t width) {
  std::string out(text);
  out.resize(std::max(out.size() + 1, width), ' ');
  return out;
}

// "thread state: running, sleeping or ..."
std::string measure(Unit unit) {
  std::string text(unit_words(unit));
  for (const std::string_view word : enum_names(unit))
    text += (word == enum_name(unit, 0) ? ": " : ", ") + std::string(word);
  return text;
}

int help_events() {
  std::cout << "Every kind of event, its fields with their units, and the sentence it is told with.\n"
               "Use them in expressions: count('request_sent', api='Produce'), event('batch_retried', "
               "partition='orders-0').\n\n";
  for (int i = 0; i < kEventKindCount; ++i) {
    const KindRow& row = kind_row(static_cast<EventKind>(i));
    std::cout << row.name << '\n';
    for (const FieldRow* field : {&row.actor, &row.place, &row.subject, &row.a, &row.b}) {
      if (field->name.empty()) continue;
      std::cout << "    " << padded(field->name, 16) << measure(field->unit) << '\n';
    }
    std::cout << "    \"" << row.sentence << "\"\n";
  }
  return kExitDone;
}

int help_config() {
  std::cout << "A producer's configuration: key, type, default, what is valid, and what it is for.\n\n";
  for (const ConfigKey& key : config_keys()) {
    std::cout << key.name << "\n    " << key.type << ", default " << key.default_value;
    if (!key.valid.empty()) std::cout << ", " << key.valid;
    std::cout << "\n    " << key.doc << '\n';
  }
  return kExitDone;
}

int help_deviations() {
  std::cout
      << "Where this producer does on purpose something else than Kafka's: only where Kafka has a bug that "
         "nobody\nshould inherit.\n";
  for (const DeviationRow& row : deviations()) {
    std::cout << '\n'
              << row.name << "\n    Kafka  " << row.kafka << "\n    here   " << row.ours << "\n    why    "
              << row.why << '\n';
  }
  return kExitDone;
}

int help_expressions() {
  std::cout << expression_help();
  return kExitDone;
}

int help_texts() {
  std::cout << "# The texts of the window. A file like this one, in another language, is for gui "
               "--language FILE.\n"
            << write_language(all_texts());
  return kExitDone;
}

int help_schema() {
  std::cout << sim::scenario_schema();
  return kExitDone;
}

// The references, beside the commands.
struct TopicRow {
  std::string_view name;
  int (*print)();
};
constexpr TopicRow kTopics[] = {{"expressions", help_expressions}, {"events", help_events},
                                {"config", help_config},           {"deviations", help_deviations},
                                {"schema", help_schema},           {"texts", help_texts}};

// "expressions, events, ..."
std::string topics(const char* between) {
  std::string text;
  for (const TopicRow& topic : kTopics) text += std::string(topic.name) + between;
  return text;
}

int help_program() {
  std::cout << "Sendscope shows what happens when you call send() on a Kafka producer.\n\n"
               "sendscope                     the first lesson, in a window if there is a display\n";
  for (const CommandRow& row : command_rows()) {
    std::cout << "sendscope " << padded(row.name, 9) << row.usage << "\n            " << row.purpose << '\n';
  }
  std::cout << "\nReferences: sendscope help " << topics("|") << "COMMAND\n";
  std::cout << "\nExit codes: 0 done; 1 the work failed or a check did not hold; 2 the input was wrong;\n"
               "130 or 143 ended by SIGINT or SIGTERM.\n";
  return kExitDone;
}

}  // namespace

int run_help_command(Arguments words) {
  if (words.empty()) return help_program();
  const std::string& wanted = words.front();
  for (const TopicRow& topic : kTopics) {
    if (wanted == topic.name) return topic.print();
  }
  const std::vector<std::string> its_help = {"--help"};
  for (const CommandRow& row : command_rows()) {
    if (wanted == row.name && wanted != "help") return row.run(its_help);
  }
  return fail(kExitBadInput, "no help on '" + wanted + "'; expected " + topics(", ") + "or a command's name");
}

}  // namespace sendscope::ui
