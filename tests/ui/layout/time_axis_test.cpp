#include "ui/layout/time_axis.h"

#include "tests/support/catch.h"

namespace sendscope::ui {
namespace {

TEST_CASE("a linear axis is proportional to time") {
  const TimeAxis axis = TimeAxis::linear(1000);
  CHECK(axis.place(0) == Approx(0));
  CHECK(axis.place(250) == Approx(0.25));
  CHECK(axis.place(5000) == Approx(1));
  CHECK(axis.time(0.5) == 500);
  CHECK(axis.gaps().empty());
}

TEST_CASE("a compressed axis cuts silence and marks it") {
  std::vector<Nanos> times;
  for (Nanos t = 1; t <= 100; ++t) times.push_back(t * 1000);
  times.push_back(5'000'000'000);
  for (Nanos t = 1; t <= 100; ++t) times.push_back(5'000'000'000 + t * 1000);
  const TimeAxis axis = TimeAxis::compressed(times, 0);
  REQUIRE(axis.gaps().size() == 1);
  CHECK(axis.gaps()[0].from == 100'000);
  CHECK(axis.gaps()[0].to == 5'000'000'000);
  const double gap = axis.place(5'000'000'000) - axis.place(100'000);
  CHECK(gap == Approx(1.0 / TimeAxis::kQuietShare).epsilon(0.02));
  CHECK(axis.end() == 5'000'100'000);
}

TEST_CASE("both axes are monotonic and can be read backwards") {
  std::vector<Nanos> times;
  Nanos t = 0;
  for (int i = 0; i < 500; ++i) {
    t += i % 50 == 0 ? 30'000'000'000 : 1000 + i * 37;
    times.push_back(t);
  }
  for (const TimeAxis& axis : {TimeAxis::compressed(times, t + 5), TimeAxis::linear(t + 5)}) {
    double before = -1;
    for (const Nanos at : times) {
      const double place = axis.place(at);
      REQUIRE(place >= before);
      REQUIRE(place <= 1);
      before = place;
      const Nanos again = axis.time(place);
      REQUIRE(std::abs(static_cast<double>(again - at)) <= 1 + static_cast<double>(at) * 1e-9);
    }
  }
}

TEST_CASE("a short stretch between two gaps takes as much of the axis as a gap") {
  std::vector<Nanos> times;
  Nanos t = 0;
  const auto burst = [&](int events, Nanos every) {
    for (int i = 0; i < events; ++i) times.push_back(t += every);
  };
  burst(600, 10 * kNanosPerMilli);
  t += 30 * kNanosPerSecond;
  const Nanos from = t + 10 * kNanosPerMilli;
  burst(25, 10 * kNanosPerMilli);
  const Nanos to = t;
  t += 30 * kNanosPerSecond;
  burst(1, 10 * kNanosPerMilli);
  const TimeAxis axis = TimeAxis::compressed(times, 0);
  REQUIRE(axis.gaps().size() == 2);
  const double gap = axis.place(axis.gaps()[0].to) - axis.place(axis.gaps()[0].from);
  CHECK(axis.place(to) - axis.place(from) == Approx(gap));
  CHECK(gap > 0.05);
}

TEST_CASE("an axis of hardly any events works") {
  CHECK(TimeAxis::compressed({}, 0).place(0) == Approx(0));
  CHECK(TimeAxis::compressed({0}, 0).time(1) >= 0);
  CHECK(TimeAxis::compressed({0, 5, 5, 5}, 10).place(10) == Approx(1));
}

}  // namespace
}  // namespace sendscope::ui
