// Copies that cross a change of leaders.
#include "core/model/log_model.h"
#include "tests/support/catch.h"

namespace sendscope {
namespace {

LogEntry entry(std::int64_t base_offset, std::uint32_t records, BatchId batch) {
  LogEntry made;
  made.base_offset = base_offset;
  made.records = records;
  made.known = true;
  made.batch = batch;
  made.first_number = static_cast<std::uint64_t>(base_offset) + 1;
  return made;
}

LogModel two_replicas() {
  LogModel log;
  log.set_leader(1, 0, 0);
  log.set_in_sync(0b110, 2);
  return log;
}

TEST_CASE("a new leader that copies what it asked the old one for has those records") {
  LogModel log = two_replicas();
  log.append(1, entry(0, 2, 1), 0);
  log.set_leader(2, 1, 0);
  log.copy(2, 1, 2);
  CHECK(log.size() == 2);
  CHECK(log.leader_content.producers.at(0).stored.size() == 2);
}

TEST_CASE("a batch that an old leader appends once more for itself is cut off without harm") {
  LogModel log = two_replicas();
  log.set_leader(2, 1, 0);
  log.set_in_sync(0b100, 1);
  log.append(2, entry(0, 5, 1), 0);
  log.set_high_watermark(2, 5);
  log.append(1, entry(0, 5, 1), 0);
  log.truncate(1, 0);
  CHECK(log.exact);
  log.copy(1, 2, 5);
  log.set_in_sync(0b110, 2);
  CHECK(log.replica(1)->tail.size() + static_cast<std::size_t>(log.common_end > 0) == 1);
  CHECK(log.size() == 5);
}

TEST_CASE("a copy of nothing ends") {
  LogModel log = two_replicas();
  log.append(1, entry(0, 0, 1), 0);
  log.copy(2, 1, 3);
  CHECK(log.replica(2)->end_offset == 3);
}

}  // namespace
}  // namespace sendscope
