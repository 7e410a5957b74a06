// How a reader answers the questions of a lesson. Answers belong to the reader, not to the run: they outlive
// changes of the run and are judged by the run as it is now.
#pragma once

#include <vector>

#include "ui/layout/prediction.h"

namespace sendscope::ui {

// Takes an option of a question; of a curve the height of its next point, in eighths of the chart. Where
// options are put in order it becomes the last; one that was taken before is put back, with those behind it.
void take_option(const run::Question& question, int option, run::ReaderAnswer& answer);
// A point of a curve.
void take_point(CurvePoint point, run::ReaderAnswer& answer);
// The next option, or the next of the things: an answer by one key, pressed again and again.
void take_next(const run::Question& question, const std::vector<Subject>& things, run::ReaderAnswer& answer);

}  // namespace sendscope::ui
