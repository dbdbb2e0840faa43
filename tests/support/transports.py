"""What Bolt travels in: TCP, TLS, WebSocket, both; and a certificate to test with. Needs nothing but the openssl command."""
import base64
import functools
import hashlib
import os
import pathlib
import socket
import ssl
import struct
import subprocess

TRANSPORTS = ("tcp", "tls", "ws", "wss")


def make_certificate(folder, name="server", days=2):
    """A certificate authority (once a folder) and a certificate for localhost; returns the paths of certificate, key, authority."""
    at = pathlib.Path(folder)
    authority, authority_key = at / "ca.pem", at / "ca.key"

    def openssl(*words):
        subprocess.run(["openssl", *map(str, words)], check=True, capture_output=True)

    curve = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
    if not authority.exists():
        openssl("req", "-x509", *curve, "-keyout", authority_key, "-out", authority, "-days", days, "-subj", "/CN=Packhouse test authority",
                "-addext", "keyUsage=critical,keyCertSign,cRLSign")
    certificate, key, request, extra = at / f"{name}.pem", at / f"{name}.key", at / f"{name}.csr", at / f"{name}.ext"
    openssl("req", *curve, "-keyout", key, "-out", request, "-subj", f"/CN={name}")
    extra.write_text("subjectAltName=DNS:localhost,IP:127.0.0.1\n")
    openssl("x509", "-req", "-in", request, "-CA", authority, "-CAkey", authority_key, "-CAcreateserial", "-out", certificate, "-days", days,
            "-extfile", extra)
    return str(certificate), str(key), str(authority)


def tls_options(folder):
    """For a server that takes TLS, too, with a certificate that is made in `folder`."""
    certificate, key, _ = make_certificate(folder)
    return "--tls", "optional", "--tls-certificate", certificate, "--tls-key", key


@functools.cache  # making one reads all authorities of the machine
def tls_context(authority):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if authority:
        context.load_verify_locations(authority)
    else:
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    return context


def connect(address, transport="tcp", timeout=30, authority=None):
    """Something with sendall, recv, shutdown and close that carries Bolt's bytes."""
    plain = socket.create_connection(address, timeout=timeout)
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        if transport in ("tls", "wss"):
            plain = tls_context(authority).wrap_socket(plain, server_hostname="localhost")
        return WebSocket(plain) if transport in ("ws", "wss") else plain
    except BaseException:
        plain.close()
        raise


def stop_sending(stream):
    """Nothing more comes from this side; what the server says can still be read."""
    while isinstance(stream, WebSocket):
        stream = stream.stream
    socket.socket.shutdown(stream, socket.SHUT_WR)  # not SSLSocket's, which gives up reading TLS, too


def vanish(stream):
    """Goes without a word: the server sees a reset, nothing else."""
    while isinstance(stream, WebSocket):
        stream = stream.stream
    stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    socket.socket.close(stream)


class WebSocket:
    """A client's side of RFC 6455 that can also say what no client should."""
    CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10

    def __init__(self, stream, origin=None):
        self.stream, self.buffer, self.payload, self.closed = stream, b"", b"", None
        self.pongs = []
        key = base64.b64encode(os.urandom(16)).decode()
        self.stream.sendall((f"GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: {key}\r\n"
                             + (f"Origin: {origin}\r\n" if origin else "") + "Sec-WebSocket-Version: 13\r\n\r\n").encode())
        while b"\r\n\r\n" not in self.buffer:
            if not self._more():
                raise ConnectionError(self.buffer.decode(errors="replace") or "closed")
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        expected = base64.b64encode(hashlib.sha1((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").encode()).digest()).decode()
        if not head.startswith(b"HTTP/1.1 101 ") or expected not in head.decode():
            raise ConnectionError(head.decode())

    def _more(self):
        part = self.stream.recv(65536)
        self.buffer += part
        return part

    @staticmethod
    def frame(payload, opcode=BINARY, last=True, mask=b"\x11\x22\x33\x44", reserved=0):
        n = len(payload)
        head = bytes([(0x80 if last else 0) | reserved | opcode])
        bit = 0x80 if mask else 0
        head += bytes([bit | n]) if n < 126 else struct.pack(">BH", bit | 126, n) if n < 65536 else struct.pack(">BQ", bit | 127, n)
        if not mask:
            return head + payload
        long_mask = (mask * (n // 4 + 1))[:n]
        return head + mask + (int.from_bytes(payload, "big") ^ int.from_bytes(long_mask, "big")).to_bytes(n, "big")

    def sendall(self, data):
        self.stream.sendall(self.frame(data))

    def send_raw(self, data):
        self.stream.sendall(data)

    def _take(self, n):
        while len(self.buffer) < n:
            if not self._more():
                return None
        out, self.buffer = self.buffer[:n], self.buffer[n:]
        return out

    def read_frame(self):
        """(opcode, payload), or None at the end. The server must not mask, nor set reserved bits."""
        head = self._take(2)
        if head is None:
            return None
        assert head[0] & 0x70 == 0 and head[1] < 128, head
        n = head[1]
        if n > 125:
            n = int.from_bytes(self._take(2 if n == 126 else 8), "big")
        payload = self._take(n)
        return None if payload is None else (head[0] & 15, payload)

    def recv(self, n):
        while not self.payload:
            frame = self.read_frame()
            if frame is None or frame[0] == self.CLOSE:
                self.closed = int.from_bytes(frame[1][:2], "big") if frame else None
                return b""
            if frame[0] == self.PONG:
                self.pongs.append(frame[1])
            else:
                assert frame[0] == self.BINARY, frame
                self.payload = frame[1]
        out, self.payload = self.payload[:n], self.payload[n:]
        return out

    def shutdown(self, how):
        self.stream.shutdown(how)

    def setsockopt(self, *words):
        self.stream.setsockopt(*words)

    def settimeout(self, seconds):
        self.stream.settimeout(seconds)

    def close(self):
        self.stream.close()


if __name__ == "__main__":  # transports.py FOLDER: makes the certificate for programs in other languages
    import sys
    os.makedirs(sys.argv[1], exist_ok=True)
    make_certificate(sys.argv[1])
