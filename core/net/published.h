// One immutable object that many threads read and one replaces now and then.
//
// Readers on the hot path pin it: two atomic additions, no lock, no allocation. An object that was replaced
// is destroyed by a later publish() (or the destructor) that finds no reader inside a pin.
//
// T derives from std::enable_shared_from_this<T> and is made by std::make_shared.
//
// Thread-safety: pin() and share() from any thread; publish() from one thread at a time. No locks.
#pragma once

#include <atomic>
#include <memory>
#include <utility>
#include <vector>

#include "core/base/check.h"

namespace sendscope {

template <typename T>
class Published {
 public:
  // Keeps what is current at its construction alive. For short looks: a pin that is held holds back the
  // memory of everything that is replaced meanwhile.
  class Pin {
   public:
    explicit Pin(const Published& owner) : owner_(owner) {
      owner_.readers_.fetch_add(1, std::memory_order_seq_cst);
      object_ = owner_.current_.load(std::memory_order_seq_cst);
    }
    ~Pin() { owner_.readers_.fetch_sub(1, std::memory_order_seq_cst); }
    Pin(const Pin&) = delete;
    Pin& operator=(const Pin&) = delete;

    const T& operator*() const { return *object_; }
    const T* operator->() const { return object_; }

   private:
    const Published& owner_;
    const T* object_;
  };

  explicit Published(std::shared_ptr<const T> first) : owned_(std::move(first)), current_(owned_.get()) {
    SENDSCOPE_CHECK(current_.load() != nullptr);
  }

  Pin pin() const { return Pin(*this); }
  // For whoever keeps it longer than a moment.
  std::shared_ptr<const T> share() const { return pin()->shared_from_this(); }

  void publish(std::shared_ptr<const T> next) {
    SENDSCOPE_CHECK(next != nullptr);
    std::swap(owned_, next);
    current_.store(owned_.get(), std::memory_order_seq_cst);
    retired_.push_back(std::move(next));
    // Whoever pins from here on sees the new object; so once nobody is inside, nobody sees an old one.
    if (readers_.load(std::memory_order_seq_cst) == 0) retired_.clear();
  }

 private:
  std::shared_ptr<const T> owned_;                 // publish() only
  std::vector<std::shared_ptr<const T>> retired_;  // publish() only
  std::atomic<const T*> current_;
  mutable std::atomic<int> readers_{0};
};

}  // namespace sendscope
