"""A small Bolt client without dependencies, for tests that have to say things a driver would not say."""
import struct

from transports import connect

MAGIC = bytes.fromhex("6060B017")


def pack(value) -> bytes:
    if value is None:
        return b"\xC0"
    if value is True or value is False:
        return b"\xC3" if value else b"\xC2"
    if isinstance(value, int):
        if -16 <= value <= 127:
            return struct.pack(">b", value)
        for marker, code, bits in ((0xC8, ">Bb", 8), (0xC9, ">Bh", 16), (0xCA, ">Bi", 32), (0xCB, ">Bq", 64)):
            if -(1 << bits - 1) <= value < 1 << bits - 1:
                return struct.pack(code, marker, value)
        raise ValueError(value)
    if isinstance(value, float):
        return struct.pack(">Bd", 0xC1, value)
    if isinstance(value, (bytes, bytearray)):
        return _head(len(value), None, 0xCC) + bytes(value)
    if isinstance(value, str):
        raw = value.encode()
        return _head(len(raw), 0x80, 0xD0) + raw
    if isinstance(value, (list, tuple)):
        return _head(len(value), 0x90, 0xD4) + b"".join(map(pack, value))
    if isinstance(value, dict):
        return _head(len(value), 0xA0, 0xD8) + b"".join(pack(k) + pack(v) for k, v in value.items())
    raise TypeError(type(value))


def _head(n, tiny, first):
    if tiny is not None and n < 16:
        return bytes([tiny | n])
    if n < 256:
        return bytes([first, n])
    if n < 65536:
        return struct.pack(">BH", first + 1, n)
    return struct.pack(">BI", first + 2, n)


def message(tag: int, *fields) -> bytes:
    return bytes([0xB0 | len(fields), tag]) + b"".join(map(pack, fields))


def chunked(payload: bytes, size: int = 65535) -> bytes:
    out = b""
    for at in range(0, len(payload), size):
        part = payload[at:at + size]
        out += struct.pack(">H", len(part)) + part
    return out + b"\0\0"


class Unpacker:
    def __init__(self, data: bytes):
        self.data, self.at = data, 0

    def take(self, n):
        if self.at + n > len(self.data):
            raise ValueError("cut short")
        self.at += n
        return self.data[self.at - n:self.at]

    def number(self, code):
        return struct.unpack(code, self.take(struct.calcsize(code)))[0]

    def value(self):
        m = self.take(1)[0]
        if m < 0x80 or m >= 0xF0:
            return m if m < 0x80 else m - 256
        if m & 0xF0 == 0x80:
            return self.take(m & 15).decode()
        if m & 0xF0 == 0x90:
            return [self.value() for _ in range(m & 15)]
        if m & 0xF0 == 0xA0:
            return {self.value(): self.value() for _ in range(m & 15)}
        if m & 0xF0 == 0xB0:
            n, tag = m & 15, self.take(1)[0]
            return (tag, *[self.value() for _ in range(n)])
        simple = {0xC0: None, 0xC2: False, 0xC3: True}
        if m in simple:
            return simple[m]
        if m == 0xC1:
            return self.number(">d")
        if 0xC8 <= m <= 0xCB:
            return self.number(">" + "bhiq"[m - 0xC8])
        size = lambda first: self.number(">" + "BHI"[m - first])  # noqa: E731
        if 0xCC <= m <= 0xCE:
            return self.take(size(0xCC))
        if 0xD0 <= m <= 0xD2:
            return self.take(size(0xD0)).decode()
        if 0xD4 <= m <= 0xD6:
            return [self.value() for _ in range(size(0xD4))]
        if 0xD8 <= m <= 0xDA:
            return {self.value(): self.value() for _ in range(size(0xD8))}
        raise ValueError(f"marker {m:02X}")


class Closed(Exception):
    """The server closed the connection."""


class Client:
    """One connection, at 5.4 unless told otherwise."""
    SUCCESS, RECORD, IGNORED, FAILURE = 0x70, 0x71, 0x7E, 0x7F
    HELLO, GOODBYE, RESET, RUN, BEGIN, COMMIT, ROLLBACK, DISCARD, PULL, LOGON = (
        0x01, 0x02, 0x0F, 0x10, 0x11, 0x12, 0x13, 0x2F, 0x3F, 0x6A)

    def __init__(self, address, login: bool = True, version=(4, 5), timeout: float = 30, transport: str = "tcp", auth=None):
        self.socket = connect(address, transport, timeout)
        if version:
            self.raw(MAGIC + bytes([0, 0, *version]) + bytes(12))
            answer = self.read(4)
            assert answer == bytes([0, 0, *version]), answer
        if login:
            self.ask(self.HELLO, {"user_agent": "test/1", "bolt_agent": {"product": "test/1"}})
            self.ask(self.LOGON, auth or {"scheme": "none"})

    def raw(self, data: bytes):
        self.socket.sendall(data)

    def read(self, n: int) -> bytes:
        out = b""
        while len(out) < n:
            part = self.socket.recv(n - len(out))
            if not part:
                raise Closed()
            out += part
        return out

    def send(self, tag: int, *fields):
        self.raw(chunked(message(tag, *fields)))

    def receive(self):
        payload = b""
        while True:
            n = struct.unpack(">H", self.read(2))[0]
            if n == 0 and payload:
                return Unpacker(payload).value()
            payload += self.read(n)

    def ask(self, tag: int, *fields):
        """Sends a request and returns its summary; a failure is raised."""
        self.send(tag, *fields)
        return self.summary()

    def summary(self):
        while True:
            answer = self.receive()
            if answer[0] == self.FAILURE:
                raise RuntimeError(answer[1])
            if answer[0] != self.RECORD:
                return answer[1] if len(answer) > 1 else None

    def query(self, text: str, **parameters) -> list:
        """Auto-commit, all rows."""
        self.send(self.RUN, text, parameters, {})
        self.send(self.PULL, {"n": -1})
        self.summary()
        rows = []
        while True:
            answer = self.receive()
            if answer[0] == self.RECORD:
                rows.append(answer[1])
            elif answer[0] == self.FAILURE:
                raise RuntimeError(answer[1])
            else:
                return rows

    def drain(self):
        """Reads what the server says until it closes, which it must; a reset will do."""
        try:
            while self.socket.recv(65536):
                pass
        except TimeoutError:
            raise AssertionError("the server neither answers nor closes") from None
        except OSError:
            pass
        self.close()

    def close(self):
        self.socket.close()


def address_of(uri: str):
    host, port = uri.removeprefix("bolt://").rsplit(":", 1)
    return host, int(port)
