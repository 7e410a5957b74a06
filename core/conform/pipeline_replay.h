// Replays one transcript of the family "pipeline": a whole producer, step by step, each step held against
// what Kafka's own producer did.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "core/conform/pipeline_transport.h"
#include "core/conform/recorded_compressor.h"
#include "core/conform/replay_random.h"
#include "core/conform/transcript.h"
#include "core/producer/produce_request_result.h"
#include "core/producer/producer.h"
#include "core/producer/transaction_manager_requests.h"

namespace sendscope::conform {

class PipelineReplay {
 public:
  PipelineReplay(const Transcript& transcript, Report& report);
  ~PipelineReplay();

  // Until the first difference: what follows one tells nothing.
  void play();

 private:
  struct SenderWaiter final : Waiter {
    void wake() noexcept override { woken = true; }
    bool woken = false;
  };
  struct CallerWaiter final : Waiter {
    void wake() noexcept override {}
  };
  // One record on its way: the context of its callback, and the send while that waits.
  struct Send {
    PipelineReplay* replay;
    std::int64_t id;
    std::vector<std::vector<std::byte>> bytes;
    std::vector<std::string> header_names;
    std::vector<RecordHeader> headers;
    std::string topic;
    Record record;
    CallerWaiter waiter;  // outlives the operation
    std::unique_ptr<SendOp> op;
  };
  struct Callback {
    std::string topic;
    PartitionId partition;
    Json json;
  };
  struct Call {
    std::int64_t id;
    std::string name;
    TxnResultPtr result;
  };

  static void on_delivery(void* context, const Acknowledgement& acknowledgement);
  Result<void> create_producer();
  Result<Json> perform(const TranscriptLine& line);
  Result<Json> run(const Json& line);
  Result<Json> send(const Json& line);
  Result<void> read_record(const Json& line, Send& send);
  Json go_on(Send& send);
  Json outcome(const Record& record, const SendResult& result) const;
  Json resume(const Json& line);
  Json partitions_for(const Json& line);
  Json flush(const Json& line);
  Json call(const Json& line);
  void finish_flushes(Json& out);
  void finish_call(Json& out);
  Json take_callbacks();
  Json waiting() const;
  // What an application call did beside its result.
  Json with_surroundings(Json out);
  void learn_batches(int level);
  void drop_first_of_two_callbacks(const Json& line, Json& expected);
  bool compare(const TranscriptLine& line, Json out);
  bool equal(const std::string& what, const Json& expected, const Json& got);

  const Transcript& transcript_;
  Report& report_;
  EventSink sink_{1};
  ReplayRandom random_;
  RecordedCompressor compressor_;
  SenderWaiter sender_waiter_;
  PipelineTransport transport_;
  Nanos now_;
  std::unique_ptr<Producer> producer_;
  std::map<std::int64_t, std::unique_ptr<Send>> sends_;
  std::set<std::int64_t> waiting_;
  std::vector<Callback> callbacks_;
  std::map<std::int64_t, std::vector<std::shared_ptr<ProduceRequestResult>>> flushes_;
  std::optional<Call> call_;
};

}  // namespace sendscope::conform
