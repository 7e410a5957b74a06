#include "core/base/waiter.h"

#include <vector>

#include "tests/support/catch.h"

namespace sendscope {
namespace {

class NotingWaiter final : public Waiter {
 public:
  NotingWaiter(int name, std::vector<int>& woken) : name_(name), woken_(woken) {}
  void wake() noexcept override { woken_.push_back(name_); }

 private:
  int name_;
  std::vector<int>& woken_;
};

TEST_CASE("waiters are woken first come, first served, and stay in line") {
  std::vector<int> woken;
  NotingWaiter first(1, woken), second(2, woken);
  WaitQueue line;
  line.push_back(first);
  line.push_back(second);
  line.wake_front();
  line.wake_front();
  CHECK(woken == std::vector<int>{1, 1});
  CHECK(line.is_front(first));
  line.remove(first);
  line.wake_all();
  CHECK(woken == std::vector<int>{1, 1, 2});
  line.remove(second);
  CHECK(line.empty());
  CHECK_FALSE(second.linked());
}

TEST_CASE("a waiter may leave from the middle of the line") {
  std::vector<int> woken;
  NotingWaiter first(1, woken), second(2, woken), third(3, woken);
  WaitQueue line;
  for (NotingWaiter* waiter : {&first, &second, &third}) line.push_back(*waiter);
  line.remove(second);
  line.wake_all();
  CHECK(woken == std::vector<int>{1, 3});
  CHECK(line.size() == 2);
  line.remove(third);
  line.remove(first);
}

}  // namespace
}  // namespace sendscope
