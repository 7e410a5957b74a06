// The snapshot that application threads read while the I/O thread replaces it. Worth most under
// ThreadSanitizer.
#include "core/net/published.h"

#include <array>
#include <thread>

#include "tests/support/catch.h"

using namespace sendscope;

namespace {

struct Numbers : std::enable_shared_from_this<Numbers> {
  explicit Numbers(int value) { all.fill(value); }
  ~Numbers() { all.fill(-1); }
  bool whole() const {
    for (const int number : all) {
      if (number != all[0] || number < 0) return false;
    }
    return true;
  }
  std::array<int, 64> all;
};

}  // namespace

TEST_CASE(
    "readers see whole snapshots, never older than the one before, while another thread replaces them") {
  Published<Numbers> published(std::make_shared<const Numbers>(0));
  constexpr int kLast = 20'000;
  std::array<int, 3> torn{};
  std::array<int, 3> backwards{};
  std::array<std::thread, 3> readers;
  for (std::size_t i = 0; i < readers.size(); ++i) {
    readers[i] = std::thread([&published, &torn, &backwards, i] {
      for (int seen = 0; seen < kLast;) {
        const std::shared_ptr<const Numbers> kept = published.share();
        const auto pin = published.pin();
        if (!pin->whole() || !kept->whole()) ++torn[i];
        if (kept->all[0] < seen || pin->all[0] < kept->all[0]) ++backwards[i];
        seen = pin->all[0];
      }
    });
  }
  for (int i = 1; i <= kLast; ++i) published.publish(std::make_shared<const Numbers>(i));
  for (std::thread& reader : readers) reader.join();
  CHECK(torn == std::array<int, 3>{});
  CHECK(backwards == std::array<int, 3>{});
  CHECK(published.pin()->all[0] == kLast);
}
