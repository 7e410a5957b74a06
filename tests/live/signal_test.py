#!/usr/bin/env python3
"""Whatever a live command waits for, it ends within seconds of a signal, and in good order.

usage: signal_test.py PROGRAM
"""
import contextlib
import fcntl
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from concurrent.futures import ThreadPoolExecutor

import fake_broker
from fake_broker import SILENT, FakeBroker, Listener

PROGRAM = os.path.abspath(sys.argv[1])
LIMIT = 5.0  # seconds from the signal to the exit
PATIENCE = 40  # for what has no limit of its own
AT_ONCE = 1.0
FULL_SPEED = ("-X", "linger.ms=0", "-X", "max.in.flight.requests.per.connection=1")
SMALL_POOL = ("-X", "buffer.memory=65536", "-X", "batch.size=4096", "-X", "linger.ms=0")
TRANSACTIONS = ("-X", "transactional.id=t", "-X", "linger.ms=0")


class Run:
    """One process of the program, with what it prints and a writer's end of its input."""

    def __init__(self, folder, *words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=None):
        self.trace = folder / "run.trace"
        self.error = []
        self.printed = threading.Condition()
        self.process = subprocess.Popen([PROGRAM, *words], stdin=stdin, stdout=stdout, stderr=subprocess.PIPE, text=True,
                                        env={**os.environ, "DISPLAY": "", "WAYLAND_DISPLAY": "", **(env or {})})
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self):
        for line in self.process.stderr:
            with self.printed:
                self.error.append(line)
                self.printed.notify_all()

    def wait_to_print(self, text):
        with self.printed:
            if not self.printed.wait_for(lambda: text in "".join(self.error), PATIENCE):
                raise TimeoutError(f"not printed: {text}; but {self.error}")

    def write(self, text):
        self.process.stdin.write(text)
        self.process.stdin.flush()

    def end_input(self):
        self.process.stdin.close()

    def write_until_blocked(self):
        """Lines without end, until nobody has taken any for a while."""
        pipe = self.process.stdin.fileno()
        os.set_blocking(pipe, False)
        while select.select([], [pipe], [], 1.0)[1]:
            with contextlib.suppress(BlockingIOError):
                os.write(pipe, b"a line of the input\n" * 100)

    def write_for_ever(self):
        """Lines without end, as fast as they are taken."""
        def feed():
            with contextlib.suppress(OSError):
                while True:
                    os.write(self.process.stdin.fileno(), b"a line of the input\n" * 1000)
        threading.Thread(target=feed, daemon=True).start()

    def signal(self, number):
        """Seconds from the signal to the exit; infinite when that is not lived to see."""
        begin = time.monotonic()
        self.process.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(PATIENCE)
            return time.monotonic() - begin
        return float("inf")

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.reader.join()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            if stream:
                with contextlib.suppress(OSError):
                    stream.close()


def produce(*words, **answers):
    """A situation: a broker that answers so, `produce` with these words, and what brings it there."""
    return command(("produce", *words), answers)


def load(*words, **answers):
    return command(("live", "--headless", *words), answers)


def command(words, answers):
    def decorate(bring):
        @contextlib.contextmanager
        def situation(folder):
            with FakeBroker(**answers) as broker:
                run = Run(folder, *words, "-b", broker.address, "-t", "t", "--trace", str(folder / "run.trace"))
                try:
                    bring(run, broker)
                    yield run
                finally:
                    run.close()
        situation.__doc__ = bring.__doc__
        SITUATIONS.append(situation)
        return situation
    return decorate


SITUATIONS = []


@produce(InitProducerId=fake_broker.COORDINATOR_LOAD_IN_PROGRESS, *TRANSACTIONS)
def _(run, broker):
    """produce: initTransactions(), the coordinator loads for ever"""
    run.end_input()
    broker.wait_for("InitProducerId", 3)


@produce(InitProducerId=SILENT, *TRANSACTIONS)
def _(run, broker):
    """produce: initTransactions(), never answered"""
    run.end_input()
    broker.wait_for("InitProducerId")


@produce("-X", "retry.backoff.ms=60000", "-X", "retry.backoff.max.ms=60000", *TRANSACTIONS)
def _(run, broker):
    """produce: initTransactions(), asleep for a retry.backoff.ms of a minute"""
    run.end_input()
    broker.wait_for("FindCoordinator")  # what found no coordinator before is now a retry


@produce(InitProducerId=fake_broker.COORDINATOR_LOAD_IN_PROGRESS)
def _(run, broker):
    """produce: end of input, no producer id, the coordinator loads for ever"""
    run.write("a line\n")
    run.end_input()
    broker.wait_for("InitProducerId", 3)


@produce(ApiVersions=SILENT)
def _(run, broker):
    """produce: send() waits for metadata, the broker accepts and never answers"""
    run.write("a line\n")
    broker.wait_for("ApiVersions")


@produce(Metadata=fake_broker.UNKNOWN_TOPIC_OR_PARTITION)
def _(run, broker):
    """produce: send() waits for metadata, there is no such topic"""
    run.write("a line\n")
    broker.wait_for("Metadata", 3)


@produce(Produce=SILENT, *SMALL_POOL)
def _(run, broker):
    """produce: send() waits for memory"""
    run.write_until_blocked()
    broker.wait_for("Produce")


@produce("--abort", Produce=SILENT, *TRANSACTIONS)
def _(run, broker):
    """produce: flush()"""
    run.write("a line\n")
    run.end_input()
    broker.wait_for("Produce")


@produce(EndTxn=SILENT, *TRANSACTIONS)
def _(run, broker):
    """produce: commitTransaction(), never answered"""
    run.write("a line\n")
    run.end_input()
    broker.wait_for("EndTxn")


@produce(EndTxn=fake_broker.CONCURRENT_TRANSACTIONS, *TRANSACTIONS)
def _(run, broker):
    """produce: commitTransaction(), answered badly for ever"""
    run.write("a line\n")
    run.end_input()
    broker.wait_for("EndTxn", 3)


@produce("--abort", EndTxn=SILENT, *TRANSACTIONS)
def _(run, broker):
    """produce: abortTransaction(), never answered"""
    run.write("a line\n")
    run.end_input()
    broker.wait_for("EndTxn")


@produce(AddPartitionsToTxn=SILENT, *TRANSACTIONS)
def _(run, broker):
    """produce: a partition is never added to the transaction"""
    run.write("a line\n")
    run.end_input()
    broker.wait_for("AddPartitionsToTxn")


@produce(Produce=SILENT)
def _(run, broker):
    """produce: close(), records never answered"""
    run.write("a line\n")
    run.end_input()
    broker.wait_for("Produce")


@produce(Produce=fake_broker.NOT_ENOUGH_REPLICAS)
def _(run, broker):
    """produce: close(), records refused for ever"""
    run.write("a line\n")
    run.end_input()
    broker.wait_for("Produce", 3)


@produce(*FULL_SPEED)
def _(run, broker):
    """produce: input without end, all is well"""
    run.write_for_ever()
    broker.wait_for("Produce", 20)


@produce()
def _(run, broker):
    """produce: a pipe that is silent"""
    run.write("a line\n")
    broker.wait_for_stored(1)


@load("--rate", "0.01/s")
def _(run, broker):
    """live: asleep between two records"""
    broker.wait_for_stored(1)


@load(*FULL_SPEED)
def _(run, broker):
    """live: as fast as it goes"""
    broker.wait_for("Produce", 20)


@load("--threads", "4", *SMALL_POOL, Produce=SILENT)
def _(run, broker):
    """live: four threads wait for memory"""
    broker.wait_for("Produce")


@load("--count", "5", EndTxn=SILENT, *TRANSACTIONS)
def _(run, broker):
    """live: commitTransaction(), never answered"""
    broker.wait_for("EndTxn")


def alone(situation):
    SITUATIONS.append(contextlib.contextmanager(situation))
    return SITUATIONS[-1]


@alone
def nobody(folder):
    """produce: no broker can be reached"""
    with Listener(lambda connection: None) as listener:
        address = listener.address
    run = Run(folder, "produce", "-b", address, "-t", "t", "--trace", str(folder / "run.trace"))
    try:
        run.write("a line\n")
        run.wait_to_print(address)
        yield run
    finally:
        run.close()


@alone
def silent_coordinator(folder):
    """produce: initTransactions(), the coordinator's node accepts and never answers"""
    connected = threading.Event()

    def silent(connection):
        connected.set()
        while connection.recv(4096):
            pass
    with Listener(silent) as coordinator, FakeBroker() as broker:
        broker.coordinator_port = coordinator.port
        run = Run(folder, "produce", "-b", broker.address, "-t", "t", *TRANSACTIONS, "--trace", str(folder / "run.trace"))
        try:
            run.end_input()
            if not connected.wait(PATIENCE):
                raise TimeoutError("nobody asks the coordinator")
            yield run
        finally:
            run.close()


@alone
def terminal(folder):
    """produce: a terminal at which nobody types"""
    master, slave = pty.openpty()
    with FakeBroker() as broker:
        run = Run(folder, "produce", "-b", broker.address, "-t", "t", "--trace", str(folder / "run.trace"), stdin=slave)
        try:
            os.write(master, b"a line\n")
            broker.wait_for_stored(1)
            yield run
        finally:
            run.close()
            os.close(master)
            os.close(slave)


@alone
def unread_output(folder):
    """produce: --metrics into a pipe that nobody reads"""
    reading, writing = os.pipe()
    os.set_blocking(writing, False)
    with contextlib.suppress(BlockingIOError):
        while True:
            os.write(writing, b"x" * 4096)
    os.set_blocking(writing, True)
    with FakeBroker() as broker:
        run = Run(folder, "produce", "-b", broker.address, "-t", "t", "--metrics", "--trace", str(folder / "run.trace"),
                  stdout=writing)
        try:
            run.write("a line\n")
            run.end_input()
            run.wait_to_print("latency")  # then the trace is whole, and the metrics are next
            yield run
        finally:
            run.close()
            os.close(reading)
            os.close(writing)


@contextlib.contextmanager
def display():
    """An X server; its DISPLAY."""
    reading, writing = os.pipe()
    server = subprocess.Popen(["Xvfb", "-displayfd", str(writing), "-screen", "0", "1280x720x24"], pass_fds=[writing],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    os.close(writing)
    try:
        with os.fdopen(reading) as pipe:
            yield ":" + pipe.readline().strip()
    finally:
        server.terminate()
        server.wait()


def in_window(words, answers, bring, told):
    def situation(folder):
        with display() as shown, FakeBroker(**answers) as broker:
            run = Run(folder, "live", "-b", broker.address, "-t", "t", "--trace", str(folder / "run.trace"), *words,
                      env={"DISPLAY": shown})
            try:
                bring(broker)
                yield run
            finally:
                run.close()
    situation.__doc__ = told
    return alone(situation)


if shutil.which("Xvfb"):
    in_window((), {}, lambda broker: broker.wait_for_stored(100), "live in a window: all is well")
    in_window((), {"Produce": SILENT}, lambda broker: broker.wait_for("Produce"), "live in a window: never answered")
    in_window(("--count", "5"), {}, lambda broker: broker.wait_for_stored(5), "live in a window: the load is sent")


class Signals(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def measure(self, number, situation):
        """The row of the table, and what is wrong."""
        folder = self.folder / str(number)
        folder.mkdir()
        which = (signal.SIGINT, signal.SIGTERM)[number % 2]
        with situation(folder) as run:
            seconds = run.signal(which)
        row = f"{situation.__doc__:72} {which.name:8} {seconds:5.2f} s   exit {run.process.returncode}"
        told = "".join(run.error)
        wrong = []
        if seconds > LIMIT:
            wrong.append("too late")
        if run.process.returncode != 128 + which:
            wrong.append(f"exit {run.process.returncode}, not {128 + which}")
        if not re.search(r"^[\d\u202f ]+ stored, [\d\u202f ]+ failed", told, re.MULTILINE):
            wrong.append("no summary")
        for command in (("replay", "--format", "quiet"), ("state", "--at", "1s")):
            read = subprocess.run([PROGRAM, command[0], str(run.trace), *command[1:]], check=False, text=True,
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
            if read.returncode != 0 or "warning" in read.stdout:
                wrong.append(f"{command[0]} of its trace: {read.stdout[-300:]}")
        return row, [f"{situation.__doc__}: {fault}\n{told}" for fault in wrong]

    def test_every_situation_ends_in_time_and_in_good_order(self):
        with ThreadPoolExecutor(6) as pool:
            results = list(pool.map(self.measure, range(len(SITUATIONS)), SITUATIONS))
        print("", *(row for row, _ in results), sep="\n", flush=True)
        self.assertGreaterEqual(len(results), 12)
        self.assertEqual([fault for _, faults in results for fault in faults], [])

    def run_with(self, broker, *words, **options):
        run = Run(self.folder, *words, "-b", broker.address, "-t", "t", **options)
        self.addCleanup(run.close)
        return run

    def test_what_is_given_up_is_counted_and_what_is_stored_is_not(self):
        with FakeBroker() as broker:
            run = self.run_with(broker, "produce", "-X", "linger.ms=0")
            run.write("stored\n")
            broker.wait_for_stored(1)
            broker.answers["Produce"] = SILENT
            run.write("given up\n")
            broker.wait_for("Produce", 2)
            run.signal(signal.SIGINT)
        told = "".join(run.error)
        self.assertIn("given up while waiting for 1 batch not acknowledged", told)
        self.assertIn("1 stored, 0 failed, 1 given up", told)

    def test_an_interrupted_transaction_is_aborted(self):
        with FakeBroker() as broker:
            run = self.run_with(broker, "produce", *TRANSACTIONS)
            run.write("half of the input\n")
            broker.wait_for_stored(1)
            self.assertLess(run.signal(signal.SIGTERM), LIMIT)
        told = "".join(run.error)
        self.assertEqual(run.process.returncode, 143, told)
        self.assertIn("transactions: 0 committed, 1 aborted", told)

    def test_a_second_signal_ends_it_at_once(self):
        for first, second in ((signal.SIGINT, signal.SIGINT), (signal.SIGTERM, signal.SIGINT)):
            with self.subTest(first=first, second=second), FakeBroker(Produce=SILENT) as broker:
                run = self.run_with(broker, "produce")
                run.write("a line\n")
                run.end_input()
                broker.wait_for("Produce")
                run.process.send_signal(first)
                self.wait_until_caught(run, first)
                self.assertLess(run.signal(second), AT_ONCE)
                self.assertEqual(run.process.returncode, -second)

    def wait_until_caught(self, run, number):
        """Until the process has taken the signal: then it no longer catches it."""
        end = time.monotonic() + PATIENCE
        status = pathlib.Path(f"/proc/{run.process.pid}/status")
        while int(re.search(r"SigCgt:\s*(\w+)", status.read_text()).group(1), 16) >> (number - 1) & 1:
            self.assertLess(time.monotonic(), end)

    def test_what_is_waited_for_is_told_every_ten_seconds(self):
        with FakeBroker(InitProducerId=fake_broker.COORDINATOR_LOAD_IN_PROGRESS) as loading, \
                FakeBroker(EndTxn=SILENT) as silent, FakeBroker(Produce=fake_broker.NOT_ENOUGH_REPLICAS) as refusing:
            runs = {"waiting for InitProducerId: COORDINATOR_LOAD_IN_PROGRESS (10 s so far)":
                        self.run_with(loading, "produce", *TRANSACTIONS),
                    "waiting for EndTxn: no answer yet": self.run_with(silent, "produce", *TRANSACTIONS),
                    "waiting for 1 batch not acknowledged: NOT_ENOUGH_REPLICAS": self.run_with(refusing, "produce")}
            for run in runs.values():
                with contextlib.suppress(BrokenPipeError):
                    run.write("a line\n")
                    run.end_input()
            for told, run in runs.items():
                run.wait_to_print(told)

    def test_the_end_of_the_input_and_the_delivery_timeout_bound_the_wait(self):
        short = ("-X", "delivery.timeout.ms=2000", "-X", "request.timeout.ms=1500", "-X", "linger.ms=0")
        with FakeBroker(InitProducerId=fake_broker.COORDINATOR_LOAD_IN_PROGRESS) as loading, FakeBroker(EndTxn=SILENT) as silent:
            for broker, words in ((loading, ()), (silent, TRANSACTIONS)):
                run = self.run_with(broker, "produce", *short, *words)
                begin = time.monotonic()
                run.write("a line\n")
                run.end_input()
                run.process.wait(PATIENCE)
                seconds = time.monotonic() - begin
                told = "".join(run.error)
                self.assertEqual(run.process.returncode, 1, told)
                self.assertTrue(2 <= seconds < 2 + LIMIT, seconds)
                self.assertIn("delivery.timeout.ms (2000 ms) has passed since the end of the input", told)

    def test_commands_without_brokers_end_at_once(self):
        root = pathlib.Path(__file__).resolve().parents[2]
        scenario = str(root / "scenarios/backpressure.json")
        for words in (("check", str(root / "scenarios"), "--seeds", "1..100000"),
                      ("run", scenario, "--format", "jsonl"), ("conform", str(root / "tests/golden"))):
            with self.subTest(words=words):
                reading, writing = os.pipe()  # which nobody reads: no command is over too soon
                fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
                run = Run(self.folder, *words, stdout=writing)
                self.addCleanup(run.close)
                os.close(writing)
                if words[0] == "run":  # the others print when they are done
                    self.assertTrue(select.select([reading], [], [], PATIENCE)[0])
                self.assertLess(run.signal(signal.SIGTERM), AT_ONCE)
                os.close(reading)
                self.assertEqual(run.process.returncode, -signal.SIGTERM)

    def test_an_output_that_is_closed_is_no_reason_to_lose_the_trace(self):
        with FakeBroker() as broker:
            run = self.run_with(broker, "produce", "--metrics", "--trace", str(self.folder / "run.trace"))
            run.process.stdout.close()
            run.write("a line\n")
            run.end_input()
            self.assertEqual(run.process.wait(PATIENCE), 1)
        run.reader.join()
        self.assertIn("standard output cannot be written", "".join(run.error))
        self.assertTrue((self.folder / "run.trace").exists())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
