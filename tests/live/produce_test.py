#!/usr/bin/env python3
"""`produce` and `live` against a broker that a test makes answer as it likes: what is sent, told and returned.

usage: produce_test.py PROGRAM
"""
import os
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import threading
import unittest

import fake_broker
from fake_broker import FakeBroker, Listener

PROGRAM = os.path.abspath(sys.argv[1])
TOO_LARGE = "x" * 2_000_000
PATIENCE = 60  # seconds


def run(*words, **options):
    return subprocess.run([PROGRAM, *words], check=False, text=True, stderr=subprocess.PIPE,
                          **{"stdout": subprocess.PIPE, "timeout": PATIENCE, **options})


class Produce(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def produce(self, broker, text, *words, **options):
        return run("produce", "-b", broker.address, "-t", "t", *words, input=text, **options)

    def test_a_line_that_is_too_large_does_not_stop_the_others(self):
        for lines in ([TOO_LARGE, "a", "b"], ["a", TOO_LARGE, "b"], ["a", "b", TOO_LARGE]):
            with FakeBroker() as broker:
                done = self.produce(broker, "".join(line + "\n" for line in lines))
                self.assertEqual([value for _, value in broker.records], [b"a", b"b"])
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn("2 stored, 1 failed\n  RecordTooLargeException: 1\n", done.stderr)
            self.assertNotIn("stopped", done.stderr)

    def test_a_line_that_cannot_be_serialized_does_not_stop_the_others(self):
        with FakeBroker() as broker:
            done = self.produce(broker, "abc\nabcd\nab\n", "-X",
                                "value.serializer=org.apache.kafka.common.serialization.IntegerSerializer")
            self.assertEqual([value for _, value in broker.records], [b"abcd"])
        self.assertIn("1 stored, 2 failed\n  SerializationException: 2\n", done.stderr)

    def test_when_there_is_no_hope_it_says_how_much_was_not_read(self):
        lines = self.folder / "lines"
        lines.write_text("first\nsecond\nthird\n", encoding="utf-8")
        with FakeBroker(Metadata=fake_broker.UNKNOWN_TOPIC_OR_PARTITION) as broker, open(lines, "rb") as stdin:
            done = run("produce", "-b", broker.address, "-t", "t", "-X", "max.block.ms=500", stdin=stdin)
        self.assertEqual(done.returncode, 1)
        self.assertIn("stopped after line 1: the first record failed; 13 bytes of the input were not read", done.stderr)

    def test_a_tab_is_a_delimiter(self):
        with FakeBroker() as broker:
            self.produce(broker, "k\tv\n", "-K", "\\t")
            self.produce(broker, "k|v\n", "-K", "\\x7c")
            self.produce(broker, "k::v\n", "-K", "::")
            self.assertEqual(broker.records, [(b"k", b"v")] * 3)

    def test_the_last_of_a_repeated_key_counts_and_that_is_told(self):
        with FakeBroker() as broker:
            done = self.produce(broker, "a\n", "-X", "max.request.size=10", "-X", "max.request.size=1000000")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("-X max.request.size is given more than once; the last one is taken", done.stderr)

    def test_an_address_may_name_a_protocol(self):
        with FakeBroker() as broker:
            done = run("produce", "-b", "PLAINTEXT://" + broker.address, "-t", "t", input="a\n")
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertEqual(broker.stored, 1)

    def test_rates_are_those_of_what_is_stored(self):
        with FakeBroker(Produce=fake_broker.INVALID_REQUIRED_ACKS) as broker:
            done = self.produce(broker, "a\nb\n")
        self.assertRegex(done.stderr, r"2 records in .*; stored: 0 records/s, 0 B/s\n0 stored, 2 failed")

    def test_output_that_cannot_be_written_fails(self):
        with FakeBroker() as broker, open("/dev/full", "w", encoding="utf-8") as full:
            self.check_full(self.produce(broker, "a\n", "--metrics", stdout=full))
            self.check_full(run("live", "--headless", "-b", broker.address, "-t", "t", "--count", "1", "--metrics",
                                stdout=full))
            for words in (["help"], ["help", "config"], ["help", "events"], ["help", "deviations"],
                          ["help", "expressions"], ["help", "run"], ["run", "--help"], ["live", "--help"]):
                self.check_full(run(*words, stdout=full))

    def check_full(self, done):
        self.assertEqual(done.returncode, 1, (done.args, done.stderr))
        self.assertIn("standard output cannot be written", done.stderr)

    def test_memory_grows_with_what_arrives_and_not_without_end(self):
        def endless(connection):
            connection.recv(4096)
            connection.sendall(struct.pack(">i", 100_000_000))
            while True:
                connection.sendall(bytes(1 << 16))
        with Listener(endless) as peer:
            process = subprocess.Popen([PROGRAM, "produce", "-b", peer.address, "-t", "t", "-X", "max.block.ms=3000"],
                                       stdin=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            largest = []
            watcher = threading.Thread(target=self.watch, args=(process, largest))
            watcher.start()
            _, told = process.communicate("a\n", timeout=PATIENCE)
            watcher.join()
        self.assertEqual(process.returncode, 1, told)
        self.assertLess(max(largest), 100_000, "kB of memory")

    @staticmethod
    def watch(process, largest):
        """The most memory in kB that the process has had, as long as that is known."""
        while process.poll() is None:
            try:
                status = pathlib.Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
            except OSError:
                return
            largest += [int(kilobytes) for kilobytes in re.findall(r"VmHWM:\s*(\d+)", status)]


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
