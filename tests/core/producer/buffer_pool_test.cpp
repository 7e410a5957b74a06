#include "core/producer/buffer_pool.h"

#include "tests/core/producer/accumulator_fixture.h"

using namespace sendscope;
using namespace sendscope::testing;

namespace {

constexpr std::int64_t kTotal = 300;
constexpr std::int32_t kBlock = 100;

struct PoolFixture {
  EventSink sink{1u << 12};
  BufferPool pool{kTotal, kBlock, sink, 0};

  Buffer take(std::size_t size) {
    Result<Buffer> buffer = pool.try_allocate(size, 0);
    REQUIRE(buffer.ok());
    return std::move(*buffer);
  }
};

Buffer result_of(AllocateOp& op) {
  REQUIRE(op.result().ok());
  return std::move(*op.result());
}

ErrorCode error_of(AllocateOp& op) {
  REQUIRE_FALSE(op.result().ok());
  return op.result().error().code;
}

}  // namespace

TEST_CASE("blocks of batch.size are used again, others are carved from the rest") {
  PoolFixture f;
  Buffer block = f.take(kBlock);
  CHECK(block.capacity == 100);
  CHECK_FALSE(block.pooled);
  CHECK(f.pool.available_memory() == 200);
  CHECK(f.pool.unallocated_memory() == 200);
  const std::byte* memory = block.data.get();
  f.pool.deallocate(std::move(block), 0);
  CHECK(f.pool.available_memory() == 300);
  CHECK(f.pool.unallocated_memory() == 200);
  CHECK(f.pool.free_blocks() == 1);

  Buffer again = f.take(kBlock);
  CHECK(again.data.get() == memory);
  CHECK(again.pooled);
  f.pool.deallocate(std::move(again), 0);

  Buffer odd = f.take(250);  // breaks up the free block
  CHECK(f.pool.free_blocks() == 0);
  CHECK(f.pool.unallocated_memory() == 50);
  f.pool.deallocate(std::move(odd), 0);
  CHECK(f.pool.free_blocks() == 0);
  CHECK(f.pool.unallocated_memory() == 300);
}

TEST_CASE("free blocks are taken from the front, returned to the back, broken up from the back") {
  PoolFixture f;
  Buffer a = f.take(kBlock), b = f.take(kBlock), c = f.take(kBlock);
  const std::byte *first = a.data.get(), *second = b.data.get();
  f.pool.deallocate(std::move(a), 0);
  f.pool.deallocate(std::move(b), 0);
  f.pool.deallocate(std::move(c), 0);
  Buffer front = f.take(kBlock);
  CHECK(front.data.get() == first);
  Buffer odd = f.take(50);  // breaks up the last one returned
  CHECK(f.pool.free_blocks() == 1);
  Buffer left = f.take(kBlock);
  CHECK(left.data.get() == second);
}

TEST_CASE("a batch that outgrew its memory gives back what it had got, and no block is kept") {
  PoolFixture f;
  Buffer block = f.take(kBlock);
  block = Buffer{nullptr, 170, false};
  f.pool.deallocate(std::move(block), kBlock, 0);
  CHECK(f.pool.available_memory() == 300);
  CHECK(f.pool.free_blocks() == 0);
}

TEST_CASE("more than the pool has in all is an argument error; exactly all of it is not") {
  PoolFixture f;
  const Result<Buffer> too_much = f.pool.try_allocate(301, 0);
  REQUIRE_FALSE(too_much.ok());
  CHECK(too_much.error().code == ErrorCode::kIllegalArgument);
  CHECK(f.take(300).capacity == 300);
}

TEST_CASE("who waits gets memory when it comes back") {
  PoolFixture f;
  Buffer all = f.take(300);
  CountingWaiter waiter;
  AllocateOp op(f.pool, 120, 50, waiter, 7);
  CHECK(op.advance(ms(10)) == Step::kBlocked);
  CHECK(op.deadline() == ms(60));
  CHECK(f.pool.queued() == 1);
  CHECK(f.pool.waiting_threads() == std::vector<std::uint16_t>{7});
  f.pool.deallocate(std::move(all), ms(20));
  CHECK(waiter.wakes == 1);
  CHECK(op.signalled());
  CHECK(op.advance(ms(30)) == Step::kDone);
  CHECK(result_of(op).capacity == 120);
  CHECK(op.waited() == ms(20));
  CHECK(f.pool.queued() == 0);
  CHECK(f.pool.available_memory() == 180);
}

TEST_CASE("a look by someone who was not woken changes nothing") {
  PoolFixture f;
  Buffer all = f.take(300);
  CountingWaiter waiter;
  AllocateOp op(f.pool, kBlock, 50, waiter, 0);
  CHECK(op.advance(0) == Step::kBlocked);
  CHECK(op.advance(ms(49)) == Step::kBlocked);
  CHECK(f.pool.queued() == 1);
  CHECK(op.advance(ms(50)) == Step::kDone);
  CHECK(error_of(op) == ErrorCode::kBufferExhausted);
  CHECK(op.result().error().message.find("max.block.ms") != std::string::npos);
  CHECK(f.pool.queued() == 0);
}

TEST_CASE("a budget of nothing still stands in line, and fails at once") {
  PoolFixture f;
  CountingWaiter waiter;
  Buffer most = f.take(250);
  AllocateOp op(f.pool, kBlock, 0, waiter, 0);
  CHECK(op.advance(ms(5)) == Step::kDone);
  CHECK(error_of(op) == ErrorCode::kBufferExhausted);
  AllocateOp fits(f.pool, 50, 0, waiter, 0);
  CHECK(fits.advance(ms(5)) == Step::kDone);
  CHECK(fits.result().ok());
}

TEST_CASE("the first in line hoards; a time-out gives the hoard back and wakes the next") {
  PoolFixture f;
  CountingWaiter first_waiter, second_waiter;
  Buffer a = f.take(100), b = f.take(100), c = f.take(100);
  AllocateOp first(f.pool, 250, 50, first_waiter, 1);
  AllocateOp second(f.pool, 80, 500, second_waiter, 2);
  CHECK(first.advance(0) == Step::kBlocked);
  CHECK(second.advance(0) == Step::kBlocked);

  f.pool.deallocate(std::move(a), ms(1));
  CHECK(first_waiter.wakes == 1);
  CHECK(second_waiter.wakes == 0);
  CHECK(first.advance(ms(1)) == Step::kBlocked);
  CHECK(f.pool.available_memory() == 0);  // hoarded, although the second would have been content with it
  CHECK(second_waiter.wakes == 0);

  CHECK(first.advance(ms(50)) == Step::kDone);
  CHECK(error_of(first) == ErrorCode::kBufferExhausted);
  CHECK(f.pool.available_memory() == 100);
  CHECK(second_waiter.wakes == 1);
  CHECK(second.advance(ms(50)) == Step::kDone);
  CHECK(result_of(second).capacity == 80);
  CHECK(f.pool.available_memory() == 20);
}

TEST_CASE("one large return serves several waits, each waking the next") {
  PoolFixture f;
  CountingWaiter waiters[3];
  Buffer all = f.take(300);
  std::vector<std::unique_ptr<AllocateOp>> ops;
  for (std::uint16_t i = 0; i < 3; ++i) {
    ops.push_back(std::make_unique<AllocateOp>(f.pool, 90, 500, waiters[i], i));
    CHECK(ops[i]->advance(0) == Step::kBlocked);
  }
  f.pool.deallocate(std::move(all), 0);
  for (int i = 0; i < 3; ++i) {
    CHECK(waiters[i].wakes == 1);
    if (i < 2) CHECK(waiters[i + 1].wakes == 0);
    CHECK(ops[i]->advance(0) == Step::kDone);
    CHECK(ops[i]->result().ok());
  }
}

TEST_CASE("someone new is served past the line when memory suffices at that moment") {
  PoolFixture f;
  CountingWaiter waiter;
  Buffer most = f.take(250);
  AllocateOp waiting(f.pool, 200, 500, waiter, 1);
  CHECK(waiting.advance(0) == Step::kBlocked);
  Buffer small = f.take(40);
  CHECK(small);
  CHECK(waiter.wakes == 1);  // ten bytes are left: the first in line is told, in vain
  CHECK(waiting.advance(0) == Step::kBlocked);
  CHECK(f.pool.available_memory() == 0);
}

TEST_CASE("a signal that came first wins over the clock, but only once") {
  PoolFixture f;
  CountingWaiter waiter;
  Buffer all = f.take(200), rest = f.take(100);
  AllocateOp enough(f.pool, 100, 50, waiter, 1);
  CHECK(enough.advance(0) == Step::kBlocked);
  f.pool.deallocate(std::move(rest), ms(10));
  CHECK(enough.advance(ms(90)) == Step::kDone);
  CHECK(enough.result().ok());
  Buffer held = result_of(enough);

  AllocateOp lacking(f.pool, 250, 50, waiter, 1);
  CHECK(lacking.advance(0) == Step::kBlocked);
  f.pool.deallocate(std::move(held), ms(10));
  CHECK(lacking.advance(ms(90)) == Step::kDone);
  CHECK(error_of(lacking) == ErrorCode::kBufferExhausted);
  CHECK(f.pool.available_memory() == 100);
}

TEST_CASE("who gives up in line returns the hoard and wakes the next") {
  PoolFixture f;
  CountingWaiter first_waiter, second_waiter;
  Buffer a = f.take(100), b = f.take(200);
  auto first = std::make_unique<AllocateOp>(f.pool, 300, 500, first_waiter, 1);
  AllocateOp second(f.pool, 100, 500, second_waiter, 2);
  CHECK(first->advance(0) == Step::kBlocked);
  CHECK(second.advance(0) == Step::kBlocked);
  f.pool.deallocate(std::move(a), 0);
  CHECK(first->advance(0) == Step::kBlocked);
  first.reset();
  CHECK(second_waiter.wakes == 1);
  CHECK(second.advance(0) == Step::kDone);
  CHECK(second.result().ok());
}

TEST_CASE("close wakes everyone with an error; memory may still come back") {
  PoolFixture f;
  CountingWaiter waiters[2];
  Buffer all = f.take(300);
  AllocateOp first(f.pool, 100, 500, waiters[0], 1), second(f.pool, 100, 500, waiters[1], 2);
  CHECK(first.advance(0) == Step::kBlocked);
  CHECK(second.advance(0) == Step::kBlocked);
  f.pool.close(ms(1));
  CHECK(waiters[0].wakes == 1);
  CHECK(waiters[1].wakes == 1);
  CHECK(first.advance(ms(1)) == Step::kDone);
  CHECK(error_of(first) == ErrorCode::kKafkaException);
  CHECK(second.advance(ms(1)) == Step::kDone);
  CHECK(error_of(second) == ErrorCode::kKafkaException);
  CHECK(f.pool.try_allocate(1, ms(2)).error().code == ErrorCode::kKafkaException);
  f.pool.deallocate(std::move(all), ms(3));
  CHECK(f.pool.available_memory() == 300);
}

TEST_CASE("memory events add up to the pool's account") {
  PoolFixture f;
  CountingWaiter waiter;
  Buffer a = f.take(100), b = f.take(200);
  AllocateOp op(f.pool, 250, 10, waiter, 3);
  CHECK(op.advance(0) == Step::kBlocked);
  f.pool.deallocate(std::move(a), 0);
  CHECK(op.advance(0) == Step::kBlocked);
  CHECK(op.advance(ms(10)) == Step::kDone);
  f.pool.deallocate(std::move(b), ms(11));
  std::vector<Event> events(64);
  events.resize(f.sink.drain(events));
  std::int64_t lent = 0, reserved = 0;
  for (const Event& event : events) {
    if (event.kind == EventKind::waiter_woken) continue;
    if (event.kind == EventKind::memory_allocated) lent += event.a;
    if (event.kind == EventKind::memory_freed) lent -= event.a;
    if (event.kind == EventKind::memory_reserved) reserved = event.a;
    CHECK(static_cast<std::int64_t>(event.subject) + lent + reserved == kTotal);
  }
  CHECK(lent == 0);
  CHECK(reserved == 0);
}
