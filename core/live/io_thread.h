// The thread that runs a Sender over sockets.
//
// Thread-safety: started by one thread, joined by the same one; the rest from any.
#pragma once

#include <atomic>
#include <thread>

#include "core/live/asio_transport.h"
#include "core/live/clock.h"
#include "core/live/thread_parker.h"

namespace sendscope {
class Sender;
}

namespace sendscope::live {

class IoThread {
 public:
  // All outlive the thread.
  IoThread(Sender& sender, AsioTransport& transport, const Clock& clock);
  // Waits for the sender to exit. REQUIRES: it was told to close
  ~IoThread();
  IoThread(const IoThread&) = delete;
  IoThread& operator=(const IoThread&) = delete;

  // Ends the sleep that the sender may be in. REQUIRES: it was told to give up
  void interrupt_sleep() { sleep_.wake(); }

  // The caller is this thread: it runs in a callback.
  bool is_current() const { return std::this_thread::get_id() == thread_.get_id(); }

 private:
  void run();

  Sender& sender_;
  AsioTransport& transport_;
  const Clock& clock_;
  ThreadParker sleep_;
  std::thread thread_;
};

}  // namespace sendscope::live
