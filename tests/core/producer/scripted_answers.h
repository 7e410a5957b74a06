// What brokers in memory answer to the batches that come, one by one as a test lists it, and what came.
#pragma once

#include <deque>
#include <string>
#include <utility>

#include "tests/core/producer/producer_fixture.h"

namespace sendscope::testing {

class ScriptedAnswers {
 public:
  using Answer = wire::ProducePartitionResponse;

  // Every batch is stored unless something else stands in line for it.
  explicit ScriptedAnswers(ProducerFixture& fixture) {
    fixture.broker_.verdict = [this](const std::string&, const wire::ProducePartitionData& sent,
                                     Answer& answer) { decide(sent, answer); };
  }
  ScriptedAnswers(const ScriptedAnswers&) = delete;
  ScriptedAnswers& operator=(const ScriptedAnswers&) = delete;

  // The next batch that comes; kNone: stored.
  void then(ErrorCode error, std::int64_t log_start_offset = -1) {
    Answer answer;
    answer.error_code = static_cast<std::int16_t>(error);
    answer.log_start_offset = log_start_offset;
    then(answer);
  }
  void then(const Answer& answer) { line_.push_back(answer); }

  // What came since the last look: "partition@id/epoch+sequence", a word a batch.
  std::string seen() {
    std::string text;
    for (const std::string& word : std::exchange(words_, {})) text += (text.empty() ? "" : " ") + word;
    return text;
  }

 private:
  // Where the header of a record batch says who wrote it.
  static constexpr std::size_t kProducerIdAt = 43, kEpochAt = 51, kSequenceAt = 53;

  template <typename T>
  static std::string number_at(Bytes batch, std::size_t at) {
    return std::to_string(load_big_endian<T>(batch.data() + at));
  }

  void decide(const wire::ProducePartitionData& sent, Answer& answer) {
    const Bytes batch = *sent.records;
    words_.push_back(std::to_string(sent.index) + "@" + number_at<std::int64_t>(batch, kProducerIdAt) + "/" +
                     number_at<std::int16_t>(batch, kEpochAt) + "+" +
                     number_at<std::int32_t>(batch, kSequenceAt));
    if (line_.empty()) return;
    const Answer chosen = line_.front();
    line_.pop_front();
    if (chosen.error_code == 0) return;
    answer = chosen;
    answer.index = sent.index;
  }

  std::deque<Answer> line_;
  std::vector<std::string> words_;
};

}  // namespace sendscope::testing
