#!/usr/bin/env python3
"""The live producer against real Apache Kafka: everything delivered, each record once, in order per key.

usage: live_test.py PROGRAM [--records N]      exit status 77: skipped, with the reason
"""
import json
import pathlib
import signal
import subprocess
import sys
import threading
import unittest

import cluster
import program
import readback
from program import PROGRAM, run_program

RECORDS = int(sys.argv[sys.argv.index("--records") + 1]) if "--records" in sys.argv else 1_000_000
PARTITIONS, KEYS = 12, 1_000


def feed(pipe, first, last):
    for begin in range(first, last, 10_000):
        pipe.write("".join(f"key-{n % KEYS}:{n} some words of a record\n" for n in range(begin, min(begin + 10_000, last))))


class Live(program.LiveCase):
    NODES = 0

    def check_topic(self, kafka, topic, count):
        self.assertEqual(readback.faults(readback.with_kcat(kafka, topic), count), [])
        self.assertEqual(readback.faults(readback.with_kafka(kafka, topic, count), count), [])

    def test_a_million_records_from_the_load_generator(self):
        with cluster.Cluster(nodes=1) as kafka:
            kafka.create_topic("load", PARTITIONS)
            trace = self.folder / "live.trace"
            run = run_program("live", "--headless", "--bootstrap", kafka.bootstrap, "--topic", "load", "--threads", "3",
                              "--count", str(RECORDS), "--keys", str(KEYS), "--size", "100B", "--trace", str(trace))
            print(run.stdout[-1500:])
            self.assertEqual(run.returncode, 0, run.stdout)
            self.check_topic(kafka, "load", RECORDS)
            self.check_trace(trace)

    def check_trace(self, trace):
        """The trace of a live run can be looked at anywhere, backwards too, and drawn."""
        states = [run_program("state", str(trace), "--event", event, "--json") for event in ("2000", "500", "2000")]
        for state in states:
            self.assertEqual(state.returncode, 0, state.stdout)
        later, earlier, again = (json.loads(state.stdout) for state in states)
        self.assertEqual(later, again)
        self.assertLess(earlier["time_ns"], later["time_ns"])
        picture = self.folder / "live.png"
        drawn = run_program("render", str(trace), "--at", "200ms", "-o", str(picture))
        self.assertEqual(drawn.returncode, 0, drawn.stdout)
        self.assertTrue(picture.read_bytes().startswith(b"\x89PNG"))

    def test_a_broker_of_three_dies_and_returns(self):
        with cluster.Cluster(nodes=3) as kafka:
            kafka.create_topic("deaths", PARTITIONS)
            cluster.wait_until(lambda: kafka.in_sync("deaths"), "all replicas are in sync")
            producer = subprocess.Popen([PROGRAM, "produce", "--bootstrap", kafka.bootstrap, "--topic", "deaths", "-K", ":"],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            output = []
            reader = threading.Thread(target=lambda: output.append(producer.stdout.read()))
            reader.start()
            feed(producer.stdin, 0, RECORDS * 4 // 10)
            kafka.kill(2)
            feed(producer.stdin, RECORDS * 4 // 10, RECORDS * 7 // 10)
            kafka.start(2)
            feed(producer.stdin, RECORDS * 7 // 10, RECORDS)
            producer.stdin.close()
            producer.wait()
            reader.join()
            producer.stdout.close()
            print(output[0][-1500:])
            self.assertEqual(producer.returncode, 0, output[0])
            cluster.wait_until(lambda: kafka.in_sync("deaths"), "all replicas are in sync again")
            self.check_topic(kafka, "deaths", RECORDS)

    def test_a_load_that_is_stopped_waits_for_no_further_record_and_fails_none(self):
        with cluster.Cluster(nodes=1) as kafka:
            kafka.create_topic("slow", 1)
            load = subprocess.Popen([PROGRAM, "live", "--headless", "--bootstrap", kafka.bootstrap, "--topic", "slow",
                                     "--rate", "0.01/s"], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            cluster.wait_until(lambda: len(list(readback.with_kcat(kafka, "slow"))) == 1, "the first record is there")
            load.send_signal(signal.SIGINT)
            output, _ = load.communicate(timeout=30)  # the next record would come after 100 s
            self.assertIn("1 stored, 0 failed", output)

    def test_the_commands_of_the_readme(self):
        root = pathlib.Path(__file__).resolve().parents[2]
        with cluster.Cluster(nodes=1) as kafka:
            kafka.create_topic("orders", 3)
            done = subprocess.run([sys.executable, root / "tests/readme/readme_test.py", root, PROGRAM, "--live",
                                   kafka.bootstrap], check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            self.assertEqual(done.returncode, 0, done.stdout)

    def test_what_cannot_work_says_so(self):
        with cluster.Cluster(nodes=1) as kafka:
            kafka.create_topic("there", 1)
            missing = run_program("produce", "--bootstrap", kafka.bootstrap, "--topic", "nowhere",
                                  "--config", "max.block.ms=2000", input="a line\n")
            self.assertEqual(missing.returncode, 1)
            self.assertIn("nowhere", missing.stdout)
        nobody = run_program("produce", "--bootstrap", f"127.0.0.1:{cluster.free_ports(1)[0]}", "--topic", "t",
                             "--config", "max.block.ms=1000", input="a line\n")
        self.assertEqual(nobody.returncode, 1)
        self.assertIn("127.0.0.1", nobody.stdout)


class Readback(unittest.TestCase):
    """The judge itself: it must object."""

    def test_it_objects(self):
        good = [(0, "a", 0), (1, "b", 1), (0, "a", 2)]
        self.assertEqual(readback.faults(good, 3), [])
        self.assertTrue(readback.faults(good, 4))
        self.assertTrue(readback.faults(good + [(0, "a", 2)], 3))
        self.assertTrue(readback.faults([(0, "a", 2), (0, "a", 0), (1, "b", 1)], 3))
        self.assertTrue(readback.faults([(0, "a", 0), (1, "b", 1), (1, "a", 2)], 3))


if __name__ == "__main__":
    program.main()
