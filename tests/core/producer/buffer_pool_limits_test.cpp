// The pool under load, and at its limits.
#include "core/base/prng.h"
#include "core/producer/buffer_pool.h"
#include "tests/core/producer/accumulator_fixture.h"

using namespace sendscope;
using namespace sendscope::testing;

namespace {

// Takes memory and gives it back, over and over; it only looks at the line again when it was woken.
struct Borrower {
  CountingWaiter waiter;
  std::unique_ptr<AllocateOp> op;
  Buffer held;
  int to_do = 500;

  bool can_go_on() const { return to_do > 0 && (!op || waiter.wakes > 0); }
  void go_on(BufferPool& pool, std::size_t size) {
    if (held) {
      pool.deallocate(std::move(held), 0);
      --to_do;
      return;
    }
    if (!op) op = std::make_unique<AllocateOp>(pool, size, 1'000, waiter, 0);
    waiter.wakes = 0;
    if (op->advance(0) == Step::kBlocked) return;
    REQUIRE(op->result().ok());
    held = std::move(*op->result());
    CHECK(held.capacity == size_asked);
    op.reset();
  }
  std::size_t size_asked = 0;
};

Buffer take(BufferPool& pool, std::size_t size) {
  Result<Buffer> buffer = pool.try_allocate(size, 0);
  REQUIRE(buffer.ok());
  return std::move(*buffer);
}

}  // namespace

TEST_CASE("ten borrowers that take and return in any order leave the pool whole, and none is forgotten") {
  constexpr std::int32_t kBlock = 1'000;
  EventSink sink(16);
  BufferPool pool(5 * kBlock, kBlock, sink, 0);
  std::deque<Borrower> borrowers(10);
  Prng prng(4);
  for (;;) {
    std::vector<Borrower*> able;
    for (Borrower& borrower : borrowers)
      if (borrower.can_go_on()) able.push_back(&borrower);
    if (able.empty()) break;
    Borrower& next = *able[prng.below(able.size())];
    if (!next.op && !next.held)
      next.size_asked = prng.below(2) == 0 ? kBlock : static_cast<std::size_t>(1 + prng.below(3 * kBlock));
    next.go_on(pool, next.size_asked);
    REQUIRE(pool.available_memory() >= 0);
  }
  for (const Borrower& borrower : borrowers) CHECK(borrower.to_do == 0);
  CHECK(pool.available_memory() == 5 * kBlock);
  CHECK(pool.queued() == 0);
}

TEST_CASE("available memory is computed in 64 bits") {
  constexpr std::int64_t kTotal = 20'000'000'000;
  constexpr std::size_t kBlock = 2'000'000'000;
  EventSink sink(16);
  BufferPool pool(kTotal, static_cast<std::int32_t>(kBlock), sink, 0);
  CHECK(pool.available_memory() == kTotal);
  std::vector<Buffer> blocks;  // nobody writes to them, so the system need not have so much
  for (int i = 0; i < 3; ++i) blocks.push_back(take(pool, kBlock));
  Buffer kept = take(pool, 1), returned = take(pool, 1);
  CHECK(pool.available_memory() == 13'999'999'998);
  CountingWaiter waiter;
  AllocateOp rest(pool, std::size_t{14'000'000'000}, 1'000, waiter, 0);
  CHECK(rest.advance(0) == Step::kBlocked);
  pool.deallocate(std::move(returned), 0);
  CHECK(rest.advance(0) == Step::kBlocked);  // and has taken everything there is
  CHECK(pool.available_memory() == 0);
  for (Buffer& block : blocks) pool.deallocate(std::move(block), 0);
  CHECK(pool.available_memory() == 6'000'000'000);
  CHECK(pool.free_blocks() == 3);
}

TEST_CASE("memory that the system does not have leaves the pool's account as it was") {
  EventSink sink(16);
  const std::size_t too_much = std::size_t{1} << 62;
  BufferPool pool(static_cast<std::int64_t>(too_much), 100, sink, 0);
  const Result<Buffer> buffer = pool.try_allocate(too_much, 0);
  REQUIRE_FALSE(buffer.ok());
  CHECK(buffer.error().code == ErrorCode::kKafkaException);
  CHECK(buffer.error().message.find("no memory") != std::string::npos);
  CHECK(pool.available_memory() == static_cast<std::int64_t>(too_much));
  CHECK(pool.try_allocate(100, 0).ok());
}

TEST_CASE("two that give up in line leave it, in whichever order, and nothing stays reserved") {
  for (const bool first_goes_first : {true, false}) {
    EventSink sink(64);
    BufferPool pool(300, 100, sink, 0);
    Buffer taken = take(pool, 150), returned = take(pool, 50);
    CountingWaiter waiters[2];
    std::unique_ptr<AllocateOp> ops[2];
    for (std::uint16_t i = 0; i < 2; ++i) {
      ops[i] = std::make_unique<AllocateOp>(pool, 250, 1'000, waiters[i], i);
      CHECK(ops[i]->advance(0) == Step::kBlocked);
    }
    pool.deallocate(std::move(returned), 0);
    CHECK(ops[0]->advance(0) == Step::kBlocked);
    CHECK(pool.available_memory() == 0);  // the first hoards
    CHECK(pool.queued() == 2);
    ops[first_goes_first ? 0 : 1].reset();
    REQUIRE(pool.waiting_threads().size() == 1);
    CHECK(pool.waiting_threads().front() == (first_goes_first ? 1 : 0));
    ops[first_goes_first ? 1 : 0].reset();
    CHECK(pool.queued() == 0);
    CHECK(pool.available_memory() == 150);
    pool.deallocate(std::move(taken), 0);
    CHECK(pool.available_memory() == 300);
  }
}
