// How a batch that is too large for the broker becomes several. Kafka: ProducerBatch.split; KIP-126.
#include <algorithm>

#include "core/producer/producer_batch.h"

namespace sendscope {

BatchPtr ProducerBatch::make_child(const wire::RecordView& first, std::size_t target_size,
                                   const wire::CompressionRatioEstimator& estimator,
                                   std::atomic<BatchId>& last_id) const {
  BatchParts parts;
  parts.id = make_id(producer_of_id(id_), last_id.fetch_add(1) + 1);
  parts.tp = tp_;
  parts.place = place_;
  parts.created_ms = created_ms_;
  parts.is_split_batch = true;
  const std::size_t size =
      std::max(wire::batch_size_upper_bound(first.key, first.value, first.headers()), target_size);
  parts.buffer.data = std::unique_ptr<std::byte[]>(new std::byte[size]);
  parts.buffer.capacity = size;
  parts.options.write_limit = size;
  parts.options.compression = compression_;
  parts.options.estimated_ratio = estimator.estimation(tp_->topic, compression_.type);
  return std::make_shared<ProducerBatch>(environment_, std::move(parts));
}

// False when there is no room for it.
bool ProducerBatch::take_over(const wire::RecordView& record, const Thunk& thunk) {
  const std::vector<RecordHeader> headers = record.headers();
  const wire::AppendResult appended =
      builder_.try_append(record.timestamp, record.key, record.value, headers);
  if (appended == wire::AppendResult::kNoRoom) return false;
  SENDSCOPE_CHECK(appended == wire::AppendResult::kAppended);
  if (thunks_.empty()) first_record_ = thunk.record;
  thunks_.push_back(thunk);
  return true;
}

std::vector<BatchPtr> ProducerBatch::split(std::size_t target_size,
                                           const wire::CompressionRatioEstimator& estimator,
                                           std::atomic<BatchId>& last_id, Nanos now) {
  const Result<wire::RecordBatchView> view = wire::RecordBatchView::parse(records());
  SENDSCOPE_CHECK(view.ok() && record_count() > 0);
  std::vector<std::byte> storage;
  const Result<Bytes> bytes = view->record_bytes(storage);
  SENDSCOPE_CHECK(bytes.ok());

  std::vector<BatchPtr> children;
  std::vector<ProduceRequestResult::Part> parts;
  wire::RecordIterator records_of(view->header(), *bytes);
  wire::RecordView record;
  for (std::size_t i = 0; records_of.next(record); ++i) {
    SENDSCOPE_CHECK(i < thunks_.size());
    if (children.empty() || !children.back()->take_over(record, thunks_[i])) {
      if (!children.empty()) children.back()->close_for_record_appends(now);
      children.push_back(make_child(record, target_size, estimator, last_id));
      parts.push_back({static_cast<std::int32_t>(i), children.back()->result()});
      const bool taken = children.back()->take_over(record, thunks_[i]);
      SENDSCOPE_CHECK(taken);
    }
    if (!headers_.empty()) children.back()->headers_.push_back(std::move(headers_[i]));
  }
  children.back()->close_for_record_appends(now);
  thunks_.clear();
  headers_.clear();

  std::int32_t sequence = base_sequence();
  for (const BatchPtr& child : children) {
    if (has_sequence()) {
      const Result<void> set =
          child->set_producer_state(producer_id_and_epoch(), sequence, is_transactional());
      SENDSCOPE_CHECK(set.ok());
      sequence = static_cast<std::int32_t>(static_cast<std::uint32_t>(sequence) +
                                           static_cast<std::uint32_t>(child->record_count()));
    }
    child->emit(EventKind::batch_child, static_cast<std::uint32_t>(id_),
                static_cast<std::uint32_t>(child->record_count()), now);
  }
  result_->set_parts(std::move(parts));
  result_->set(kNoOffset, kNoTimestamp, BatchErrors(ErrorCode::kRecordListTooLarge));
  result_->done();
  return children;
}

}  // namespace sendscope
