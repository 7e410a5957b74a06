#include "core/base/statistics.h"

#include <cmath>
#include <fstream>
#include <sstream>

#include "tests/support/catch.h"
#include "tests/support/repository.h"

namespace sendscope {
namespace {

constexpr StatisticsSettings kTwoWindows{2, 1000};

// What Kafka prints as NaN equals nothing, not even itself.
bool same(double ours, double theirs) { return (std::isnan(ours) && std::isnan(theirs)) || ours == theirs; }

struct Statistics {
  explicit Statistics(const StatisticsSettings& settings)
      : values(settings), sums(settings), counts(settings), nanos(settings) {}
  void record(double value, Millis now_ms) {
    values.record(value, now_ms);
    sums.record(value, now_ms);
    counts.record(1, now_ms);
    nanos.record(value, now_ms);
  }
  std::vector<double> look(Millis now_ms) {
    return {values.average(now_ms), values.maximum(now_ms), sums.rate(now_ms), counts.rate(now_ms),
            nanos.ratio(now_ms),    sums.total(),           counts.total()};
  }

  AverageAndMaximum values;
  Meter sums, counts, nanos;
};

}  // namespace

TEST_CASE("averages, maxima and rates are those of Kafka's own classes") {
  std::ifstream golden(test::repository("tests/golden/metrics/statistics.txt"));
  REQUIRE(golden.good());
  Statistics ours({});
  int looks = 0;
  for (std::string line; std::getline(golden, line);) {
    if (line.front() == '#') continue;
    std::istringstream words(line);
    std::string what;
    Millis first = 0;
    words >> what >> first;
    std::vector<double> values;
    for (std::string word; words >> word;) values.push_back(std::strtod(word.c_str(), nullptr));
    if (what == "settings") ours = Statistics({static_cast<std::int32_t>(first), Millis(values.at(0))});
    if (what == "record") ours.record(values.at(0), first);
    if (what != "look") continue;
    ++looks;
    const std::vector<double> found = ours.look(first);
    REQUIRE(found.size() == values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
      INFO(line << "\nfigure " << i << ": ours " << found[i]);
      CHECK(same(found[i], values[i]));
    }
  }
  CHECK(looks > 50);
}

TEST_CASE("without values averages and maxima are no numbers, rates and totals are 0") {
  AverageAndMaximum sizes(kTwoWindows);
  CHECK(std::isnan(sizes.average(5)));
  CHECK(std::isnan(sizes.maximum(5)));
  Meter meter(kTwoWindows);
  CHECK(meter.rate(5) == 0);
  CHECK(meter.ratio(5) == 0);
  CHECK(meter.total() == 0);
}

TEST_CASE("a maximum of negative values is negative") {
  AverageAndMaximum values(kTwoWindows);
  values.record(-5, 10);
  values.record(-3, 1500);
  CHECK(values.maximum(1500) == -3);
}

TEST_CASE("a rate counts a missing window as full") {
  Meter meter(kTwoWindows);
  meter.record(10, 5000);
  CHECK(meter.rate(5000) == 10);                // 0 s have passed; one window of two is missing
  CHECK(meter.rate(5500) == Approx(10 / 1.5));  // half a second and the missing window
  CHECK(meter.rate(5999) == Approx(10 / 1.999));
  CHECK(meter.rate(6000) == 10);  // one window has passed: none is missing
}

TEST_CASE("a value counts until it is as old as all windows together") {
  AverageAndMaximum values(kTwoWindows);
  values.record(7, 5000);
  CHECK(values.average(6999) == 7);
  CHECK(std::isnan(values.average(7000)));
}

TEST_CASE("a window ends exactly its length after its start") {
  const StatisticsSettings one{1, 1000};
  AverageAndMaximum values(one);
  values.record(1, 0);
  values.record(3, 999);
  CHECK(values.average(999) == 2);
  values.record(5, 1000);            // the next window
  CHECK(values.average(1998) == 3);  // the first one's last value is 999 ms old
  CHECK(values.average(1999) == 5);
}

TEST_CASE("windows of no length hold nothing and do not divide by zero") {
  Meter meter({2, 0});
  meter.record(4, 10);
  CHECK(meter.rate(10) == 0);
  CHECK(meter.total() == 4);
}

}  // namespace sendscope
