// A mutex that clang's thread-safety analysis understands, and the order of the core's locks.
//
// Every Mutex says on which side of lock_order::leaves it stands. The outer locks are two. A thread that
// holds one of them takes leaves, and no outer lock besides:
//
//   PartitionQueue      ->  IncompleteBatches
//   TransactionManager  ->  TransactionalRequestResult, ApiVersions, EventSink
//
// A thread that holds a leaf takes no other Mutex. It may wake the waiters of a WaitQueue that the leaf
// guards (BufferPool, Metadata, ProduceRequestResult, TransactionalRequestResult, Sender), and a waiter may
// have a lock of its own for that (live: ThreadParker). EventSink::emit() takes no lock, so events may be
// emitted under any. Callbacks, interceptors, partitioners and serializers run with no lock held.
//
// clang (-Wthread-safety-beta) refuses a function that takes two locks in the wrong order; the tests with
// ThreadSanitizer report what is spread over several.
#pragma once

#include <mutex>

#if defined(__clang__)
#define SENDSCOPE_ANNOTATE(x) __attribute__((x))
#else
#define SENDSCOPE_ANNOTATE(x)
#endif

#define GUARDED_BY(x) SENDSCOPE_ANNOTATE(guarded_by(x))
#define ACQUIRED_BEFORE(...) SENDSCOPE_ANNOTATE(acquired_before(__VA_ARGS__))
#define ACQUIRED_AFTER(...) SENDSCOPE_ANNOTATE(acquired_after(__VA_ARGS__))
#define REQUIRES_LOCK(...) SENDSCOPE_ANNOTATE(requires_capability(__VA_ARGS__))
#define EXCLUDES_LOCK(...) SENDSCOPE_ANNOTATE(locks_excluded(__VA_ARGS__))

namespace sendscope {

namespace lock_order {
// A place in the order. Nobody takes it.
struct SENDSCOPE_ANNOTATE(capability("place in the lock order")) Boundary {};
inline Boundary leaves;
}  // namespace lock_order

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
