#!/usr/bin/env python3
"""Rubbish in every state of a conversation, over every transport; crowds of it beside clients that work."""
import os
import pathlib
import random
import resource
import socket
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import serving  # noqa: E402
from bolt import MAGIC, Client, chunked, message, pack  # noqa: E402
from serving import Serving  # noqa: E402
from transports import TRANSPORTS, stop_sending, tls_options, vanish  # noqa: E402

serving.take_binary()
HELLO = {"user_agent": "t/1", "bolt_agent": {"product": "t/1"}}


def reach(state, client):
    """Brings a client that has shaken hands, and no more, into a state."""
    if state == "negotiation":
        return
    client.ask(Client.HELLO, HELLO)
    if state == "authentication":
        return
    client.ask(Client.LOGON, {"scheme": "none"})
    if state.startswith("tx"):
        client.ask(Client.BEGIN, {})
    if state.endswith("streaming"):
        client.ask(Client.RUN, "UNWIND range(1, 100) AS x RETURN x", {}, {})
        client.ask(Client.PULL, {"n": 1})
    if state == "failed":
        client.send(Client.RUN, "RETRUN 1", {}, {})
        client.receive()


STATES = ("negotiation", "authentication", "ready", "streaming", "tx_ready", "tx_streaming", "failed")


def rubbish(chance):
    """One of many kinds of bytes that no client should send."""
    run = message(Client.RUN, "RETURN 1", {}, {})
    tag = chance.choice((0x01, 0x02, 0x0F, 0x10, 0x11, 0x12, 0x13, 0x2F, 0x3F, 0x54, 0x66, 0x6A, 0x6B, 0x70, 0x00, 0xFF))
    kind = chance.randrange(8)
    if kind == 0:  # not even chunks
        return chance.randbytes(chance.randrange(1, 2000))
    if kind == 1:  # a message with a tag that is known, perhaps, and anything behind
        return chunked(bytes([0xB0 | chance.randrange(16), tag]) + chance.randbytes(chance.randrange(60)))
    if kind == 2:  # fields of the wrong types
        return chunked(bytes([0xB0 | 3, tag]) + b"".join(pack(chance.choice((None, 1, -1.5, "x", [], {"n": "x"}, b"x"))) for _ in range(3)))
    if kind == 3:  # cut short, in a chunk or in a value
        cut = chance.randrange(1, len(run))
        return chance.choice((chunked(run)[:cut], chunked(run[:cut])))
    if kind == 4:  # lengths that lie
        return chunked(bytes([0xB1, tag]) + bytes.fromhex(chance.choice(("D6FFFFFFFF", "DA7FFFFFFF", "CE7FFFFFFF", "D27FFFFFFF", "D5FFFF"))))
    if kind == 5:  # deep
        return chunked(bytes([0xB1, tag]) + chance.choice((b"\x91", b"\xA1\x81x", b"\xB1\x4E")) * 20_000)
    if kind == 6:  # a bit turned
        whole = bytearray(chunked(run))
        whole[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        return bytes(whole)
    return chunked(bytes([0xB0, tag])) * chance.randrange(1, 50)  # many, in any order


class GarbageTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        cls.folder = tempfile.TemporaryDirectory()
        cls.server = Serving(*tls_options(cls.folder.name), http=False)
        cls.files = cls.server.open_files()

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__(None)
        cls.folder.cleanup()

    def all_gone(self):
        while self.server.open_files() > self.files:
            self.assertIsNone(self.server.process.poll(), "the server is gone")

    def tearDown(self):
        self.all_gone()  # ctest's limit ends it if not
        client = self.server.client()
        self.assertEqual(client.query("RETURN 1 AS x"), [[1]])
        client.close()

    def test_every_state_over_every_transport(self):
        chance = random.Random(11)
        for transport in TRANSPORTS:
            for state in STATES:
                for _ in range(12):
                    client = self.server.client(transport=transport, login=False)
                    reach(state, client)
                    raw = rubbish(chance)
                    with self.subTest(transport=transport, state=state, raw=raw[:60].hex()):
                        try:
                            client.raw(raw)
                            stop_sending(client.socket)
                        except (ConnectionError, OSError):
                            pass
                        client.drain()

    def test_before_the_handshake(self):
        chance = random.Random(12)
        for transport in TRANSPORTS:
            for i in range(40):
                client = self.server.client(login=False, version=None, transport=transport)
                first = chance.choice((b"", MAGIC[:3], MAGIC, MAGIC + chance.randbytes(15), MAGIC + bytes(12), b"\x16\x03\x01", b"G", b"GET "))
                try:
                    client.raw(first + chance.randbytes(chance.randrange(300)))
                    stop_sending(client.socket)
                except (ConnectionError, OSError):
                    pass
                client.drain()

    def test_layers_broken_from_outside(self):
        """Rubbish where TLS or WebSocket should be, at once or after a good beginning."""
        chance = random.Random(13)
        for first in (b"\x16", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"\x16\x03\x03\xff\xff", b"GET / HTTP/1.1\r\n", b"ZZZZ", b"\x80\x2e\x01"):
            for _ in range(10):
                client = self.server.client(login=False, version=None)
                try:
                    client.raw(first + chance.randbytes(chance.randrange(600)))
                    stop_sending(client.socket)
                except (ConnectionError, OSError):
                    pass
                client.drain()
        for transport in ("tls", "ws", "wss"):
            for _ in range(10):
                client = self.server.client(transport=transport)
                inside = client.socket if transport == "tls" else client.socket.stream
                broken = socket.socket(fileno=os.dup(inside.fileno()))  # the same connection, without the layers
                broken.sendall(chance.randbytes(chance.randrange(20, 500)))
                stop_sending(broken)
                broken.close()
                try:
                    while client.socket.recv(65536):
                        pass
                except (OSError, AssertionError):  # TLS alerts, resets, frames that are cut
                    pass
                client.close()

    def test_peers_that_vanish_in_every_state(self):
        for transport in TRANSPORTS:
            for state in STATES:
                client = self.server.client(transport=transport, login=False)
                reach(state, client)
                vanish(client.socket)
        busy = self.server.client()
        busy.query("CREATE (:Vanish {v: 0})")
        for transport in TRANSPORTS:  # with a lock, and with a query under way
            client = self.server.client(transport=transport)
            client.ask(Client.BEGIN, {})
            client.query("MATCH (v:Vanish) SET v.v = 1")
            vanish(client.socket)
            running = self.server.client(transport=transport)
            running.ask(Client.RUN, "UNWIND range(1, 1000000000) AS x WITH x WHERE x < 0 RETURN x", {}, {})
            running.send(Client.PULL, {"n": -1})
            vanish(running.socket)
        busy.query("MATCH (v:Vanish) SET v.v = 7")
        self.assertEqual(busy.query("MATCH (v:Vanish) RETURN v.v"), [[7]])
        busy.query("MATCH (v:Vanish) DELETE v")
        busy.close()

    def crowd(self, size, seed):
        """So many connections at a time, each sending rubbish, half of them after logging in; all transports."""
        chance = random.Random(seed)
        clients = []
        for i in range(size):
            transport = TRANSPORTS[i % 4]
            clients.append(self.server.client(transport=transport, login=i % 8 < 4))
        for _ in range(5):
            for client in clients:
                try:
                    client.raw(rubbish(chance))
                except (ConnectionError, OSError):
                    pass
        for client in clients:
            try:
                stop_sending(client.socket)
            except OSError:
                pass
        for client in clients:
            client.drain()

    def test_two_hundred_send_garbage_while_eight_work(self):
        errors, stop, done = [], threading.Event(), [0] * 8

        def work(i):
            try:
                client = self.server.client(transport=TRANSPORTS[i % 4])
                while not stop.is_set():
                    assert client.query("CREATE (w:Work {x: $i}) WITH w DELETE w RETURN $i AS i", i=i) == [[i]]
                    done[i] += 1
                client.close()
            except Exception as e:  # noqa: BLE001 - reported below
                errors.append(e)

        self.crowd(200, 1)  # what the server keeps for good, it has now
        self.all_gone()
        before = self.server.memory_kb()
        workers = [threading.Thread(target=work, args=(i,)) for i in range(8)]
        for w in workers:
            w.start()
        for seed in range(2, 5):
            self.crowd(200, seed)
        stop.set()
        for w in workers:
            w.join()
        self.assertEqual(errors, [])
        self.assertGreater(min(done), 0)
        self.all_gone()
        self.assertLess(self.server.memory_kb() - before, 24 * 1024)

    def test_thousands_of_idle_connections(self):
        for transport, count, most in (("tcp", 2000, 20), ("tls", 300, 60)):
            with self.subTest(transport=transport):
                before = self.server.memory_kb()
                clients = [self.server.client(transport=transport) for _ in range(count)]
                self.assertLess((self.server.memory_kb() - before) / count, most)  # KiB each
                self.assertEqual(clients[count // 2].query("RETURN 1"), [[1]])
                for c in clients:
                    c.close()
                self.all_gone()


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-q"], warnings="ignore")
