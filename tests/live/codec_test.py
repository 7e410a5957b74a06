#!/usr/bin/env python3
"""Compressed batches, and batches too large for their topic, against real Apache Kafka.

usage: codec_test.py PROGRAM      exit status 77: skipped, with the reason
"""
import random
import re
import string

import program
import readback

CODECS = {"none": "", "gzip": "compression.gzip.level=9", "snappy": "", "lz4": "compression.lz4.level=12",
          "zstd": "compression.zstd.level=19"}


class Codecs(program.LiveCase):
    def codecs_in_log(self, topic, partition):
        """Names of the codecs of the batches on the broker's disk."""
        segment = self.kafka.folder / "node1" / "data" / f"{topic}-{partition}" / "00000000000000000000.log"
        text = self.kafka.tool("org.apache.kafka.tools.DumpLogSegments", "--files", str(segment))
        return set(re.findall(r"compresscodec: (\w+)", text))

    def check(self, topic, count):
        self.assertEqual(readback.faults(readback.with_kcat(self.kafka, topic), count), [])
        self.assertEqual(readback.faults(readback.with_kafka(self.kafka, topic, count), count), [])

    def test_every_codec_is_read_back(self):
        for codec, level in CODECS.items():
            settings = [f"compression.type={codec}", "linger.ms=20", *([level] if level else [])]
            with self.subTest(codec=codec):
                self.kafka.create_topic(codec, 2)
                words = [word for setting in settings for word in ("-X", setting)]
                done = program.run_program("live", "--headless", "--bootstrap", self.kafka.bootstrap, "--topic", codec,
                                           "--count", "20000", "--keys", "50", "--size", "150B", *words)
                self.assertEqual(done.returncode, 0, done.stdout)
                self.check(codec, 20000)
                self.assertEqual(self.codecs_in_log(codec, 0), {codec})

    def test_text_null_empty_and_headers_survive_every_codec(self):
        lines = ["a:some text", "b:", ":no key", "c:\u00e4\u20ac" + "z" * 5000]
        for codec in CODECS:
            with self.subTest(codec=codec):
                self.kafka.create_topic(f"text-{codec}", 1)
                self.produce(f"text-{codec}", lines, f"compression.type={codec}", "linger.ms=50",
                             options=("-K", ":", "-H", "trace=abc"))
                found = [line.split("\t")[1:] for line in readback.kcat_lines(self.kafka, f"text-{codec}")]
                self.assertEqual(found, [line.split(":", 1) for line in lines])

    def test_batches_too_large_for_the_topic_are_split(self):
        chance = random.Random(1)
        letters = string.ascii_letters + string.digits
        lines = [f"key:{n} " + "".join(chance.choices(letters, k=120)) for n in range(4000)]
        for codec in CODECS:
            with self.subTest(codec=codec):
                topic = f"small-{codec}"
                self.kafka.create_topic(topic, 1, config=["max.message.bytes=15000"])
                trace = self.folder / f"{codec}.trace"
                self.produce(topic, lines, f"compression.type={codec}", "batch.size=100000", "linger.ms=500",
                             options=("-K", ":", "--trace", str(trace)))
                self.check(topic, len(lines))
                told = program.run_program("replay", str(trace)).stdout
                self.assertRegex(told, r"too large for the broker and is split into \d+")

    def test_a_topic_packs_anew_what_has_another_codec(self):
        # What the simulated broker does as well: sizes are those of the topic's codec, and must fit.
        lines = [f"line {n} " + "v" * 50 for n in range(20)]
        sent = ["compression.type=zstd", "linger.ms=300"]
        for codec, name in {"uncompressed": "none", "lz4": "lz4"}.items():
            with self.subTest(codec=codec):
                self.kafka.create_topic(f"anew-{codec}", 1, config=[f"compression.type={codec}"])
                self.produce(f"anew-{codec}", lines, *sent)
                self.assertEqual(self.codecs_in_log(f"anew-{codec}", 0), {name})
        self.kafka.create_topic("anew-small", 1, config=["compression.type=uncompressed", "max.message.bytes=1000"])
        trace = self.folder / "anew.trace"
        self.produce("anew-small", lines, *sent, options=("--trace", str(trace)))
        told = program.run_program("replay", str(trace)).stdout
        splits = re.findall(r"too large for the broker and is split into (\d+)", told)
        self.assertEqual(splits, ["1", "20"])  # estimated as it packs; then record by record
        self.assertEqual(len(list(readback.kcat_lines(self.kafka, "anew-small"))), len(lines))

    def test_a_record_too_large_for_the_topic_fails_alone(self):
        # The others are larger than the slack in Kafka's bound of a record's size; else they stay with it in every
        # split, until all of them expire.
        self.kafka.create_topic("narrow", 1, config=["max.message.bytes=1000"])
        lines = ["0 " + "a" * 100, "1 " + "b" * 5000, "2 " + "c" * 100]
        told = self.produce("narrow", lines, "linger.ms=300", status=1)
        self.assertIn("RecordTooLargeException: 1", told)
        self.assertEqual([line.split("\t")[2] for line in readback.kcat_lines(self.kafka, "narrow")],
                         [lines[0], lines[2]])


if __name__ == "__main__":
    program.main()
