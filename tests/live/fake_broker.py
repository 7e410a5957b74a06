"""One broker, enough for a producer, that answers as a test says: well, with an error for ever, or never.

    with FakeBroker(InitProducerId=COORDINATOR_LOAD_IN_PROGRESS) as broker:
        ... --bootstrap broker.address ...
        broker.wait_for("InitProducerId", 3)

It speaks the last versions of each api that are not flexible. A Listener is the same for what is no broker.
"""
import collections
import socket
import struct
import threading

SILENT = "silent"  # the request is taken, and never answered
COORDINATOR_LOAD_IN_PROGRESS, NOT_ENOUGH_REPLICAS, CONCURRENT_TRANSACTIONS = 14, 19, 51
UNKNOWN_TOPIC_OR_PARTITION, INVALID_REQUIRED_ACKS = 3, 21
PATIENCE = 30  # seconds
# key: name, lowest and highest version
APIS = {0: ("Produce", 3, 7), 3: ("Metadata", 4, 7), 10: ("FindCoordinator", 1, 2), 18: ("ApiVersions", 0, 4),
        22: ("InitProducerId", 0, 1), 24: ("AddPartitionsToTxn", 0, 2), 26: ("EndTxn", 0, 2)}


class Listener:
    """Accepts connections on the loopback interface; `serve` has each of them on a thread of its own."""

    def __init__(self, serve):
        self.serve = serve
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.address = f"127.0.0.1:{self.port}"
        self.connections = []

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_):
        for each in [self.socket, *self.connections]:
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass  # the other end was faster
            each.close()

    def _accept(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections.append(connection)
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        try:
            self.serve(connection)
        except OSError:
            pass  # closed in the middle


def text(value):
    return struct.pack(">h", len(value)) + value.encode()


class Reader:
    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, form):
        values = struct.unpack_from(">" + form, self.data, self.at)
        self.at += struct.calcsize(">" + form)
        return values[0]

    def string(self):
        length = self.take("h")
        return None if length < 0 else self.bytes(length).decode()

    def bytes(self, length):
        self.at += length
        return self.data[self.at - length:self.at]

    def array(self, read):
        return [read() for _ in range(max(self.take("i"), 0))]


    def nullable(self):
        length = self.varint()
        return None if length < 0 else self.bytes(length)

    def varint(self):
        value = shift = 0
        while True:
            byte = self.take("B")
            value |= (byte & 0x7f) << shift
            shift += 7
            if byte < 0x80:
                return (value >> 1) ^ -(value & 1)


def records_of(batch):
    """(key, value) of every record of a batch that is not compressed."""
    reader = Reader(batch)
    reader.bytes(57)
    found = []
    for _ in range(reader.take("i")):
        end = reader.varint() + reader.at
        reader.take("b")
        reader.varint()
        reader.varint()
        found.append((reader.nullable(), reader.nullable()))
        reader.at = end
    return found


class FakeBroker(Listener):
    """Every topic exists, with one partition. Answers may be changed while it runs."""

    def __init__(self, **answers):
        super().__init__(self._speak)
        self.answers = answers  # api: SILENT or an error code; else 0
        self.changed = threading.Condition()
        self.requests = collections.Counter()
        self.records = []  # that are stored
        self.coordinator_port = self.port

    @property
    def stored(self):
        return len(self.records)

    def wait_for(self, api, count=1):
        with self.changed:
            if not self.changed.wait_for(lambda: self.requests[api] >= count, PATIENCE):
                raise TimeoutError(f"{self.requests[api]} {api} requests, not {count}, within {PATIENCE} s")

    def wait_for_stored(self, count):
        with self.changed:
            if not self.changed.wait_for(lambda: self.stored >= count, PATIENCE):
                raise TimeoutError(f"{self.stored} records stored, not {count}, within {PATIENCE} s")

    def _speak(self, connection):
        stream = connection.makefile("rb")
        while True:
            length = stream.read(4)
            if len(length) < 4:
                return
            request = Reader(stream.read(struct.unpack(">i", length)[0]))
            key, version, correlation = request.take("h"), request.take("h"), request.take("i")
            request.string()  # client.id
            name = APIS[key][0]
            answer = self.answers.get(name, 0)
            body = None if answer == SILENT else getattr(self, "_" + name)(request, version, answer)
            if body is not None:
                connection.sendall(struct.pack(">ii", len(body) + 4, correlation) + body)
            with self.changed:
                self.requests[name] += 1
                self.changed.notify_all()

    def _ApiVersions(self, _, version, error):
        if version < 3:
            rows = b"".join(struct.pack(">hhh", key, low, high) for key, (_, low, high) in APIS.items())
            return struct.pack(">hi", error, len(APIS)) + rows + bytes(4 if version > 0 else 0)
        rows = b"".join(struct.pack(">hhhb", key, low, high, 0) for key, (_, low, high) in APIS.items())
        return struct.pack(">hb", error, len(APIS) + 1) + rows + struct.pack(">ib", 0, 0)

    def _Metadata(self, request, _, error):
        topics = request.array(request.string)
        broker = struct.pack(">ii", 1, 0) + text("127.0.0.1") + struct.pack(">ih", self.port, -1)
        # error, number, leader, its epoch; replicas, replicas in sync, replicas that are offline
        partition = struct.pack(">hiiiiiiii", 0, 0, 0, 0, 1, 0, 1, 0, 0)
        rows = b"".join(struct.pack(">h", error) + text(topic) + b"\0" +
                        (struct.pack(">i", 0) if error else struct.pack(">i", 1) + partition)
                        for topic in topics)
        return struct.pack(">i", 0) + broker + text("fake") + struct.pack(">ii", 0, len(topics)) + rows

    def _Produce(self, request, _, error):
        request.string()  # transactional.id
        acks = request.take("h")
        request.take("i")
        rows = b""
        count = request.take("i")
        for _ in range(count):
            topic, partitions = request.string(), request.take("i")
            rows += text(topic) + struct.pack(">i", partitions)
            for _ in range(partitions):
                index, length = request.take("i"), request.take("i")
                rows += struct.pack(">ihqqq", index, error, -1 if error else self.stored, -1, 0)
                found = records_of(request.bytes(length))
                self.records += [] if error else found
        return struct.pack(">i", count) + rows + struct.pack(">i", 0) if acks else None

    def _InitProducerId(self, _request, _version, error):
        return struct.pack(">ihqh", 0, error, -1 if error else 1000, -1 if error else 0)

    def _FindCoordinator(self, _request, _version, error):
        node = 0 if self.coordinator_port == self.port else 1
        return struct.pack(">ihhi", 0, error, -1, node) + text("127.0.0.1") + struct.pack(">i", self.coordinator_port)

    def _AddPartitionsToTxn(self, request, _, error):
        request.string()
        request.take("q")
        request.take("h")
        topics = request.array(lambda: (request.string(), request.array(lambda: request.take("i"))))
        rows = b"".join(text(topic) + struct.pack(">i", len(partitions)) +
                        b"".join(struct.pack(">ih", index, error) for index in partitions)
                        for topic, partitions in topics)
        return struct.pack(">ii", 0, len(topics)) + rows

    def _EndTxn(self, _request, _version, error):
        return struct.pack(">ih", 0, error)
