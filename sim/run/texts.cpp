#include "sim/run/texts.h"

namespace sendscope::run {
namespace {

constexpr TextRow kRunTexts[] = {
#define TEXT(id, english) {"refusal." #id, english},
#include "sim/run/texts.def"
#undef TEXT
};

constinit TextTable run_table{kRunTexts};

}  // namespace

TextTable& run_texts() { return run_table; }

}  // namespace sendscope::run
