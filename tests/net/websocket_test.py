#!/usr/bin/env python3
"""Bolt over WebSocket on the Bolt port, with a client that cuts, joins and breaks frames as it likes."""
import pathlib
import random
import socket
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import serving  # noqa: E402
from bolt import MAGIC, Client, Closed, chunked, message  # noqa: E402
from serving import Serving  # noqa: E402
from transports import WebSocket, connect, tls_options  # noqa: E402

serving.take_binary()
frame = WebSocket.frame
HANDSHAKE = MAGIC + bytes([0, 0, 4, 5]) + bytes(12)


class WebSocketTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.server = Serving(*tls_options(cls.folder.name), http=False)

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__(None)
        cls.folder.cleanup()

    def clients(self, **options):
        for transport in ("ws", "wss"):
            with self.subTest(transport=transport):
                client = self.server.client(transport=transport, **options)
                yield client
                client.close()

    def test_queries_small_and_large(self):
        for client in self.clients():
            self.assertEqual(client.query("RETURN 1 AS x"), [[1]])
            big = random.Random(1).randbytes(3_000_000)
            self.assertEqual(client.query("RETURN $b", b=big), [[big]])
            rows = client.query("UNWIND range(1, 200000) AS i RETURN i, 'some text'")
            self.assertEqual([r[0] for r in rows], list(range(1, 200_001)))

    def test_frames_cut_anywhere(self):
        chance = random.Random(2)
        conversation = HANDSHAKE + b"".join(chunked(message(*m)) for m in (
            (Client.HELLO, {"user_agent": "t/1", "bolt_agent": {"product": "t/1"}}), (Client.LOGON, {"scheme": "none"}),
            (Client.RUN, "RETURN $x AS x", {"x": "y" * 500}, {}), (Client.PULL, {"n": -1})))
        for transport in ("ws", "wss"):
            for _ in range(10):
                web, sent, fragmented = connect(self.server.address, transport), b"", False
                at = 0
                while at < len(conversation):  # frames of random sizes, some of them fragments, with pings and empty frames between
                    n = chance.choice((0, 1, 2, 5, 60, 130, 1000))
                    part, at = conversation[at:at + n], at + n
                    last = at >= len(conversation) or chance.random() < 0.5
                    sent += frame(part, WebSocket.CONTINUATION if fragmented else WebSocket.BINARY, last, chance.randbytes(4))
                    fragmented = not last
                    if chance.random() < 0.3:
                        sent += frame(b"ping", WebSocket.PING)
                while sent:  # and bytes cut without regard to frames
                    n = chance.choice((1, 2, 3, 100, 3000))
                    web.send_raw(sent[:n])
                    sent = sent[n:]
                client = Client.__new__(Client)
                client.socket = web
                self.assertEqual(client.read(4), bytes([0, 0, 4, 5]))
                self.assertEqual([client.receive()[0] for _ in range(5)], [0x70, 0x70, 0x70, 0x71, 0x70])
                client.close()

    def test_everything_joined_with_the_upgrade(self):
        plain = connect(self.server.address)
        plain.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                      b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n" + frame(HANDSHAKE))
        answer = b""
        while not answer.endswith(b"\x82\x04\x00\x00\x04\x05"):
            part = plain.recv(4096)
            self.assertTrue(part, answer)
            answer += part
        self.assertTrue(answer.startswith(b"HTTP/1.1 101 "))
        plain.close()

    def test_an_upgrade_byte_by_byte(self):
        plain = connect(self.server.address)
        for b in b"GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" \
                 b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n":
            plain.sendall(bytes([b]))
        self.assertTrue(plain.recv(4096).startswith(b"HTTP/1.1 101 "))
        plain.close()

    def test_pings_are_answered_at_every_time(self):
        for client in self.clients():
            web = client.socket
            web.send_raw(frame(b"one", WebSocket.PING))
            self.assertEqual(web.read_frame(), (WebSocket.PONG, b"one"))
            client.send(Client.RUN, "UNWIND range(1, 100000000000) AS x WITH x WHERE x < 0 RETURN x", {}, {})
            client.send(Client.PULL, {"n": -1})
            self.assertEqual(client.receive()[0], Client.SUCCESS)
            web.send_raw(frame(b"two", WebSocket.PING))
            self.assertEqual(web.read_frame(), (WebSocket.PONG, b"two"))
            client.send(Client.RESET)
            self.assertEqual([client.receive()[0] for _ in range(2)], [Client.FAILURE, Client.SUCCESS])
            self.assertEqual(client.query("RETURN 1"), [[1]])

    def test_pings_nobody_reads_the_answers_of(self):
        before = self.server.memory_kb()
        for client in self.clients():
            client.socket.settimeout(0.5)
            try:
                for _ in range(20):
                    client.socket.send_raw(frame(b"x" * 125, WebSocket.PING) * 10_000)
            except (TimeoutError, ConnectionError):
                pass
        self.assertLess(self.server.memory_kb() - before, 16_384)

    def test_closing(self):
        for client in self.clients():
            client.socket.send_raw(frame(b"\x03\xe8bye", WebSocket.CLOSE))
            self.assertEqual(client.socket.read_frame(), (WebSocket.CLOSE, b"\x03\xe8"))
            self.assertIsNone(client.socket.read_frame())
        for client in self.clients():
            client.send(Client.GOODBYE)
            self.assertEqual(client.socket.read_frame(), (WebSocket.CLOSE, b"\x03\xe8"))
            self.assertIsNone(client.socket.read_frame())

    def test_faults_end_with_their_reason(self):
        for raw, reason in ((frame(b"text", WebSocket.TEXT), 1003), (frame(b"x", mask=None), 1002), (frame(b"x", reserved=0x40), 1002),
                            (frame(b"x", WebSocket.CONTINUATION), 1002), (frame(b"x" * 126, WebSocket.PING), 1002),
                            (frame(b"", WebSocket.PING, last=False), 1002), (frame(b"", 11), 1002)):
            for client in self.clients():
                client.socket.send_raw(raw)
                code, payload = client.socket.read_frame()
                self.assertEqual((code, int.from_bytes(payload, "big")), (WebSocket.CLOSE, reason))
                self.assertIsNone(client.socket.read_frame())

    def test_bolts_limits_hold_inside(self):
        for client in self.clients(login=False):
            client.raw(chunked(message(Client.HELLO, {"user_agent": "x" * 20_000})))
            try:
                self.assertEqual(client.receive()[0], Client.FAILURE)
            except (Closed, ConnectionError):
                pass
        web = connect(self.server.address, "ws")  # a frame that claims 2^62 bytes, and brings a lot that isn't Bolt
        web.send_raw(b"\x82\xff\x40" + bytes(7) + bytes(4))
        try:
            for _ in range(1000):
                web.send_raw(b"\xAA" * 65536)
            self.fail("nobody stopped it")
        except ConnectionError:
            pass
        web.close()

    def test_http_without_upgrade(self):
        for request in (b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"HEAD / HTTP/1.0\r\n\r\n", b"POST /db/neo4j/tx HTTP/1.1\r\nContent-Length: 0\r\n\r\n"):
            for transport in ("tcp", "tls"):
                plain = connect(self.server.address, transport)
                plain.sendall(request)
                answer = b""
                while part := plain.recv(4096):
                    answer += part
                self.assertTrue(answer.startswith(b"HTTP/1.1 200 OK\r\n") and b"Bolt port" in answer, answer)
                plain.close()

    def test_a_header_without_end(self):
        plain = connect(self.server.address)
        try:
            for _ in range(100):
                plain.sendall(b"GET / HTTP/1.1\r\n" + b"X: " + b"x" * 4000 + b"\r\n")
        except ConnectionError:
            pass
        try:
            answer = plain.recv(4096)
            self.assertTrue(answer == b"" or answer.startswith(b"HTTP/1.1 400 "))
        except ConnectionError:
            pass
        plain.close()

    def test_pages_of_other_origins(self):
        for origin, admitted in (("http://localhost:3000", True), ("https://example.com", False), ("null", False)):
            stream = connect(self.server.address)
            if admitted:
                WebSocket(stream, origin).close()
            else:
                with self.assertRaises(ConnectionError) as refused:
                    WebSocket(stream, origin)
                self.assertIn("403", str(refused.exception))
                stream.close()

    def test_a_peer_that_vanishes(self):
        for client in self.clients():
            client.ask(Client.BEGIN, {})
            client.query("CREATE (:Gone)")
            client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        for client in self.clients():
            self.assertEqual(client.query("MATCH (g:Gone) RETURN count(g)"), [[0]])

    def test_a_stop_says_going_away(self):
        with Serving(http=False) as server:
            client = server.client(transport="ws")
            server.process.terminate()
            self.assertEqual(client.socket.read_frame(), (WebSocket.CLOSE, b"\x03\xe9"))
            client.close()


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-q"], warnings="ignore")
