"""What may listen at an address where a Kafka broker was expected: one server a situation, in this process."""
import contextlib
import socket
import struct
import threading

API_VERSIONS, METADATA, PRODUCE, INIT_PRODUCER_ID = 18, 3, 0, 22
UNKNOWN_TOPIC_OR_PARTITION = 3
# The newest versions without compact lists, so that answers are plain to write.
NEWEST = {PRODUCE: (3, 8), METADATA: (0, 8), API_VERSIONS: (0, 4), INIT_PRODUCER_ID: (0, 1)}


class Stranger:
    """Serves every connection with serve(socket), on a thread of its own, until it is closed."""

    def __init__(self, serve):
        self.serve = serve
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.address = f"127.0.0.1:{self.port}"
        self.open = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                peer = self.listener.accept()[0]
            except OSError:
                return
            self.open.append(peer)
            threading.Thread(target=self._run, args=(peer,), daemon=True).start()

    def _run(self, peer):
        with contextlib.suppress(OSError):
            self.serve(peer)
        with contextlib.suppress(OSError):
            peer.close()

    def close(self):
        """Nothing listens any more, and all connections end."""
        for end in [self.listener, *self.open]:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


def answering(first_bytes):
    """Says the same to whatever comes first, then ends."""
    def serve(peer):
        peer.recv(4096)
        peer.sendall(first_bytes)
        peer.recv(1)
    return serve


def echo(peer):
    while data := peer.recv(4096):
        peer.sendall(data)


def silent(peer):
    while peer.recv(4096):
        pass


def closing(peer):
    peer.recv(4096)


TLS_ALERT = bytes([0x15, 3, 3, 0, 2, 2, 0x50])
WEB_PAGE = b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n"


def text(word):
    return struct.pack(">h", len(word)) + word.encode()


def exactly(peer, size):
    data = b""
    while len(data) < size:
        more = peer.recv(size - len(data))
        if not more:
            raise OSError("the end")
        data += more
    return data


class Broker:
    """Just enough of one for a producer, as a serve function. `knows`: the topics; `ends_after`: it closes the
    connection when something other than ApiVersions is asked, as a listener with SASL does."""

    def __init__(self, knows=(), wants_sasl=False):
        self.knows, self.wants_sasl = knows, wants_sasl
        self.port = 0
        self.stored = 0

    def __call__(self, peer):
        while True:
            size = struct.unpack(">i", exactly(peer, 4))[0]
            request = exactly(peer, size)
            api, version, correlation, name = struct.unpack(">hhih", request[:10])
            if api != API_VERSIONS and self.wants_sasl:
                return
            body = self.answer(api, version, request[10 + max(name, 0):])
            peer.sendall(struct.pack(">ii", len(body) + 4, correlation) + body)

    def answer(self, api, version, body):
        if api == API_VERSIONS:
            rows = b"".join(struct.pack(">hhhB", key, low, high, 0) for key, (low, high) in NEWEST.items())
            return struct.pack(">hB", 0, len(NEWEST) + 1) + rows + struct.pack(">iB", 0, 0)
        if api == METADATA:
            return self.metadata(version, body)
        if api == INIT_PRODUCER_ID:
            return struct.pack(">ihqh", 0, 0, 4711, 0)
        return self.produce(version, body)

    def metadata(self, version, body):
        names, at = [], 4
        for _ in range(max(struct.unpack(">i", body[:4])[0], 0)):
            size = struct.unpack(">h", body[at:at + 2])[0]
            names.append(body[at + 2:at + 2 + size].decode())
            at += 2 + size
        node = struct.pack(">i", 0) + text("127.0.0.1") + struct.pack(">ih", self.port, -1)
        partition = struct.pack(">hii", 0, 0, 0) + (struct.pack(">i", 0) if version >= 7 else b"")
        partition += struct.pack(">iiii", 1, 0, 1, 0) + struct.pack(">i", 0)
        out = struct.pack(">ii", 0, 1) + node + struct.pack(">hi", -1, 0) + struct.pack(">i", len(names))
        for name in names:
            known = name in self.knows
            out += struct.pack(">h", 0 if known else UNKNOWN_TOPIC_OR_PARTITION) + text(name) + b"\0"
            out += struct.pack(">i", 1) + partition if known else struct.pack(">i", 0)
            out += struct.pack(">i", -1) if version >= 8 else b""
        return out + (struct.pack(">i", -1) if version >= 8 else b"")

    def produce(self, version, body):
        at = 2 + max(struct.unpack(">h", body[:2])[0], 0) + 6 + 4
        size = struct.unpack(">h", body[at:at + 2])[0]
        name = body[at + 2:at + 2 + size].decode()
        self.stored += 1
        answer = struct.pack(">ihqqq", 0, 0, self.stored, -1, 0)
        if version >= 8:
            answer += struct.pack(">ih", 0, -1)
        return struct.pack(">i", 1) + text(name) + struct.pack(">i", 1) + answer + struct.pack(">i", 0)


@contextlib.contextmanager
def broker(**options):
    serve = Broker(**options)
    with Stranger(serve) as stranger:
        serve.port = stranger.port
        yield stranger
