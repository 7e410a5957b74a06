// A mutex that clang's thread-safety analysis understands, and the order of the core's locks.
//
// A thread that holds one of these locks may take those to the right of the arrow, and no others:
//
//   partition queue (PartitionQueue::mutex)    ->  IncompleteBatches
//   TransactionManager                         ->  TransactionalRequestResult, ApiVersions, EventSink
//   whoever has a WaitQueue (BufferPool,
//     Metadata, ProduceRequestResult,
//     TransactionalRequestResult, the Sender)  ->  the woken waiter's own (live: ThreadParker)
//
// All others are leaves: no lock is taken under them. EventSink::emit() takes none, so events may be emitted
// under any. Two partition queues are never locked at once. Callbacks, interceptors, partitioners and
// serializers run with no lock held. The tests with ThreadSanitizer report an order that is turned round.
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
