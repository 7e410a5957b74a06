// The memory of a producer: `buffer.memory` bytes, lent out as blocks. Blocks of exactly `batch.size` are
// kept in a free list and used again; anything else is carved from the unpooled rest and given back to it.
//
// Who must wait stands in one line, first come first served. The first in line hoards what comes free until
// it has enough, keeping its place; a time-out or the pool's end gives the hoard back and wakes the next.
// Someone new is served at once, past the line, when memory suffices at that moment. Source: Kafka
// BufferPool.
//
// Thread-safety: all methods from any thread; one lock. Under it waiters are woken and memory events are
// emitted. A hoard that grows, and one that is given back (memory_reserved with 0), are neither allocated nor
// freed.
// Invariant: free blocks * block size + unpooled + lent + reserved by waiters = total. Every change of one of
// them is checked.
#pragma once

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <vector>

#include "core/base/mutex.h"
#include "core/base/result.h"
#include "core/base/types.h"
#include "core/base/waiter.h"
#include "core/event/sink.h"
#include "core/producer/announcement.h"
#include "core/producer/step.h"

namespace sendscope {

class ProducerMetrics;

// A block of memory. `capacity` without `data` stands for memory that was replaced by a larger piece and is
// gone already: the pool takes its size back and keeps nothing.
struct Buffer {
  std::unique_ptr<std::byte[]> data;
  std::size_t capacity = 0;
  bool pooled = false;  // it came from the free list

  explicit operator bool() const { return data != nullptr; }
  MutableBytes bytes() const { return {data.get(), data ? capacity : 0}; }
};

class BufferPool {
 public:
  // `poolable_size` is batch.size, at least 1. `metrics` may be null.
  BufferPool(std::int64_t total_memory, std::int32_t poolable_size, EventSink& sink,
             std::uint16_t producer_index, ProducerMetrics* metrics = nullptr);
  ~BufferPool();
  BufferPool(const BufferPool&) = delete;
  BufferPool& operator=(const BufferPool&) = delete;

  // What is there at this moment, without standing in line: an empty buffer when memory is short. Fails with
  // kIllegalArgument (more than the pool has in all) or kKafkaException (closed). `announce`, unless null, is
  // told before the memory is.
  Result<Buffer> try_allocate(std::size_t size, Nanos now, Announcement* announce = nullptr)
      EXCLUDES_LOCK(mutex_);
  // Gives `size` bytes back. The block is kept for the next one who asks when `size` and its capacity are
  // both the block size. Wakes the first in line. Legal after close().
  void deallocate(Buffer buffer, std::size_t size, Nanos now) EXCLUDES_LOCK(mutex_);
  void deallocate(Buffer buffer, Nanos now) {
    const std::size_t size = buffer.capacity;
    deallocate(std::move(buffer), size, now);
  }
  // Everyone in line fails with kKafkaException at their next look, and so does whoever asks later.
  void close(Nanos now) EXCLUDES_LOCK(mutex_);

  // Threads standing in line; more than none is the accumulator's "exhausted". Never waits for the lock.
  std::size_t queued() const { return queued_.load(std::memory_order_acquire); }
  std::int64_t total_memory() const { return total_; }
  std::int32_t poolable_size() const { return poolable_size_; }
  std::int64_t available_memory() const EXCLUDES_LOCK(mutex_);
  std::int64_t unallocated_memory() const EXCLUDES_LOCK(mutex_);
  std::size_t free_blocks() const EXCLUDES_LOCK(mutex_);
  // Who stands in line, first first.
  std::vector<std::uint16_t> waiting_threads() const EXCLUDES_LOCK(mutex_);

 private:
  friend class AllocateOp;

  std::int64_t available() const REQUIRES_LOCK(mutex_);
  void check_account() const REQUIRES_LOCK(mutex_);
  // Breaks up free blocks, from the back of the list, until `size` bytes are unpooled.
  void free_up(std::int64_t size) REQUIRES_LOCK(mutex_);
  // A block from the free list, or an empty buffer with its size taken from the unpooled rest; false: short.
  bool take(std::size_t size, Buffer& buffer, Nanos now, Announcement* announce = nullptr)
      REQUIRES_LOCK(mutex_);
  void signal_first(Nanos now) REQUIRES_LOCK(mutex_);
  void signal_first_if_any_memory(Nanos now) REQUIRES_LOCK(mutex_);
  void emit(EventKind kind, std::int64_t bytes, Nanos now) REQUIRES_LOCK(mutex_);
  Error too_large(std::size_t size) const;
  // Makes the memory of a buffer that is only accounted for. Fails when the system has none; the account is
  // then put right.
  Result<Buffer> materialize(Buffer buffer, std::size_t size, Nanos now) EXCLUDES_LOCK(mutex_);

  const std::int64_t total_;
  const std::int32_t poolable_size_;
  EventSink& sink_;
  const std::uint16_t producer_index_;
  ProducerMetrics* const metrics_;

  mutable Mutex mutex_ ACQUIRED_AFTER(lock_order::leaves);
  std::deque<Buffer> free_ GUARDED_BY(mutex_);
  std::int64_t unpooled_ GUARDED_BY(mutex_);
  std::int64_t lent_ GUARDED_BY(mutex_) = 0;
  std::int64_t reserved_ GUARDED_BY(mutex_) = 0;  // by those in line
  WaitQueue waiters_ GUARDED_BY(mutex_);          // of AllocateOps
  bool closed_ GUARDED_BY(mutex_) = false;
  Nanos wake_time_ GUARDED_BY(mutex_) = 0;  // of the waiter_woken events
  std::atomic<std::size_t> queued_{0};
};

// One allocation that may have to wait: its place in line and what it has hoarded so far. Belongs to one
// caller and stays where it is (the pool links to it) until it is done or destroyed; destroying it in line is
// what Java's interrupt is: the hoard goes back and the next is woken.
//
// The application's waiter is woken, under the pool's lock, when another look may help.
class AllocateOp final : private Waiter {
 public:
  // `budget_ms` counts from the first advance(); with 0 it still stands in line, and fails at once if it
  // must. `thread` is the actor of the events.
  AllocateOp(BufferPool& pool, std::size_t size, Millis budget_ms, Waiter& waiter, std::uint16_t thread);
  ~AllocateOp() override;

  // kBlocked or kDone. A look before the deadline by someone who was not woken changes nothing. Whoever was
  // woken first takes what is there; a time-out counts only for those who were not, or still lack memory.
  Step advance(Nanos now);
  Nanos deadline() const { return deadline_; }
  // Woken by the pool since the last look.
  bool signalled() const;
  // REQUIRES: advance() said kDone. kBufferExhausted, kKafkaException or kIllegalArgument; else the buffer,
  // which the caller takes.
  Result<Buffer>& result() { return *result_; }
  Nanos waited() const { return waited_; }

 private:
  friend class BufferPool;
  enum class State : std::uint8_t { kNew, kInLine, kDone };

  void wake() noexcept override REQUIRES_LOCK(pool_.mutex_);
  Step begin(Nanos now);
  // One look at the line by someone standing in it: false while it goes on waiting. The lock is held.
  bool look(Nanos now, std::optional<Error>& error) REQUIRES_LOCK(pool_.mutex_);
  void take_what_is_there(Nanos now) REQUIRES_LOCK(pool_.mutex_);
  // Gives up the place in line; after a failure the hoard, too.
  void leave(bool failed, Nanos now) REQUIRES_LOCK(pool_.mutex_);
  Step finish(std::optional<Error> error, Nanos now);
  Error exhausted() const REQUIRES_LOCK(pool_.mutex_);
  void emit_reserved(Nanos now) REQUIRES_LOCK(pool_.mutex_);
  // Java's wait would come back now: it was woken, or its time is up.
  bool comes_back(Nanos now) const REQUIRES_LOCK(pool_.mutex_);
  void measure_wait(Nanos now);

  BufferPool& pool_;
  const std::size_t size_;
  const Millis budget_ms_;
  Waiter& waiter_;
  const std::uint16_t thread_;
  State state_ = State::kNew;
  bool signalled_ = false;        // guarded by the pool's lock
  std::int64_t accumulated_ = 0;  // likewise
  Buffer block_;                  // likewise: a block of the free list, if it got one
  Nanos began_ = 0;
  Nanos deadline_ = 0;
  Nanos waited_ = 0;
  Nanos waiting_since_ = 0;  // since it last came back
  Nanos last_now_ = 0;
  std::optional<Result<Buffer>> result_;
};

}  // namespace sendscope
