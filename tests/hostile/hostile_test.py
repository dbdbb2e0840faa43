#!/usr/bin/env python3
"""Clients that lie, stall or vanish, against the real binary; other sessions must not notice."""
import functools
import os
import pathlib
import random
import resource
import socket
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import serving  # noqa: E402
from bolt import MAGIC, Client, Closed, chunked, message, pack  # noqa: E402
from serving import NotStarted  # noqa: E402
from transports import stop_sending, tls_options, vanish  # noqa: E402

serving.take_binary()
Serving = functools.partial(serving.Serving, http=False, log_level="off")


class HostileTest(unittest.TestCase):
    transport = "tcp"

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.server = Serving(*tls_options(cls.folder.name))
        cls.files, cls.threads = cls.server.open_files(), cls.server.threads()

    @classmethod
    def tearDownClass(cls):
        patience = time.monotonic() + 20  # the server may still be noticing that the last clients are gone
        while cls.server.open_files() > cls.files and time.monotonic() < patience:
            time.sleep(0.01)
        files, threads = cls.server.open_files(), cls.server.threads()
        cls.server.__exit__(None)
        cls.folder.cleanup()
        assert files <= cls.files, f"{files - cls.files} connections were never given back"
        assert threads <= cls.threads, f"{threads - cls.threads} threads are left over"

    def client(self, **options):
        return self.server.client(transport=self.transport, **options)

    def tearDown(self):
        client = self.client()
        self.assertEqual(client.query("RETURN 1 AS x"), [[1]])
        client.close()

    def rss(self):
        return self.server.memory_kb() / 1024

    def test_random_bytes(self):
        chance = random.Random(7)
        for i in range(200):
            client = self.client(login=False, version=None if i % 2 else (4, 5))
            try:
                client.raw(chance.randbytes(chance.randrange(1, 3000)))
                stop_sending(client.socket)
                client.drain()
            except ConnectionError:
                pass
            client.close()

    def test_garbage_after_login(self):
        chance = random.Random(8)
        for _ in range(100):
            client = self.client()
            try:
                client.raw(chunked(bytes([0xB0 | chance.randrange(5), chance.choice([0x10, 0x11, 0x3F, 0x66])]) + chance.randbytes(40)))
                stop_sending(client.socket)
                client.drain()
            except ConnectionError:
                pass
            client.close()

    def test_lengths_that_lie_reserve_nothing(self):
        before = self.rss()
        for lie in ("D6 7F FF FF FF", "DA 7F FF FF FF", "CE 7F FF FF FF", "D2 7F FF FF FF", "D6 FF FF FF FF", "D4 FF 01"):
            client = self.client()
            client.raw(chunked(bytes([0xB3, 0x10]) + pack("RETURN 1") + bytes.fromhex(lie) + pack({})))
            stop_sending(client.socket)
            client.drain()
            client.close()
        self.assertLess(self.rss() - before, 32)

    def test_a_hundred_thousand_nested_values(self):
        for level in (b"\x91", b"\xA1\x81x", b"\xD4\x01", b"\xB1\x4E", b"\xB3\x4E\x01\x90"):
            client = self.client()
            client.raw(chunked(bytes([0xB3, 0x10]) + pack("RETURN $x") + b"\xA1\x81x" + level * 100_000 + b"\x01" + pack({})))
            with self.assertRaises((RuntimeError, Closed, ConnectionError)):
                client.summary()
            client.close()

    def test_unknown_messages(self):
        for payload in (bytes([0xB0, 0x66]), bytes([0xB1, 0x70, 0xA0]), bytes([0xBF, 0x10]), b"\x01", b"\x00", bytes([0xB3, 0x10, 1, 2, 3])):
            client = self.client()
            client.raw(chunked(payload))
            try:
                self.assertEqual(client.receive()[0], Client.FAILURE)
            except (Closed, ConnectionError):
                pass
            client.close()

    def test_chunks_that_end_early(self):
        run = message(Client.RUN, "RETURN 1", {}, {})
        for raw in (b"\xFF\xFF" + run, b"\x00", b"\x00\x05" + run[:3], chunked(run)[:-1], chunked(run, 1)[:-4]):
            client = self.client()
            client.raw(raw)
            stop_sending(client.socket)
            self.assertEqual(client.socket.recv(1), b"")
            client.close()

    def test_thousands_of_empty_chunks(self):
        client = self.client()
        client.raw(b"\0\0" * 100_000)
        self.assertEqual(client.query("RETURN 1"), [[1]])
        client.close()

    def test_deep_queries_are_errors_or_answers(self):
        for text in ("RETURN " + "(" * 10_000 + "1" + ")" * 10_000, "RETURN " + "[" * 10_000 + "]" * 10_000,
                     "RETURN " + "NOT " * 10_000 + "true", "RETURN " + "-" * 10_000 + "1",
                     "RETURN " + " + ".join(["1"] * 5_000) + " AS x", "RETURN " + " AND ".join(["true"] * 5_000) + " AS x"):
            client = self.client()
            try:
                client.query(text)
            except RuntimeError as failure:
                self.assertIn("Neo.ClientError.Statement.SyntaxError", str(failure))
            client.close()

    def test_messages_in_the_wrong_state_close(self):
        for tag, fields in ((Client.PULL, [{"n": -1}]), (Client.COMMIT, []), (Client.HELLO, [{"user_agent": "x"}])):
            client = self.client()
            client.send(tag, *fields)
            self.assertEqual(client.receive()[0], Client.FAILURE)
            with self.assertRaises((Closed, ConnectionError)):
                client.receive()
            client.close()

    def test_an_oversized_message_before_login(self):
        client = self.client(login=False)
        client.raw(chunked(message(Client.HELLO, {"user_agent": "x" * 20_000})))
        try:
            self.assertEqual(client.receive()[0], Client.FAILURE)
        except (Closed, ConnectionError):
            pass
        client.close()

    def test_a_message_over_the_limit_fails_alone(self):
        with Serving("--message-mb", "1") as server:
            client, other = server.client(), server.client()
            client.raw(chunked(message(Client.RUN, "RETURN $x", {"x": bytes(4 << 20)}, {})))
            self.assertEqual(client.receive()[0], Client.FAILURE)
            self.assertEqual(other.query("RETURN 2"), [[2]])
            client.ask(Client.RESET)
            self.assertEqual(client.query("RETURN 3"), [[3]])
            client.close(), other.close()

    def test_a_client_that_stops_reading_slows_only_itself(self):
        before = self.rss()
        lazy = self.client()
        lazy.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        lazy.send(Client.RUN, "UNWIND range(1, 50000000) AS x RETURN x, 'some text to fill the buffers with'", {}, {})
        lazy.send(Client.PULL, {"n": -1})
        busy = self.client()
        for _ in range(500):
            self.assertEqual(busy.query("RETURN 1"), [[1]])
        self.assertLess(self.rss() - before, 64)
        busy.close()
        lazy.close()

    def test_a_client_that_vanishes_in_a_transaction_leaves_no_lock(self):
        setup = self.client()
        setup.query("CREATE (:Vanish {id: 1, v: 0})")
        for _ in range(20):
            gone = self.client()
            gone.ask(Client.BEGIN, {})
            gone.ask(Client.RUN, "MATCH (v:Vanish) SET v.v = v.v + 1", {}, {})
            gone.ask(Client.PULL, {"n": -1})
            vanish(gone.socket)
        setup.query("MATCH (v:Vanish) SET v.v = 7")
        self.assertEqual(setup.query("MATCH (v:Vanish) RETURN v.v"), [[7]])
        setup.query("MATCH (v:Vanish) DELETE v")
        setup.close()

    def test_reset_interrupts_a_cartesian_product_at_once(self):
        client = self.client()
        client.query("UNWIND range(1, 2000) AS i CREATE (:Many {i: i})")
        answers = []
        while Client.FAILURE not in answers and len(answers) < 100:  # a RESET may also overtake the PULL: IGNORED
            client.send(Client.RUN, "MATCH (a:Many), (b:Many), (c:Many), (d:Many) RETURN count(*)", {}, {})
            client.send(Client.PULL, {"n": -1})
            self.assertEqual(client.receive()[0], Client.SUCCESS)
            client.send(Client.RESET)
            answer = client.receive()
            answers.append(answer[0])
            if answer[0] == Client.FAILURE:
                self.assertIn("Terminated", answer[1]["code"])
            else:
                self.assertEqual(answer[0], Client.IGNORED)
            self.assertEqual(client.receive()[0], Client.SUCCESS)
        self.assertIn(Client.FAILURE, answers)
        client.query("MATCH (m:Many) DETACH DELETE m")
        client.close()

    def test_a_query_over_its_memory_limit_ends_alone(self):
        with Serving("--query-memory-mb", "16") as server:
            client, other = server.client(), server.client()
            with self.assertRaises(RuntimeError) as caught:
                client.query("UNWIND range(1, 100000000) AS x WITH collect(x) AS all RETURN size(all)")
            self.assertIn("MemoryPoolOutOfMemoryError", str(caught.exception))
            self.assertEqual(other.query("RETURN 2"), [[2]])
            client.close(), other.close()

    def test_garbage_beside_work(self):
        errors, stop = [], threading.Event()

        def work():
            try:
                client = self.client()
                while not stop.is_set():
                    client.query("CREATE (n:Work {x: 1}) DELETE n")
                client.close()
            except Exception as e:  # noqa: BLE001 - reported below
                errors.append(e)

        workers = [threading.Thread(target=work) for _ in range(4)]
        for w in workers:
            w.start()
        self.test_random_bytes()
        stop.set()
        for w in workers:
            w.join()
        self.assertEqual(errors, [])

    def test_many_idle_connections(self):
        before = self.rss()
        clients = [self.client() for _ in range(500)]
        self.assertLess((self.rss() - before) * 1024 / len(clients), 40 if self.transport == "tcp" else 100)  # KiB each
        for c in clients:
            c.close()

    def test_a_slow_handshake_is_read_byte_by_byte(self):
        client = self.client(login=False, version=None)
        for b in MAGIC + bytes([0, 0, 4, 5]) + bytes(12):
            client.raw(bytes([b]))
        self.assertEqual(client.read(4), bytes([0, 0, 4, 5]))
        client.close()


class EncryptedWebSocketTest(HostileTest):
    """All the same through both layers that may be around Bolt."""
    transport = "wss"


class StopTest(unittest.TestCase):
    def test_a_stop_while_clients_idle_and_queries_run(self):
        with tempfile.TemporaryDirectory() as data:
            with Serving("--stop-grace-s", "1", data=data) as server:
                idle, silent, open_, busy = server.client(), server.client(login=False, version=None), server.client(), server.client()
                idle.query("CREATE (:Kept)")
                open_.ask(Client.BEGIN, {})
                open_.ask(Client.RUN, "CREATE (:Open)", {}, {})
                open_.ask(Client.PULL, {"n": -1})
                busy.ask(Client.RUN, "UNWIND range(1, 10000000) AS a UNWIND range(1, 10000000) AS b CREATE (:Busy)", {}, {})
                busy.send(Client.PULL, {"n": -1})
            self.assertEqual(server.log, "")
            for client in (idle, silent, open_, busy):
                client.close()
            with Serving(data=data) as server:
                client = server.client()
                self.assertEqual(client.query("MATCH (n) RETURN labels(n)"), [[["Kept"]]])
                client.close()

    def test_idle_clients_do_not_delay_a_stop(self):
        with Serving("--stop-grace-s", "600") as server:  # the end of which waits for less than the grace time
            clients = [server.client() for _ in range(50)]
        for client in clients:
            client.close()


class FullDiskTest(unittest.TestCase):
    def test_what_does_not_fit_fails_and_the_rest_stays(self):
        limit = 16 << 20  # bytes of the store file

        def little_room():
            resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

        with tempfile.TemporaryDirectory() as data:
            with Serving(data=data, preexec_fn=little_room) as server:
                client, other = server.client(), server.client()
                written = 0
                with self.assertRaises(RuntimeError) as caught:
                    while written < 100:
                        client.query("CREATE (:Big {i: $i, b: $b})", i=written, b=bytes(1 << 20))
                        written += 1
                self.assertGreater(written, 0)
                self.assertIn("Neo.DatabaseError.", str(caught.exception))
                for i in range(written):
                    self.assertEqual(other.query("MATCH (b:Big {i: $i}) RETURN count(b)", i=i), [[1]])
                client.close(), other.close()
            with Serving(data=data) as server:
                client = server.client()
                self.assertEqual(client.query("MATCH (b:Big) RETURN count(b), sum(size(b.b))"), [[written, written << 20]])
                client.query("CREATE (:Big {i: -1})")
                client.close()


class StartTest(unittest.TestCase):
    def refuses(self, data, word, *options, **more):
        """Returns the exit code."""
        with self.assertRaises(NotStarted) as caught:
            Serving(*options, data=data, **more).stop()
        self.assertNotEqual(caught.exception.code, 0)
        self.assertEqual(caught.exception.output, "")
        self.assertIn(word, str(caught.exception))
        return caught.exception.code

    def test_a_folder_of_somebody_else(self):
        with tempfile.TemporaryDirectory() as data:
            pathlib.Path(data, "data.mdb").write_bytes(b"not a store" * 1000)
            self.refuses(data, data)

    def test_a_store_cut_short(self):
        with tempfile.TemporaryDirectory() as data:
            with Serving(data=data) as server:
                client = server.client()
                client.query("UNWIND range(1, 10000) AS i CREATE (:N {i: i})")
                client.close()
            store = pathlib.Path(data, "data.mdb")
            os.truncate(store, store.stat().st_size // 2 // 4096 * 4096)
            try:
                with Serving(data=data) as server:  # pages that are gone may only be missed when they are read
                    client = server.client()
                    try:
                        self.assertEqual(client.query("MATCH (n:N) RETURN sum(n.i)"), [[50_005_000]])
                    except RuntimeError as failure:
                        self.assertIn("Neo.DatabaseError.", str(failure))
                    client.close()
            except NotStarted as refused:
                self.assertEqual(refused.code, 1)

    def test_a_folder_that_another_server_has(self):
        with Serving() as first:
            self.refuses(first.data, first.data)

    def test_a_folder_that_cannot_be_made(self):
        self.refuses("/proc/nothing/here", "/proc/nothing/here")

    def test_wrong_settings(self):
        for options, word in ((["--threads", "x"], "threads"), (["--durability", "never"], "durability")):
            with tempfile.TemporaryDirectory() as data:
                self.assertEqual(self.refuses(data, word, *options), 2)

    def test_a_public_address_needs_a_word(self):
        with tempfile.TemporaryDirectory() as data:
            self.assertEqual(self.refuses(data, "allow_unauthenticated", bolt="0.0.0.0:0"), 2)


if __name__ == "__main__":
    unittest.main(verbosity=1)
