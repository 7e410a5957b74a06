"""Real Apache Kafka on the loopback interface, for the tests of the live producer.

The jars come through Maven into a cache; nodes run as KRaft brokers and controllers in one folder, which is
removed at the end. Only processes started here are ever signalled.
"""
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import uuid
import base64

VERSION = "4.3.1"
CACHE = pathlib.Path(os.environ.get("SENDSCOPE_KAFKA_CACHE", pathlib.Path.home() / ".cache" / "sendscope-kafka"))
BROKER_JVM = ["-Xms64m", "-Xmx400m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xshare:auto"]
START_SECONDS = 120

POM = """<project><modelVersion>4.0.0</modelVersion>
<groupId>sendscope</groupId><artifactId>kafka</artifactId><version>1</version><dependencies>
{dependencies}
<dependency><groupId>org.slf4j</groupId><artifactId>slf4j-simple</artifactId><version>1.7.36</version></dependency>
</dependencies></project>
"""
DEPENDENCY = """<dependency><groupId>org.apache.kafka</groupId><artifactId>{artifact}</artifactId>
<version>{version}</version><exclusions><exclusion><groupId>org.slf4j</groupId>
<artifactId>slf4j-reload4j</artifactId></exclusion></exclusions></dependency>"""


def missing():
    """What a machine lacks to run Kafka here; empty when nothing."""
    return [tool for tool in ("java", "mvn", "kcat") if shutil.which(tool) is None]


def jars():
    """The folder with Kafka's jars, fetched when it is not there yet."""
    folder = CACHE / VERSION
    if folder.is_dir():
        return folder
    CACHE.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CACHE) as work:
        dependencies = "\n".join(DEPENDENCY.format(artifact=artifact, version=VERSION)
                                 for artifact in ("kafka_2.13", "kafka-tools"))
        (pathlib.Path(work) / "pom.xml").write_text(POM.format(dependencies=dependencies))
        subprocess.run(["mvn", "-q", "-B", "-f", f"{work}/pom.xml", "dependency:copy-dependencies",
                        f"-DoutputDirectory={work}/libs", "-DincludeScope=runtime"], check=True)
        os.rename(f"{work}/libs", folder)
    return folder


def wait_until(condition, what, seconds=START_SECONDS):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {seconds} s")
        time.sleep(0.05)


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


class Cluster:
    """Use as a context manager: started on entry, killed and removed on exit."""

    def __init__(self, nodes=1, settings=(), features=()):
        self.nodes = list(range(1, nodes + 1))
        self.settings = list(settings)
        self.features = [word for feature in features for word in ("--feature", feature)]
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sendscope-live-"))
        ports = free_ports(2 * nodes)
        self.client_port = dict(zip(self.nodes, ports))
        self.controller_port = dict(zip(self.nodes, ports[nodes:]))
        self.processes = {}
        self.class_path = f"{jars()}/*"

    @property
    def bootstrap(self):
        return ",".join(f"127.0.0.1:{self.client_port[node]}" for node in self.nodes)

    def __enter__(self):
        cluster_id = base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=").replace("-", "A")
        for node in self.nodes:
            home = self.folder / f"node{node}"
            home.mkdir()
            (home / "server.properties").write_text(self._properties(node))
            self.tool("kafka.tools.StorageTool", "format", "-t", cluster_id, "-c", str(home / "server.properties"),
                      *self.features)
        for node in self.nodes:
            self.start(node, wait=False)
        for node in self.nodes:
            self._wait_ready(node)
        return self

    def __exit__(self, *_):
        for node in list(self.processes):
            self.kill(node)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _properties(self, node):
        copies = min(len(self.nodes), 3)
        voters = ",".join(f"{n}@127.0.0.1:{self.controller_port[n]}" for n in self.nodes)
        lines = {
            "process.roles": "broker,controller",
            "node.id": node,
            "controller.quorum.voters": voters,
            "listeners": f"PLAINTEXT://127.0.0.1:{self.client_port[node]},"
                         f"CONTROLLER://127.0.0.1:{self.controller_port[node]}",
            "advertised.listeners": f"PLAINTEXT://127.0.0.1:{self.client_port[node]}",
            "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "controller.listener.names": "CONTROLLER",
            "log.dirs": self.folder / f"node{node}" / "data",
            "default.replication.factor": copies,
            "min.insync.replicas": min(copies, 2),
            "offsets.topic.replication.factor": copies,
            "transaction.state.log.replication.factor": copies,
            "transaction.state.log.min.isr": min(copies, 2),
            "offsets.topic.num.partitions": 3,
            "transaction.state.log.num.partitions": 3,
            "group.initial.rebalance.delay.ms": 0,
            "broker.session.timeout.ms": 3000,
            "broker.heartbeat.interval.ms": 500,
            "replica.lag.time.max.ms": 3000,
            "auto.create.topics.enable": "false",
            "log.cleaner.dedupe.buffer.size": 8388608,
        }
        return "".join(f"{key}={value}\n" for key, value in lines.items()) + "".join(f"{s}\n" for s in self.settings)

    def start(self, node, wait=True):
        home = self.folder / f"node{node}"
        with open(home / "log", "a", encoding="utf-8") as log:
            self.processes[node] = subprocess.Popen(
                ["java", *BROKER_JVM, f"-Dkafka.logs.dir={home}", "-cp", self.class_path, "kafka.Kafka",
                 str(home / "server.properties")], stdout=log, stderr=log, stdin=subprocess.DEVNULL)
        if wait:
            self._wait_ready(node)

    def _wait_ready(self, node):
        def answers():
            if self.processes[node].poll() is not None:
                tail = (self.folder / f"node{node}" / "log").read_text()[-2000:]
                raise RuntimeError(f"Kafka node {node} ended while starting:\n{tail}")
            with socket.socket() as probe:
                return probe.connect_ex(("127.0.0.1", self.client_port[node])) == 0
        wait_until(answers, f"Kafka node {node} listens")

    def kill(self, node):
        process = self.processes.pop(node)
        process.send_signal(signal.SIGKILL)
        process.wait()

    def tool(self, java_class, *arguments, **options):
        """One of Kafka's own tools; its standard output."""
        return subprocess.run(["java", "-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
                               "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "-cp", self.class_path, java_class,
                               *arguments], check=True, stdout=subprocess.PIPE, text=True, **options).stdout

    def create_topic(self, name, partitions, config=()):
        extra = [argument for setting in config for argument in ("--config", setting)]
        self.tool("org.apache.kafka.tools.TopicCommand", "--bootstrap-server", self.bootstrap, "--create", "--topic",
                  name, "--partitions", str(partitions), "--replication-factor", str(min(len(self.nodes), 3)), *extra)
        wait_until(lambda: self._answers_for(name, partitions), f"every partition of {name} can be written")

    def _answers_for(self, topic, partitions):
        """Every leader has taken its partition on, which may be after all have heard of it.

        Before, a first batch may be refused and a second one be stored: then the first is out of order for good.
        """
        asked = [word for partition in range(partitions) for word in ("-t", f"{topic}:{partition}:-1")]
        done = subprocess.run(["kcat", "-Q", "-b", self.bootstrap, *asked], check=False, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        return done.returncode == 0 and done.stdout.count(" offset 0\n") == partitions

    def in_sync(self, topic):
        """All replicas of all partitions are in sync."""
        text = self.tool("org.apache.kafka.tools.TopicCommand", "--bootstrap-server", self.bootstrap, "--describe",
                         "--topic", topic)
        rows = [line for line in text.splitlines() if "\tPartition: " in line]
        fields = [dict(part.split(": ", 1) for part in row.strip().split("\t") if ": " in part) for row in rows]
        return bool(fields) and all(sorted(f["Replicas"].split(",")) == sorted(f["Isr"].split(",")) for f in fields)
