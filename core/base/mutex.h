// A mutex that clang's thread-safety analysis understands. Every lock in the core is a leaf: no code takes a
// second one while it holds a first, and no callback runs with one held.
#pragma once

#include <mutex>

#if defined(__clang__)
#define SENDSCOPE_ANNOTATE(x) __attribute__((x))
#else
#define SENDSCOPE_ANNOTATE(x)
#endif

#define GUARDED_BY(x) SENDSCOPE_ANNOTATE(guarded_by(x))
#define REQUIRES_LOCK(...) SENDSCOPE_ANNOTATE(requires_capability(__VA_ARGS__))
#define EXCLUDES_LOCK(...) SENDSCOPE_ANNOTATE(locks_excluded(__VA_ARGS__))

namespace sendscope {

class SENDSCOPE_ANNOTATE(capability("mutex")) Mutex {
 public:
  void lock() SENDSCOPE_ANNOTATE(acquire_capability()) { mutex_.lock(); }
  void unlock() SENDSCOPE_ANNOTATE(release_capability()) { mutex_.unlock(); }

 private:
  std::mutex mutex_;
};

class SENDSCOPE_ANNOTATE(scoped_lockable) MutexLock {
 public:
  explicit MutexLock(Mutex& mutex) SENDSCOPE_ANNOTATE(acquire_capability(mutex)) : mutex_(mutex) {
    mutex_.lock();
  }
  ~MutexLock() SENDSCOPE_ANNOTATE(release_capability()) { mutex_.unlock(); }
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;

 private:
  Mutex& mutex_;
};

}  // namespace sendscope
