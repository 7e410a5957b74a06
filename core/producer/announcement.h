// The send_called event of a send that may come to nothing (its memory is short, so that it is tried again in
// a way that may wait). It is told once it is certain, before anything that the send brings about.
//
// Thread-safety: the sending thread only.
#pragma once

#include "core/event/sink.h"

namespace sendscope {

class Announcement {
 public:
  explicit Announcement(const Event& event) : event_(event) {}
  void tell(EventSink& sink) {
    if (!told_) sink.emit(event_);
    told_ = true;
  }

 private:
  const Event event_;
  bool told_ = false;
};

}  // namespace sendscope
