#include "core/live/io_thread.h"

#include "core/base/whole_millis.h"
#include "core/producer/sender.h"

namespace sendscope::live {

IoThread::IoThread(Sender& sender, AsioTransport& transport, const Clock& clock)
    : sender_(sender), transport_(transport), clock_(clock), sleep_(clock), thread_([this] { run(); }) {}

IoThread::~IoThread() { thread_.join(); }

void IoThread::run() {
  while (!sender_.exited()) {
    const Nanos now = clock_.now();
    const Nanos due = sender_.run_once(now);
    if (sender_.exited()) return;
    const Nanos next = due > now ? next_whole_milli(due) : due;
    if (sender_.sleeping()) {
      // Kafka really sleeps here; nothing that arrives is looked at.
      sleep_.park_until(next);
    } else {
      sender_.wait_begins(clock_.now());
      transport_.wait_until(next);
    }
  }
}

}  // namespace sendscope::live
