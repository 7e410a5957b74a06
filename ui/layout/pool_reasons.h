// The view of the pool that shows why its memory is held.
#pragma once

#include <string>
#include <vector>

#include "core/model/held_memory.h"
#include "ui/layout/stage.h"
#include "ui/layout/wait_look.h"

namespace sendscope::ui {

// The reasons of one producer's pool at the cursor.
class PoolReasons {
 public:
  PoolReasons(const Frame& frame, const ProducerModel& producer);

  // Of a batch that holds memory.
  WaitCause cause(const BatchModel& batch) const;
  // Puts batches of one reason together, those of most bytes first.
  void sort(std::vector<const BatchModel*>& batches) const;
  // A box of the batch in the look of its reason, which is clicked as the batch is.
  void draw_box(Rect box, const BatchModel& batch, std::string_view part) const;
  // A row a reason with its bytes and its share; takes what it needs off the lower end of the area.
  void draw_legend(Rect& area) const;

 private:
  void draw_row(Rect row, const HeldMemory& held, std::int64_t sum) const;
  std::string bytes_of(const HeldMemory& held) const;
  bool on_one_line(const HeldMemory& held, float width, std::int64_t sum) const;

  const Frame* frame_;
  const ProducerModel* producer_;
  WaitLimits limits_;
  std::vector<HeldMemory> rows_;
};

}  // namespace sendscope::ui
