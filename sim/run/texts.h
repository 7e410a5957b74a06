// The texts of sim/run (texts.def).
#pragma once

#include <cstdint>
#include <string>

#include "core/event/catalogue.h"

namespace sendscope::run {

enum class Refusal : std::uint8_t {
#define TEXT(id, english) id,
#include "sim/run/texts.def"
#undef TEXT
};

TextTable& run_texts();

template <typename... Values>
std::string say(Refusal refusal, const Values&... values) {
  return fill(run_texts()[static_cast<std::size_t>(refusal)], {std::string_view(values)...});
}

}  // namespace sendscope::run
