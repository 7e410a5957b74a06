// Whether a call stops the program, as a broken precondition does (SENDSCOPE_CHECK). The call runs in a child
// process, whose last words are not shown.
#pragma once

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

namespace sendscope::testing {

template <typename Call>
bool dies(Call call) {
  std::fflush(nullptr);
  const pid_t child = fork();
  if (child == 0) {
    const rlimit no_core{0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    std::signal(SIGABRT, SIG_DFL);  // Catch2's handler would tell of a failed test
    close(STDERR_FILENO);
    call();
    _exit(0);
  }
  int status = 0;
  while (child > 0 && waitpid(child, &status, 0) < 0) {
  }
  return child > 0 && WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

}  // namespace sendscope::testing
