"""What the tests against real Kafka have in common."""
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

import cluster

PROGRAM = os.path.abspath(sys.argv[1])


def run_program(*arguments, **options):
    return subprocess.run([PROGRAM, *arguments], check=False, text=True, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, **options)


class LiveCase(unittest.TestCase):
    """A folder of its own for every test; one Kafka node for all, unless NODES is 0."""
    NODES = 1
    FEATURES = ()  # "transaction.version=0": other levels than Kafka chooses by itself

    @classmethod
    def setUpClass(cls):
        if cls.NODES:
            cls.kafka = cls.enterClassContext(cluster.Cluster(nodes=cls.NODES, features=cls.FEATURES))

    def setUp(self):
        self.folder = pathlib.Path(self.enterContext(tempfile.TemporaryDirectory()))

    def produce(self, topic, lines, *config, status=0, options=()):
        """Lines through `sendscope produce`; what it printed."""
        settings = [word for setting in config for word in ("-X", setting)]
        done = run_program("produce", "--bootstrap", self.kafka.bootstrap, "--topic", topic, *settings, *options,
                           input="".join(line + "\n" for line in lines))
        self.assertEqual(done.returncode, status, done.stdout)
        return done.stdout


def main():
    if cluster.missing():
        print(f"SKIPPED: not on this machine: {', '.join(cluster.missing())}")
        sys.exit(77)
    unittest.main(module="__main__", argv=sys.argv[:1], verbosity=2)
