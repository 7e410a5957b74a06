// Code that sees every record on its way out and every acknowledgement on its way back.
// Source: Kafka ProducerInterceptor, ProducerInterceptors; KIP-42, KIP-512.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "core/producer/record.h"

namespace sendscope {

// Thread-safety: on_send() runs on the caller of send(); on_acknowledgement() on the sender's thread, or on
// the caller's when send itself fails. No lock is held. Neither may throw.
class Interceptor {
 public:
  virtual ~Interceptor() = default;
  // May change the view's fields; what it points them to must live until the send is over (its operation says
  // kDone).
  virtual void on_send(Record& record) { static_cast<void>(record); }
  // Before the user's callback (after it, when send itself fails). Headers are read-only by now.
  virtual void on_acknowledgement(const Acknowledgement& acknowledgement,
                                  std::span<const RecordHeader> headers) {
    static_cast<void>(acknowledgement);
    static_cast<void>(headers);
  }
};

using Interceptors = std::vector<std::unique_ptr<Interceptor>>;

// Every interceptor in the order configured, each with the record the one before it left.
inline void intercept_send(const Interceptors& chain, Record& record) {
  for (const auto& interceptor : chain) interceptor->on_send(record);
}
inline void intercept_acknowledgement(const Interceptors& chain, const Acknowledgement& acknowledgement,
                                      std::span<const RecordHeader> headers) {
  for (const auto& interceptor : chain) interceptor->on_acknowledgement(acknowledgement, headers);
}

}  // namespace sendscope
