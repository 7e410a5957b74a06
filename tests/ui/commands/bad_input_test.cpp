// Bad input through the command line: one clear message with place and remedy, the right exit code, and
// nothing half-written left as if it were whole.
#include "tests/support/catch.h"
#include "tests/support/program.h"

using sendscope::testing::ProgramFolder;
using sendscope::testing::ProgramResult;

namespace {

const std::string kScenario = R"({
  "sendscope": 1,
  "title": "t",
  "cluster": { "nodes": 1, "topics": { "orders": {} } },
  "producers": { "p1": { "config": { "linger.ms": 0 }, "threads": { "app-1": [
    { "send": { "topic": "orders", "value": "100B", "count": 3, "every": "1ms" } }
  ] } } },
  "until": "1s",
  "expect": [ "finally acked == 3" ]
})";

std::string with(const std::string& piece, const std::string& instead) {
  std::string text = kScenario;
  text.replace(text.find(piece), piece.size(), instead);
  return text;
}

struct Mistake {
  const char* piece;
  const char* instead;
  const char* message;  // what standard error must begin with
};

constexpr Mistake kMistakes[] = {
    {"\"until\"", "\"untill\"", "s.json:8:3: untill: found an unknown key; expected one of"},
    {"\"nodes\": 1", "\"nodes\": true", "s.json:4:25: cluster.nodes: found true; expected a number of nodes"},
    {"\"until\": \"1s\"", "\"until\": \"1 sec\"", "s.json:8:12: until: found \"1 sec\"; expected a duration"},
    {"\"send\": { \"topic\": \"orders\"", "\"send\": { \"topic\": \"order\"",
     "s.json:6:26: producers.p1.threads.app-1[0].send.topic: found the topic \"order\", which the cluster "
     "does not have"},
    {"\"until\": \"1s\",", "\"until\": \"1s\"", "s.json:9:3: no JSON: "},
    {"\"linger.ms\": 0", "\"linger.ms\": -1",
     "s.json:5:51: producers.p1.config.linger.ms: found the number -1; it must be at least 0\n"},
    // All at once, each at its place.
    {"\"linger.ms\": 0", "\"acks\": \"maybe\", \"retries\": \"5x\", \"enable.idempotence\": 3",
     "s.json:5:46: producers.p1.config.acks: found \"maybe\"; it must be one of all, -1, 0, 1\n"
     "s.json:5:66: producers.p1.config.retries: found \"5x\"; it must be a whole number from 0 to "
     "2147483647\n"
     "s.json:5:94: producers.p1.config.enable.idempotence: found the number 3; it must be true or false\n"},
    {"\"linger.ms\": 0", "\"delivery.timeout.ms\": 9",
     "s.json:5:61: producers.p1.config.delivery.timeout.ms: delivery.timeout.ms = '9': must be at least "
     "linger.ms + request.timeout.ms"},
    {"\"orders\": {}", "\"orders\": { \"partitions\": 0 }",
     "s.json:4:66: cluster.topics.orders.partitions: found the number 0; expected a whole number from 1 to "
     "10000\n"},
    {"\"sendscope\": 1", "\"sendscope\": 2",
     "s.json:2:16: sendscope: found the number 2; expected 1, the one version"},
    {"\"until\": \"1s\"", "\"until\": \"1s\", \"lesson\": \"none.md\"",
     "s.json:8:28: lesson: found no file none.md; expected a lesson file next to the scenario"},
    {"{ \"send\"", "{ \"set\": { \"linger.ms\": 5 } }, { \"send\"",
     "s.json:6:14: producers.p1.threads.app-1[0].set: found \"linger.ms\" = \"5\"; expected of the brokers' "
     "keys "},
    {"finally acked == 3", "finally akced == 3",
     "s.json:9:24: expect[0]: \"finally akced == 3\": there is no name 'akced'; did you mean 'acked'?"},
    {"finally acked == 3", "finally node(7).up",
     "s.json:9:15: expect[0]: found node(7).up; expected the id of a node"},
    {"finally acked == 3", "acked == 3",
     "s.json:9:16: expect[0]: \"acked == 3\": an expectation begins with always"},
};

}  // namespace

TEST_CASE("a scenario that is wrong is refused by every command that takes one") {
  const ProgramFolder folder;
  for (const Mistake& mistake : kMistakes) {
    folder.write("s.json", with(mistake.piece, mistake.instead));
    for (const char* words : {"run s.json --trace t.trace", "check s.json", "state s.json --at 1ms"}) {
      const ProgramResult result = folder.run(words);
      INFO(words << "\n" << result.err);
      CHECK(result.exit_code == 2);
      CHECK(result.err.find(mistake.message) == 0);
      CHECK(result.out.empty());
      CHECK_FALSE(folder.has("t.trace"));
    }
  }
}

TEST_CASE("a lesson that shows what the run cannot have is refused") {
  const ProgramFolder folder;
  folder.write("s.json", with("\"until\": \"1s\"", "\"until\": \"1s\", \"lesson\": \"l.md\""));
  const auto told = [&](const std::string& word) {
    folder.write("l.md", "# T\nshow: orders-0, app-1, p1, node:1, " + word + "\n\nText.\n\n## S\nText.\n");
    return folder.run("run s.json").err;
  };
  CHECK(told("batch:1") == "");
  CHECK(told("nobody").find("l.md:2:36: show: found nobody; expected a thread, partition or producer") == 0);
  CHECK(told("node:7").find("l.md:2:36: show: found node:7; expected the id of a node") == 0);
}

TEST_CASE("files that are not there, or are something else") {
  const ProgramFolder folder;
  CHECK(folder.run("run none.json").exit_code == 2);
  folder.write("s.json", kScenario);
  folder.write("empty", "");
  REQUIRE(folder.shell("mkdir folder.json").exit_code == 0);
  const std::pair<const char*, const char*> kFiles[] = {
      {"run none.json", "none.json: found no such file; expected a scenario file\n"},
      {"run folder.json", "folder.json: found a directory; expected a scenario file\n"},
      {"run empty", "empty:1:1: no JSON: "},
      {"run /proc/self/mem", "/proc/self/mem: found a file that cannot be read: "},
      {"run /dev/zero", "/dev/zero:1:1: found a longer text; expected at most 4194304 bytes\n"},
      {"check none.json", "none.json: found no such file"},
      {"check folder.json", "sendscope: folder.json: no scenarios here; expected files that end in .json"},
      {"state none.json --at 1ms", "none.json: found no such file"},
      {"gui none.json", "sendscope: none.json: found no such file; expected a scenario file\n"},
      {"gui empty", "sendscope: empty:1:1: no JSON: "},
      {"render none.json -o a.png", "sendscope: none.json: found no such file; expected a scenario file\n"},
      {"replay none.trace", "sendscope: none.trace: cannot be opened: No such file or directory\n"},
      {"replay folder.json", "sendscope: folder.json: cannot be read: Is a directory\n"},
      {"replay empty", "sendscope: empty: not a trace of sendscope\n"},
      {"replay s.json", "sendscope: s.json: not a trace of sendscope\n"},
      {"replay /dev/zero", "sendscope: /dev/zero: not a trace of sendscope\n"},
      {"conform none", "sendscope: none"},
  };
  for (const auto& [words, message] : kFiles) {
    const ProgramResult result = folder.run(words);
    INFO(words << "\n" << result.err);
    CHECK(result.exit_code == 2);
    CHECK(result.err.find(message) == 0);
    CHECK(result.err.find("\n\n") == std::string::npos);
  }
  CHECK_FALSE(folder.has("a.png"));
}

TEST_CASE("words that are wrong") {
  const ProgramFolder folder;
  folder.write("s.json", kScenario);
  const std::pair<const char*, const char*> kWrong[] = {
      {"rnu s.json", "did you mean 'run'?"},
      {"run", "scenario is required"},
      {"run s.json --until soon", "such as \"5ms\""},
      {"run s.json --seed x", "run: --seed: found \"x\"; expected a whole number, 0 or more"},
      {"run s.json --seed -1", "run: --seed: found \"-1\"; expected a whole number"},
      {"run s.json --seed 99999999999999999999", "of 64 bits"},
      {"render s.json --scale 7 -o a.png", "render: --scale: found \"7\"; expected per cent from 75 to 200"},
      {"render s.json --at 1ms", "-o FILE is missing"},
      {"render s.json --at 1ms --size 5x5 -o a.png", "WIDTHxHEIGHT between 320x240 and 8192x8192"},
      {"render s.json --at 1ms --select batch:77 -o a.png", "there is no 'batch:77' in this run"},
      {"gui s.json --seed x", "gui: --seed: found \"x\""},
      {"live", "live: --bootstrap is required"},
      {"live -b a:1 -t t --size 0", "--size: found \"0\"; expected a size from 1B to 1GiB"},
      {"live -b a:1 -t t --rate 0", "--rate: found \"0\"; expected records a second, such as 5000/s"},
      {"live -b a:1 -t t --count -1", "--count: found \"-1\"; expected a whole number"},
      {"live -b a:1 -t t --threads 999",
       "--threads: found \"999\"; expected a number of threads from 1 to 256"},
      {"live -b a:1 -t t --headless -X linger.ms=x", "linger.ms = 'x': must be a whole number from 0 to "},
      {"live -b a:1 -t t --headless -X acks",
       "live: --config: found \"acks\"; expected KEY=VALUE, such as linger.ms=20"},
      {"live -b a -t t --headless", "bootstrap.servers: 'a' is not host:port"},
      {"live -b a:1 -t t --headless -X bootstrap.servers=b:1", "--bootstrap and -X bootstrap.servers both"},
      {"produce -b a:1 -t t -K '\\q'", "--key-delimiter: found \"\\q\"; a backslash begins \\t"},
      {"produce -b a:1 -t t -p x", "--partition: found \"x\"; expected the number of a partition"},
      {"run s.json --format xml", "--format"},
      {"run s.json --no-such-option", "--no-such-option"},
      {"check s.json --seeds 9..1", "1..200"},
      {"state s.json", "sendscope help state"},
      {"state s.json --at 1ms --event 5", "sendscope help state"},
      {"state s.json --event 99999", "events"},
      {"produce -b 127.0.0.1:1 -t orders --abort", "-X transactional.id=NAME"},
      {"live --headless -b 127.0.0.1:1 -t orders --transaction-size 5", "-X transactional.id=NAME"},
      {"live --headless -b 127.0.0.1:1 -t orders -X transactional.id=a --threads 2", "one thread"},
      {"help nonsense", "no help on 'nonsense'"},
  };
  for (const auto& [words, message] : kWrong) {
    const ProgramResult result = folder.run(words);
    INFO(words << "\n" << result.err);
    CHECK(result.exit_code == 2);
    CHECK(result.err.find("sendscope: ") == 0);
    CHECK(result.err.find(message) != std::string::npos);
  }
}

TEST_CASE("a trace that is cut off or has a flipped bit is told apart from a whole one") {
  const ProgramFolder folder;
  folder.write("s.json", kScenario);
  REQUIRE(folder.run("run s.json --trace t.trace").exit_code == 0);
  REQUIRE(folder.run("replay t.trace").exit_code == 0);
  const std::string whole = folder.read("t.trace");
  folder.write("cut.trace", whole.substr(0, whole.size() - 10));
  std::string flipped = whole;
  flipped[flipped.size() / 2] = static_cast<char>(flipped[flipped.size() / 2] ^ 4);
  folder.write("flipped.trace", flipped);
  for (const char* name : {"cut.trace", "flipped.trace"}) {
    const ProgramResult result = folder.run(std::string("replay ") + name);
    INFO(result.err);
    CHECK(result.exit_code == 2);
    CHECK(result.err.find(name) != std::string::npos);
    CHECK(result.err.find("byte") != std::string::npos);
    CHECK(folder.run(std::string("state ") + name + " --at 1ms").err.find("warning: ") == 0);
  }
}

TEST_CASE("a disk that is full while tracing fails the run, and leaves no trace that looks whole") {
  const ProgramFolder folder;
  folder.write("s.json", kScenario);
  const ProgramResult full =
      folder.shell("ln -s /dev/full t.trace.unfinished; \"$SENDSCOPE\" run s.json --trace t.trace");
  INFO(full.err);
  CHECK(full.exit_code == 1);
  CHECK(full.err.find("t.trace") != std::string::npos);
  CHECK_FALSE(folder.has("t.trace"));
  const ProgramResult limited =
      folder.shell("ulimit -f 1; \"$SENDSCOPE\" run s.json --format quiet --trace u.trace | cat");
  CHECK(limited.err.find("u.trace") != std::string::npos);
  CHECK_FALSE(folder.has("u.trace"));
  CHECK(folder.run("run s.json --trace no/such/folder/t.trace").exit_code == 1);
  CHECK(folder.run("run s.json > /dev/full").exit_code == 1);
  CHECK(folder.run("check s.json --junit no/such/folder/j.xml").exit_code == 1);
  for (const char* words : {"run s.json --trace .", "check s.json --junit .", "render s.json -o ."}) {
    const ProgramResult result = folder.run(words);
    CHECK(result.exit_code == 1);
    CHECK(result.err.find("this is a directory; name a file") != std::string::npos);
  }
}

TEST_CASE("a device is written in place and stays a device") {
  const ProgramFolder folder;
  folder.write("s.json", kScenario);
  for (const char* words : {"run s.json --format quiet --trace full", "check s.json --junit full",
                            "render s.json --size 320x240 -o full"}) {
    const ProgramResult result = folder.shell(std::string("ln -sf /dev/full full; \"$SENDSCOPE\" ") + words +
                                              "; code=$?; test -c full || echo replaced; exit $code");
    INFO(words << "\n" << result.err);
    CHECK(result.exit_code == 1);
    CHECK(result.err.find("No space left on device") != std::string::npos);
    CHECK(result.out.find("replaced") == std::string::npos);
    CHECK_FALSE(folder.has("full.unfinished"));
    CHECK_FALSE(folder.has("full.part"));
  }
}

TEST_CASE("nobody answers at the bootstrap address, or it has no such topic's metadata") {
  const ProgramFolder folder;
  const std::string wait = " -t t -X max.block.ms=300";
  for (const std::string& words : {"live --headless --count 1 --size 100 -b 127.0.0.1:1" + wait,
                                   "produce -b 127.0.0.1:1 --trace p.trace < line" + wait}) {
    folder.write("line", "a line\n");
    const ProgramResult result = folder.run(words);
    INFO(words << "\n" << result.err);
    CHECK(result.exit_code == 1);
    CHECK(result.err.find("1 record in ") == 0);
    CHECK(result.err.find("Topic t not present in metadata after 300 ms.") != std::string::npos);
    CHECK(result.err.find("nothing was stored: 127.0.0.1:1 refuses connections (Connection refused): ") !=
          std::string::npos);
  }
}
