// All text that a user of the window sees, by id: English in the program, and in another language where a
// file of it was read.
//
// Each folder has a table of its texts; rows come from .def files, so an id is a constant and nothing is
// looked up by name while a frame is drawn. Not in any table: scenarios and lessons (content), numbers and
// units, names of things, Kafka's own terms (classes, methods, configuration keys, errors), what an event
// tells as a string (a run has the same bytes in every language), and what the command line prints.
//
// Texts have places: {0}, {1} by number, or {name} by the field of an event. Where a text depends on a number
// there is one of one thing and one of several.
//
// Thread-safety: texts are read before the first frame is drawn; from then on any thread may look.
#pragma once

#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sendscope {

struct TextRow {
  std::string_view id, english;
};

class TextTable {
 public:
  explicit TextTable(std::span<const TextRow> rows) : rows_(rows) {}

  std::string_view operator[](std::size_t row) const {
    return other_.empty() || other_[row].empty() ? rows_[row].english : std::string_view(other_[row]);
  }
  std::span<const TextRow> rows() const { return rows_; }
  // One text a row, in the order of the rows; an empty one, and no texts at all: English.
  void use(std::vector<std::string> texts);

 private:
  std::span<const TextRow> rows_;
  std::vector<std::string> other_;
};

// The pattern with its places {0}, {1} ... filled.
std::string fill(std::string_view pattern, std::initializer_list<std::string_view> values);

// Reads `id = text` a line, with \n and \t for a new line and a tab; empty lines and lines that begin with #
// are skipped, and what is not told stays English. Returns what is wrong, each with its line: an id that no
// table has or that was told before, places or alternatives that are not those of the English text. Then no
// table is changed.
std::vector<std::string> read_language(std::string_view file, std::span<TextTable* const> tables);

// The English of the tables, in the form that read_language() reads.
std::string write_language(std::span<TextTable* const> tables);

}  // namespace sendscope
