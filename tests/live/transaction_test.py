#!/usr/bin/env python3
"""Transactions against real Apache Kafka: readers of what is committed see exactly that.

usage: transaction_test.py PROGRAM TESTS      TESTS is what against_kafka.cpp was built to
exit status 77: skipped, with the reason
"""
import os
import subprocess
import sys
import threading

import cluster
import program
import readback
from program import PROGRAM

TESTS = os.path.abspath(sys.argv[2])


class Transactions:
    """Run for both versions of the protocol."""

    def committed(self, topic, count):
        """Values as both kinds of readers see them; they must agree."""
        by_kcat = readback.values(readback.kcat_lines(self.kafka, topic))
        by_kafka = readback.values(readback.kafka_lines(self.kafka, topic, count + 1, timeout_ms=5000))
        self.assertEqual(by_kcat, by_kafka)
        return by_kcat

    def uncommitted(self, topic):
        return readback.values(readback.kcat_lines(self.kafka, topic, "read_uncommitted"))

    def start_producer(self, topic, *words):
        process = subprocess.Popen([PROGRAM, "produce", "--bootstrap", self.kafka.bootstrap, "--topic", topic, *words],
                                   stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(process.stdout.close)
        return process

    @staticmethod
    def feed(process, line):
        process.stdin.write(line + "\n")
        process.stdin.flush()

    def end(self, process):
        process.stdin.close()
        text = process.stdout.read()
        return process.wait(), text

    def test_readers_of_the_committed_see_exactly_that(self):
        self.kafka.create_topic("mix", 3)
        kept = [f"kept {n}" for n in range(150)]
        dropped = [f"dropped {n}" for n in range(50)]
        told = self.produce("mix", kept[:100], "transactional.id=mixer", options=("--transaction-size", "10"))
        self.assertIn("transactions: 10 committed, 0 aborted", told)
        told = self.produce("mix", dropped, "transactional.id=mixer", options=("--abort", "--transaction-size", "20"))
        self.assertIn("transactions: 0 committed, 3 aborted", told)
        self.produce("mix", kept[100:], "transactional.id=mixer")
        self.assertEqual(self.committed("mix", len(kept)), sorted(kept))
        self.assertEqual(self.uncommitted("mix"), sorted(kept + dropped))

    def test_an_open_transaction_is_seen_when_it_is_committed(self):
        self.kafka.create_topic("open", 1)
        producer = self.start_producer("open", "-X", "transactional.id=slow")
        self.feed(producer, "waits")
        cluster.wait_until(lambda: self.uncommitted("open") == ["waits"], "the record is stored")
        self.assertEqual(list(readback.kcat_lines(self.kafka, "open")), [])
        status, text = self.end(producer)
        self.assertEqual(status, 0, text)
        self.assertEqual(self.committed("open", 1), ["waits"])

    def test_a_second_producer_of_the_same_name_ends_the_first(self):
        self.kafka.create_topic("rivals", 1)
        first = self.start_producer("rivals", "-X", "transactional.id=rival", "--transaction-size", "1")
        self.feed(first, "of the first")
        cluster.wait_until(lambda: list(readback.kcat_lines(self.kafka, "rivals")), "the first has committed")
        self.produce("rivals", ["of the second"], "transactional.id=rival")
        self.feed(first, "of the first, too late")
        status, text = self.end(first)
        self.assertEqual(status, 1, text)
        self.assertRegex(text, "commitTransaction\\(\\) failed: (ProducerFenced|InvalidProducerEpoch)Exception")
        self.assertIn("transactions: 1 committed, 0 aborted", text)
        self.assertEqual(self.committed("rivals", 2), ["of the first", "of the second"])

    def test_a_load_in_transactions(self):
        self.kafka.create_topic("load", 3)
        trace = self.folder / "load.trace"
        done = program.run_program("live", "--headless", "--bootstrap", self.kafka.bootstrap, "--topic", "load", "--count",
                                   "5000", "--keys", "20", "-X", "transactional.id=loader", "--transaction-size", "500",
                                   "--trace", str(trace))
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertIn("transactions: 10 committed, 0 aborted", done.stdout)
        self.assertEqual(readback.faults(readback.with_kcat(self.kafka, "load"), 5000), [])
        told = program.run_program("replay", str(trace)).stdout
        self.assertEqual(told.count("calls commitTransaction()"), 10)

    def test_the_blocking_producer(self):
        for topic in ("in", "out", "fenced"):
            self.kafka.create_topic(topic, 1)
        done = subprocess.run([TESTS], env={**os.environ, "SENDSCOPE_BOOTSTRAP": self.kafka.bootstrap}, check=False,
                              text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.assertEqual(done.returncode, 0, done.stdout)
        self.assertEqual(self.committed("out", 2), ["after the abort", "copied up to 42"])
        self.assertEqual(self.committed("fenced", 1), ["of the second"])
        self.assertNotIn("of a zombie", self.uncommitted("fenced"))
        self.assertEqual(self.offset_of("copiers", "in"), "42")

    def offset_of(self, group, topic):
        text = self.kafka.tool("org.apache.kafka.tools.consumer.group.ConsumerGroupCommand", "--bootstrap-server",
                               self.kafka.bootstrap, "--describe", "--group", group, stderr=subprocess.DEVNULL)
        header, *rows = [line.split() for line in text.splitlines() if line.strip() and "no active members" not in line]
        found = [dict(zip(header, row)) for row in rows]
        return next(row["CURRENT-OFFSET"] for row in found if row["TOPIC"] == topic)


class SecondVersion(Transactions, program.LiveCase):
    """KIP-890, what Kafka 4.3 does by itself: records add their partitions, each end raises the epoch."""


class FirstVersion(Transactions, program.LiveCase):
    FEATURES = ("transaction.version=0",)


class Deaths(program.LiveCase):
    NODES = 3

    def test_each_broker_dies_once_and_so_does_the_coordinator(self):
        records, partitions = 30_000, 6
        self.kafka.create_topic("deaths", partitions)
        cluster.wait_until(lambda: self.kafka.in_sync("deaths"), "all replicas are in sync")
        producer = subprocess.Popen([PROGRAM, "produce", "--bootstrap", self.kafka.bootstrap, "--topic", "deaths", "-K", ":",
                                     "-X", "transactional.id=survivor", "--transaction-size", "500"],
                                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        output = []
        reader = threading.Thread(target=lambda: output.append(producer.stdout.read()))
        reader.start()
        lines = [f"key-{n % 100}:{n} some words\n" for n in range(records)]
        for node in self.kafka.nodes:
            share = lines[(node - 1) * records // 3:node * records // 3]
            producer.stdin.write("".join(share[:len(share) // 2]))
            producer.stdin.flush()
            self.kafka.kill(node)
            producer.stdin.write("".join(share[len(share) // 2:]))
            producer.stdin.flush()
            self.kafka.start(node)
            cluster.wait_until(lambda: self.kafka.in_sync("deaths"), "all replicas are in sync again")
        producer.stdin.close()
        producer.wait()
        reader.join()
        producer.stdout.close()
        self.assertEqual(producer.returncode, 0, output[0])
        self.assertIn("transactions: 60 committed, 0 aborted", output[0])
        self.assertEqual(readback.faults(readback.with_kcat(self.kafka, "deaths"), records), [])
        self.assertEqual(readback.faults(readback.with_kafka(self.kafka, "deaths", records), records), [])


if __name__ == "__main__":
    program.main()
