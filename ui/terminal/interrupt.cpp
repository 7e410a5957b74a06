#include "ui/terminal/interrupt.h"

#include <unistd.h>

#include <atomic>
#include <csignal>

namespace sendscope::ui {
namespace {

// Patience gives up what is under way well before; this is for what cannot be given up, such as the look-up
// of a name or a standard stream that nobody reads.
constexpr unsigned kLongestEndSeconds = 4;

bool holding_interrupts = false;
std::atomic<int> signal_received{0};
static_assert(std::atomic<int>::is_always_lock_free);

void end_process(int) { _exit(128 + signal_received); }

void remember(int number) {
  signal_received = number;
  signal(SIGINT, SIG_DFL);
  signal(SIGTERM, SIG_DFL);
  alarm(kLongestEndSeconds);
}

}  // namespace

void hold_interrupts() {
  holding_interrupts = true;
  signal(SIGALRM, end_process);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGINT, remember);
  signal(SIGTERM, remember);
}

bool interrupts_held() { return holding_interrupts; }

int interrupt() { return signal_received.load(std::memory_order_relaxed); }

int interrupted_exit_code() { return 128 + interrupt(); }

}  // namespace sendscope::ui
