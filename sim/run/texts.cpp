#include "sim/run/texts.h"

namespace sendscope::run {
namespace {

constexpr TextRow kRunTexts[] = {
#define TEXT(id, english) {"refusal." #id, english},
#include "sim/run/texts.def"
#undef TEXT
};

}  // namespace

TextTable& run_texts() {
  static TextTable texts{kRunTexts};
  return texts;
}

}  // namespace sendscope::run
