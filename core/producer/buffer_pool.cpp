#include "core/producer/buffer_pool.h"

#include <algorithm>
#include <new>
#include <string>

#include "core/producer/producer_metrics.h"

namespace sendscope {

namespace {

Error pool_closed_error() {
  return {ErrorCode::kKafkaException, "the producer was closed: its buffer pool lends nothing"};
}

std::uint32_t to_u32(std::int64_t value) {
  return static_cast<std::uint32_t>(std::clamp<std::int64_t>(value, 0, 0xffffffff));
}

}  // namespace

BufferPool::BufferPool(std::int64_t total_memory, std::int32_t poolable_size, EventSink& sink,
                       std::uint16_t producer_index, ProducerMetrics* metrics)
    : total_(total_memory),
      poolable_size_(poolable_size),
      sink_(sink),
      producer_index_(producer_index),
      metrics_(metrics),
      unpooled_(total_memory) {
  SENDSCOPE_CHECK(total_memory >= 0 && poolable_size >= 1);
}

BufferPool::~BufferPool() = default;

std::int64_t BufferPool::available() const {
  return unpooled_ + static_cast<std::int64_t>(free_.size()) * poolable_size_;
}

void BufferPool::check_account() const {
  SENDSCOPE_CHECK(unpooled_ >= 0 && lent_ >= 0 && reserved_ >= 0);
  SENDSCOPE_CHECK(available() + lent_ + reserved_ == total_);
}

std::int64_t BufferPool::available_memory() const {
  MutexLock lock(mutex_);
  return available();
}

std::int64_t BufferPool::unallocated_memory() const {
  MutexLock lock(mutex_);
  return unpooled_;
}

std::size_t BufferPool::free_blocks() const {
  MutexLock lock(mutex_);
  return free_.size();
}

std::vector<std::uint16_t> BufferPool::waiting_threads() const {
  std::vector<std::uint16_t> threads;
  MutexLock lock(mutex_);
  for (Waiter* waiter = waiters_.front(); waiter != nullptr; waiter = waiters_.next(*waiter)) {
    threads.push_back(static_cast<AllocateOp*>(waiter)->thread_);
  }
  return threads;
}

void BufferPool::emit(EventKind kind, std::int64_t bytes, Nanos now) {
  sink_.emit({now, kind, producer_index_, kNoPlace, static_cast<std::uint64_t>(available()), to_u32(bytes),
              to_u32(static_cast<std::int64_t>(free_.size()))});
}

Error BufferPool::too_large(std::size_t size) const {
  return {ErrorCode::kIllegalArgument, "cannot lend " + std::to_string(size) + " bytes: buffer.memory is " +
                                           std::to_string(total_) + " bytes in all"};
}

void BufferPool::free_up(std::int64_t size) {
  while (unpooled_ < size && !free_.empty()) {
    unpooled_ += poolable_size_;
    free_.pop_back();
  }
}

// Kafka: BufferPool.allocate, the two ways that do not wait. Who stands in line is not looked at.
bool BufferPool::take(std::size_t size, Buffer& buffer, Nanos now, Announcement* announce) {
  const auto wanted = static_cast<std::int64_t>(size);
  if (wanted == poolable_size_ && !free_.empty()) {
    buffer = std::move(free_.front());
    buffer.pooled = true;
    free_.pop_front();
  } else if (available() >= wanted) {
    free_up(wanted);
    unpooled_ -= wanted;
  } else {
    return false;
  }
  lent_ += wanted;
  check_account();
  if (announce != nullptr) announce->tell(sink_);
  emit(EventKind::memory_allocated, wanted, now);
  return true;
}

void BufferPool::signal_first(Nanos now) {
  wake_time_ = now;
  waiters_.wake_front();
}

// Whoever leaves the pool looks after the next in line: so one large return serves several small waits.
void BufferPool::signal_first_if_any_memory(Nanos now) {
  if (unpooled_ != 0 || !free_.empty()) signal_first(now);
}

Result<Buffer> BufferPool::materialize(Buffer buffer, std::size_t size, Nanos now) {
  if (buffer) return buffer;
  buffer.data.reset(new (std::nothrow) std::byte[size]);
  if (!buffer.data) {
    MutexLock lock(mutex_);
    unpooled_ += static_cast<std::int64_t>(size);
    lent_ -= static_cast<std::int64_t>(size);
    check_account();
    emit(EventKind::memory_freed, static_cast<std::int64_t>(size), now);
    signal_first(now);
    return Error(ErrorCode::kKafkaException,
                 "the system has no memory for a batch of " + std::to_string(size) + " bytes");
  }
  buffer.capacity = size;
  return buffer;
}

Result<Buffer> BufferPool::try_allocate(std::size_t size, Nanos now, Announcement* announce) {
  if (static_cast<std::int64_t>(size) > total_) return too_large(size);
  Buffer buffer;
  {
    MutexLock lock(mutex_);
    if (closed_) return pool_closed_error();
    if (!take(size, buffer, now, announce)) return Buffer{};
    signal_first_if_any_memory(now);
  }
  return materialize(std::move(buffer), size, now);
}

void BufferPool::deallocate(Buffer buffer, std::size_t size, Nanos now) {
  if (size == 0) return;
  MutexLock lock(mutex_);
  const bool reusable = buffer && buffer.capacity == size && size == static_cast<std::size_t>(poolable_size_);
  if (reusable) {
    free_.push_back(std::move(buffer));
  } else {
    unpooled_ += static_cast<std::int64_t>(size);
  }
  lent_ -= static_cast<std::int64_t>(size);
  check_account();
  emit(EventKind::memory_freed, static_cast<std::int64_t>(size), now);
  signal_first(now);
}

void BufferPool::close(Nanos now) {
  MutexLock lock(mutex_);
  closed_ = true;
  wake_time_ = now;
  waiters_.wake_all();
}

// ---- waiting

AllocateOp::AllocateOp(BufferPool& pool, std::size_t size, Millis budget_ms, Waiter& waiter,
                       std::uint16_t thread)
    : pool_(pool), size_(size), budget_ms_(budget_ms), waiter_(waiter), thread_(thread) {}

AllocateOp::~AllocateOp() {
  if (state_ == State::kInLine) {
    MutexLock lock(pool_.mutex_);
    leave(true, last_now_);
  }
  if (result_ && result_->ok() && **result_) pool_.deallocate(std::move(**result_), size_, last_now_);
}

void AllocateOp::wake() noexcept {
  pool_.sink_.emit({pool_.wake_time_, EventKind::waiter_woken, thread_, kNoPlace, 0, 0, 0});
  signalled_ = true;
  waiter_.wake();
}

bool AllocateOp::signalled() const {
  MutexLock lock(pool_.mutex_);
  return signalled_;
}

void AllocateOp::emit_reserved(Nanos now) {
  pool_.sink_.emit({now, EventKind::memory_reserved, thread_, kNoPlace,
                    static_cast<std::uint64_t>(pool_.available()), to_u32(accumulated_),
                    to_u32(static_cast<std::int64_t>(size_))});
}

Error AllocateOp::exhausted() const {
  return {ErrorCode::kBufferExhausted,
          "no " + std::to_string(size_) + " bytes of buffer memory came free within " +
              std::to_string(budget_ms_) + " ms (max.block.ms): buffer.memory is " +
              std::to_string(pool_.total_) + " bytes, " + std::to_string(pool_.available()) +
              " of them available, in blocks of " + std::to_string(pool_.poolable_size_)};
}

Step AllocateOp::begin(Nanos now) {
  began_ = now;
  waiting_since_ = now;
  const Nanos budget = to_nanos(std::max<Millis>(budget_ms_, 0));
  deadline_ = time_after(now, budget);
  if (static_cast<std::int64_t>(size_) > pool_.total_) return finish(pool_.too_large(size_), now);
  std::optional<Error> error;
  {
    MutexLock lock(pool_.mutex_);
    if (pool_.closed_) {
      error = pool_closed_error();
    } else if (pool_.take(size_, block_, now)) {
      pool_.signal_first_if_any_memory(now);
    } else {
      pool_.waiters_.push_back(*this);
      pool_.queued_.fetch_add(1, std::memory_order_release);
      state_ = State::kInLine;
      if (!look(now, error)) return Step::kBlocked;
      leave(true, now);
    }
  }
  return finish(std::move(error), now);
}

void AllocateOp::take_what_is_there(Nanos now) {
  const auto wanted = static_cast<std::int64_t>(size_);
  if (accumulated_ == 0 && wanted == pool_.poolable_size_ && !pool_.free_.empty()) {
    block_ = std::move(pool_.free_.front());
    block_.pooled = true;
    pool_.free_.pop_front();
    accumulated_ = wanted;
    pool_.reserved_ += wanted;
  } else {
    pool_.free_up(wanted - accumulated_);
    const std::int64_t got = std::min(wanted - accumulated_, pool_.unpooled_);
    pool_.unpooled_ -= got;
    accumulated_ += got;
    pool_.reserved_ += got;
  }
  pool_.check_account();
  if (accumulated_ < wanted) {
    emit_reserved(now);
  } else {
    pool_.emit(EventKind::memory_allocated, wanted, now);
  }
}

// Kafka: the loop in BufferPool.allocate. A time-out reported by the wait wins over memory that came at the
// same moment; a signal that came first wins over the clock, once.
bool AllocateOp::look(Nanos now, std::optional<Error>& error) {
  if (pool_.closed_) {
    error = pool_closed_error();
    return true;
  }
  if (signalled_) {
    signalled_ = false;
    take_what_is_there(now);
    if (accumulated_ == static_cast<std::int64_t>(size_)) return true;
  }
  if (now < deadline_) return false;
  error = exhausted();
  return true;
}

void AllocateOp::leave(bool failed, Nanos now) {
  SENDSCOPE_CHECK(failed || accumulated_ == static_cast<std::int64_t>(size_));
  pool_.reserved_ -= accumulated_;
  (failed ? pool_.unpooled_ : pool_.lent_) += accumulated_;
  pool_.check_account();
  if (failed && accumulated_ > 0) {
    accumulated_ = 0;
    emit_reserved(now);
  }
  pool_.waiters_.remove(*this);
  pool_.queued_.fetch_sub(1, std::memory_order_release);
  pool_.signal_first_if_any_memory(now);
  state_ = State::kDone;
}

bool AllocateOp::comes_back(Nanos now) const { return signalled_ || pool_.closed_ || now >= deadline_; }

void AllocateOp::measure_wait(Nanos now) {
  if (pool_.metrics_ != nullptr) pool_.metrics_->memory_waited(now - waiting_since_, to_millis(now));
  waiting_since_ = now;
}

Step AllocateOp::advance(Nanos now) {
  last_now_ = now;
  if (state_ == State::kNew) return begin(now);
  if (state_ == State::kDone) return Step::kDone;
  std::optional<Error> error;
  bool back = false;
  bool done = false;
  {
    MutexLock lock(pool_.mutex_);
    back = comes_back(now);
    done = look(now, error);
    if (done) leave(error.has_value(), now);
  }
  if (back) measure_wait(now);
  return done ? finish(std::move(error), now) : Step::kBlocked;
}

Step AllocateOp::finish(std::optional<Error> error, Nanos now) {
  state_ = State::kDone;
  waited_ = now - began_;
  if (error) {
    if (error->code == ErrorCode::kBufferExhausted && pool_.metrics_ != nullptr)
      pool_.metrics_->memory_exhausted(to_millis(now));
    result_.emplace(std::move(*error));
  } else {
    result_.emplace(pool_.materialize(std::move(block_), size_, now));
  }
  return Step::kDone;
}

}  // namespace sendscope
