#!/usr/bin/env python3
"""Why nothing is stored is said within two seconds, with a remedy, and again at the end: one case a situation.

usage: trouble_test.py PROGRAM
"""
import contextlib
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import unittest

import strangers

PROGRAM = os.path.abspath(sys.argv[1])
SOON = 2.0  # seconds


class Run:
    """`sendscope produce` with one line of input; its error output line by line, with the time of each."""

    def __init__(self, address, *options):
        command = [PROGRAM, "produce", "-b", address, "-t", "orders", "-X", "request.timeout.ms=2500",
                   "-X", "linger.ms=0", "-X", "delivery.timeout.ms=3000", "-X", "max.block.ms=3000", *options]
        self.began = time.monotonic()
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, text=True)
        self.lines = []
        self.news = threading.Condition()
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def _read(self):
        for line in self.process.stderr:
            with self.news:
                self.lines.append((time.monotonic() - self.began, line.rstrip("\n")))
                self.news.notify_all()

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def wait_for(self, text, seconds):
        """The time at which a line with this text came; None when it did not in time."""
        def found():
            return [at for at, line in self.lines if text in line]
        with self.news:
            self.news.wait_for(found, seconds)
            return found()[0] if found() else None

    def end(self):
        """The lines of the summary."""
        self.process.stdin.close()
        self.process.wait(30)
        self.reader.join()
        self.process.stdout.close()
        self.process.stderr.close()
        return [line for _, line in self.lines]


class TroubleTest(unittest.TestCase):
    def check(self, address, words, trace=False):
        """The words come while it waits, in time, and stand in the summary; the record's own error is Kafka's."""
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "t.trace")
            run = Run(address, *(["--trace", path] if trace else []))
            run.say("a line")
            at = run.wait_for("nothing is being stored: " + words, 2 * SOON)
            lines = run.end()
            self.assertIsNotNone(at, "\n".join(lines))
            self.assertLess(at, SOON)
            self.assertTrue(any("nothing was stored: " + words in line for line in lines), "\n".join(lines))
            self.assertTrue(any("Topic orders not present in metadata after 3000 ms." in line for line in lines),
                            "\n".join(lines))
            self.assertEqual(run.process.returncode, 1)
            if not trace:
                return ""
            return subprocess.run([PROGRAM, "replay", path], check=True, text=True, stdout=subprocess.PIPE).stdout

    def test_a_port_that_speaks_tls(self):
        with strangers.Stranger(strangers.answering(strangers.TLS_ALERT)) as peer:
            told = self.check(peer.address, f"{peer.address} speaks TLS (it answered with a TLS alert): use a "
                                            "PLAINTEXT listener of the broker", trace=True)
            self.assertIn("The connection to bootstrap node 1 is lost: speaks tls.", told)

    def test_a_listener_that_requires_sasl(self):
        with strangers.broker(wants_sasl=True) as peer:
            told = self.check(peer.address, f"{peer.address} answers ApiVersions but closes the connection at the "
                                            "first request after it: it requires SASL", trace=True)
            self.assertIn("is lost: closed at first request.", told)

    def test_one_that_ends_at_once(self):
        with strangers.Stranger(strangers.closing) as peer:
            self.check(peer.address, f"{peer.address} closes the connection instead of answering ApiVersions: it "
                                     "requires TLS, or is no Kafka broker")

    def test_a_web_server(self):
        with strangers.Stranger(strangers.answering(strangers.WEB_PAGE)) as peer:
            self.check(peer.address, f"{peer.address} is a web server, not a Kafka broker (it answered "
                                     '"HTTP/1.1 400 Bad Request"): is the port right?')

    def test_another_protocol(self):
        with strangers.Stranger(strangers.answering(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n")) as peer:
            self.check(peer.address, f"{peer.address} does not speak Kafka's protocol (it answered "
                                     '"SSH-2.0-OpenSSH_9.2p1 Debian-2"): is the port right?')

    def test_an_echo(self):
        with strangers.Stranger(strangers.echo) as peer:
            self.check(peer.address, f"{peer.address} sends back what it is sent, so it is no Kafka broker")

    def test_a_silent_server(self):
        with strangers.Stranger(strangers.silent) as peer:
            self.check(peer.address, f"{peer.address} takes connections but does not answer: is it a Kafka broker")

    def test_a_port_where_nothing_listens(self):
        with socket.socket() as bound:
            bound.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{bound.getsockname()[1]}"
            told = self.check(address, f"{address} refuses connections (Connection refused): does the broker run, "
                                       "and is the port right?", trace=True)
            self.assertIn("is lost: refused.", told)

    def test_a_host_that_takes_no_packets(self):
        with contextlib.ExitStack() as stack:
            # A queue of connections that is full drops attempts to connect, as a firewall does.
            listener = stack.enter_context(socket.socket())
            listener.bind(("127.0.0.1", 0))
            listener.listen(0)
            for _ in range(4):
                caller = stack.enter_context(socket.socket())
                caller.setblocking(False)
                caller.connect_ex(listener.getsockname())
            address = f"127.0.0.1:{listener.getsockname()[1]}"
            self.check(address, f"{address} does not answer attempts to connect: does the host run")

    def test_a_host_without_an_address(self):
        self.check("no-such-host.invalid:9092", "no-such-host.invalid:9092 has no address (")

    def test_a_topic_that_is_not_there(self):
        with strangers.broker(knows=["other"]) as peer:
            told = self.check(peer.address, "topic orders does not exist, the brokers say "
                                            "(UNKNOWN_TOPIC_OR_PARTITION): is its name right?", trace=True)
            self.assertIn("The brokers say of topic orders: UNKNOWN_TOPIC_OR_PARTITION.", told)
            self.assertIn("The cause of record 1's failure: UNKNOWN_TOPIC_OR_PARTITION.", told)

    def test_brokers_that_were_there_and_died(self):
        with strangers.broker(knows=["orders"]) as peer:
            run = Run(peer.address)
            run.say("first")
            while peer.serve.stored == 0 and run.process.poll() is None:
                run.wait_for("anything", 0.05)
            peer.close()
            died = time.monotonic() - run.began
            run.say("second")
            words = f"nothing is being stored: {peer.address}, which did answer before, refuses connections"
            at = run.wait_for(words, 2 * SOON)
            lines = run.end()
            self.assertIsNotNone(at, "\n".join(lines))
            self.assertLess(at - died, SOON)
            self.assertTrue(any(f"not everything was stored: {peer.address}, which did answer before," in line
                                for line in lines), "\n".join(lines))

    def test_a_broker_without_trouble(self):
        with strangers.broker(knows=["orders"]) as peer:
            run = Run(peer.address)
            run.say("first")
            lines = run.end()
            self.assertEqual(run.process.returncode, 0, "\n".join(lines))
            self.assertFalse([line for line in lines if line.startswith("sendscope: ")])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
