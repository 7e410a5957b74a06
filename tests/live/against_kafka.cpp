// Tests of the blocking producer against the Kafka at SENDSCOPE_BOOTSTRAP. transaction_test.py starts one and
// runs this; it makes the topics "in", "out" and "fenced" first, and looks afterwards at what is in them.
#include <cstdlib>

#include "core/base/hex.h"
#include "core/live/blocking_producer.h"
#include "core/producer/future_record_metadata.h"
#include "tests/support/catch.h"

using namespace sendscope;
using namespace sendscope::live;

namespace {

struct Application {
  explicit Application(const std::string& transactional_id) {
    const char* bootstrap = std::getenv("SENDSCOPE_BOOTSTRAP");
    if (bootstrap == nullptr) FAIL("SENDSCOPE_BOOTSTRAP names no Kafka");
    ProducerConfig::Texts texts{{"bootstrap.servers", bootstrap}, {"transactional.id", transactional_id}};
    created = BlockingProducer::create(*ProducerConfig::parse(texts, nullptr), {}, sink, clock, 1).value();
  }
  BlockingProducer& producer() { return *created; }
  // The record's fate, waited for.
  ErrorCode send(const std::string& topic, const std::string& value) {
    Record record;
    record.topic = topic;
    record.value = as_bytes(value);
    FutureRecordMetadata future;
    const SendResult sent = created->send(record, {}, 0, &future);
    if (sent.status == SendStatus::kThrown) return sent.error->code;
    const Result<RecordMetadata> metadata = created->wait(future);
    return metadata ? ErrorCode::kNone : metadata.error().code;
  }

  Clock clock;
  EventSink sink;
  std::unique_ptr<BlockingProducer> created;
};

ErrorCode code_of(const Result<void>& result) {
  if (!result) UNSCOPED_INFO(result.error().message);
  return result ? ErrorCode::kNone : result.error().code;
}

bool says_fenced(ErrorCode code) {
  return code == ErrorCode::kProducerFenced || code == ErrorCode::kInvalidProducerEpoch;
}

}  // namespace

TEST_CASE("offsets of a group become valid with the transaction, and not with one that is aborted") {
  Application app("copier");
  REQUIRE(code_of(app.producer().init_transactions()) == ErrorCode::kNone);
  const std::pair<std::int64_t, bool> rounds[] = {{42, true}, {77, false}};
  for (const auto& [offset, commits] : rounds) {
    REQUIRE(code_of(app.producer().begin_transaction()) == ErrorCode::kNone);
    CHECK(app.send("out", "copied up to " + std::to_string(offset)) == ErrorCode::kNone);
    CHECK(code_of(app.producer().send_offsets_to_transaction({{{"in", 0}, {offset, "note"}}}, {"copiers"})) ==
          ErrorCode::kNone);
    CHECK(code_of(commits ? app.producer().commit_transaction() : app.producer().abort_transaction()) ==
          ErrorCode::kNone);
  }
}

TEST_CASE("offsets of a member the group does not know make the transaction one that can only be aborted") {
  Application app("stranger");
  REQUIRE(code_of(app.producer().init_transactions()) == ErrorCode::kNone);
  REQUIRE(code_of(app.producer().begin_transaction()) == ErrorCode::kNone);
  CHECK(code_of(app.producer().send_offsets_to_transaction(
            {{{"in", 0}, {99}}}, {"copiers", 3, "nobody", std::nullopt})) == ErrorCode::kCommitFailed);
  CHECK(code_of(app.producer().commit_transaction()) == ErrorCode::kKafkaException);
  CHECK(code_of(app.producer().abort_transaction()) == ErrorCode::kNone);
  REQUIRE(code_of(app.producer().begin_transaction()) == ErrorCode::kNone);
  CHECK(app.send("out", "after the abort") == ErrorCode::kNone);
  CHECK(code_of(app.producer().commit_transaction()) == ErrorCode::kNone);
}

TEST_CASE("a second producer with the same id fences the first, whatever that one tries") {
  Application first("rivals");
  REQUIRE(code_of(first.producer().init_transactions()) == ErrorCode::kNone);
  REQUIRE(code_of(first.producer().begin_transaction()) == ErrorCode::kNone);
  CHECK(first.send("fenced", "of the first, in time") == ErrorCode::kNone);

  Application second("rivals");
  REQUIRE(code_of(second.producer().init_transactions()) == ErrorCode::kNone);  // aborts what is open
  CHECK(says_fenced(code_of(first.producer().commit_transaction())));
  CHECK(says_fenced(code_of(first.producer().begin_transaction())));
  CHECK(says_fenced(code_of(first.producer().abort_transaction())));
  CHECK(says_fenced(code_of(first.producer().commit_transaction())));

  REQUIRE(code_of(second.producer().begin_transaction()) == ErrorCode::kNone);
  CHECK(second.send("fenced", "of the second") == ErrorCode::kNone);
  CHECK(code_of(second.producer().commit_transaction()) == ErrorCode::kNone);
}

TEST_CASE("a record of a fenced producer is not stored") {
  Application first("zombie");
  REQUIRE(code_of(first.producer().init_transactions()) == ErrorCode::kNone);
  REQUIRE(code_of(first.producer().begin_transaction()) == ErrorCode::kNone);
  Application second("zombie");
  REQUIRE(code_of(second.producer().init_transactions()) == ErrorCode::kNone);
  const ErrorCode fate = first.send("fenced", "of a zombie");
  CHECK(says_fenced(fate));
  CHECK(says_fenced(code_of(first.producer().commit_transaction())));
}

TEST_CASE("closing aborts what is open; so does the next producer of that name") {
  {
    Application app("tidy");
    REQUIRE(code_of(app.producer().init_transactions()) == ErrorCode::kNone);
    REQUIRE(code_of(app.producer().begin_transaction()) == ErrorCode::kNone);
    CHECK(app.send("out", "never committed") == ErrorCode::kNone);
    app.producer().close();
  }
  Application next("tidy");
  CHECK(code_of(next.producer().init_transactions()) == ErrorCode::kNone);
}
