// A scenario that uses everything the format has, and ways to change it.
#pragma once

#include <string>

namespace sendscope::testing {

inline const std::string kSampleScenario = R"json({
  "sendscope": 1, // the version
  "title": "Everything",
  "summary": "All of it.",
  "seed": 42,
  "profile": "kafka-4.3",
  "cluster": {
    "nodes": { "1": { "rack": "a", "service": { "Produce": "1ms" } }, "3": {}, "2": { "link": { "latency": "9ms" } } },
    "topics": {
      "orders": { "partitions": 3, "replicas": 3, "min.insync.replicas": 2, "leaders": { "0": 2 } },
      "logs": { "cleanup.policy": "compact", "message.timestamp.type": "LogAppendTime", "max.message.bytes": 1000,
                "compression.type": "zstd" }
    },
    "link": { "latency": { "uniform": ["1ms", "3ms"] }, "jitter": "100us", "bandwidth": "1Gbit/s" },
    "replication": { "latency": "2ms" },
    "service": { "Produce": { "exponential": "300us" }, "other": { "lognormal": { "median": "1ms", "p99": "20ms" } } },
    "config": { "message.max.bytes": 2000, "broker.session.timeout.ms": 1000, "replica.lag.time.max.ms": "3s" }
  },
  "producers": {
    "p1": {
      "config": { "enable.idempotence": false, "linger.ms": 0, "acks": "all" },
      "threads": {
        "app-1": [
          { "send": { "topic": "orders", "partition": 0, "value": "100B", "count": 4, "every": "200us" } },
          { "send": { "topic": "orders", "key": "user-{i}", "value": "hello {i}", "for": "1s", "rate": "10/ms" } },
          { "send": { "topic": "orders", "key": { "zipf": 100 }, "value": { "uniform": ["10B", "1KiB"] },
                      "rate": { "poisson": "5000/s" }, "headers": { "h": "v" }, "timestamp": 5, "await": true } },
          { "send": { "topic": "logs", "key": null, "value": { "text": "100B" }, "on_callback": { "take": "5ms" } } },
          { "send": { "topic": "logs", "value": null, "on_callback": [ { "send": { "topic": "orders" } } ] } },
          { "sleep": "5ms" }, { "flush": {} }, { "barrier": "b" }, { "barrier": {} },
          { "repeat": { "times": 3, "steps": [ { "sleep": { "exponential": "1ms" } } ] } },
          { "set": { "transaction.version": 1 } }, { "close": { "timeout": "5s" } }
        ]
      }
    },
    "p2": { "profile": "kafka-3.9", "config": { "max.in.flight.requests.per.connection": 6 } }
  },
  "faults": [
    { "at": "0ms", "respond": { "node": 1, "api": "Produce", "partition": "orders-0",
                                "error": "NOT_LEADER_OR_FOLLOWER", "after_append": true }, "times": 1 },
    { "when": "acked == 1", "drop": { "what": "response", "node": 2 }, "probability": 0.25, "for": "1s" },
    { "at": "1s", "delay": { "what": "request", "by": "5ms" } },
    { "at": "1s", "kill": { "node": 3 } },
    { "at": "2s", "restart": {} },
    { "at": "2s", "slow": { "node": 1, "link": { "bandwidth": "1MB/s" }, "service": "50ms" } },
    { "at": "3s", "move_leader": { "partition": "orders-1", "to": 1 } },
    { "at": "3s", "partition_network": { "from": 1, "to": "clients", "one_way": true } },
    { "at": "3s", "quota": { "client": "p1", "bytes_per_second": "100kB" } },
    { "at": "4s", "add_partitions": { "topic": "orders", "count": 5 } },
    { "at": "5s", "respond": { "partition": "orders-4", "error": "NOT_ENOUGH_REPLICAS" } },
    { "at": "5s", "drop": { "what": "response", "client": "p1", "request": 9 }, "times": 1 },
    { "at": "5s", "disconnect": { "node": 1, "client": "p1" } },
    { "at": "6s", "set": { "topic": "orders", "key": "min.insync.replicas", "value": 1 } },
    { "at": "6s", "next": { "what": "thread", "client": "p1", "thread": "app-1", "after": 1 } }
  ],
  "until": "5s",
  "expect": [ "always pool.free + pool.used == pool.total" ],
  "lesson": "everything.md"
})json";

// The sample with one piece of text replaced. REQUIRES: it has that piece.
inline std::string sample_with(const std::string& piece, const std::string& instead) {
  std::string text = kSampleScenario;
  text.replace(text.find(piece), piece.size(), instead);
  return text;
}

}  // namespace sendscope::testing
