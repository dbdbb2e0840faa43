#!/usr/bin/env python3
"""How many may connect, how long they may take, how much they may send, and what they are told."""
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import serving  # noqa: E402
from bolt import MAGIC, Client, Closed, chunked, message  # noqa: E402
from serving import Serving  # noqa: E402
from transports import TRANSPORTS, connect, tls_options  # noqa: E402

serving.take_binary()
PASSWORD = "a-long-password"
HELLO = {"user_agent": "t/1", "bolt_agent": {"product": "t/1"}}


def basic(user, password=PASSWORD):
    return {"scheme": "basic", "principal": user, "credentials": password}


class LimitsTest(unittest.TestCase):
    def test_connections_in_total(self):
        with Serving("--max-connections", "3", http=True) as server:
            clients = [server.client() for _ in range(3)]
            with self.assertRaises((Closed, ConnectionError)):
                server.client()
            self.assertIn("packhouse_connections_refused_total 1\n", server.http("/metrics")[2])
            self.assertIn("max_connections = 3", server.log)
            clients.pop().close()
            while True:  # there is room again, as soon as the server has seen it
                try:
                    clients.append(server.client())
                    break
                except (Closed, ConnectionError):
                    pass
            for c in clients:
                self.assertEqual(c.query("RETURN 1"), [[1]])
                c.close()

    def test_connections_of_a_user(self):
        with Serving("--max-connections-per-user", "2", http=False, environment={"NEO4J_AUTH": f"neo4j/{PASSWORD}"}) as server:
            first, second = (server.client(auth=basic("neo4j")) for _ in range(2))
            first.query(f"CREATE USER ada SET PASSWORD '{PASSWORD}' CHANGE NOT REQUIRED")
            third = server.client(login=False)
            third.ask(Client.HELLO, HELLO)
            with self.assertRaises(RuntimeError) as refused:
                third.ask(Client.LOGON, basic("neo4j"))
            self.assertIn("Neo.TransientError.General.DatabaseUnavailable", str(refused.exception))
            self.assertIn("max_connections_per_user", str(refused.exception))
            third.drain()
            other = server.client(auth=basic("ada"))  # somebody else has seats of her own
            self.assertEqual(first.query("SHOW CURRENT USER")[0][0], "neo4j")
            second.send(0x6B)  # LOGOFF
            self.assertEqual(second.receive()[0], Client.SUCCESS)
            server.client(auth=basic("neo4j")).close()  # the seat is free, at once
            second.ask(Client.LOGON, basic("ada"))  # another user on the same connection
            self.assertEqual(second.query("SHOW CURRENT USER")[0][0], "ada")
            for c in (first, second, other):
                c.close()

    def test_time_to_log_in(self):
        import tempfile
        with tempfile.TemporaryDirectory() as folder, Serving("--login-timeout-s", "1", *tls_options(folder), http=False) as server:
            working = server.client()
            for transport in TRANSPORTS:
                with self.subTest(transport=transport):
                    silent = server.client(login=False, version=None, transport=transport)
                    shaken = server.client(login=False, transport=transport)
                    greeted = server.client(login=False, transport=transport)
                    greeted.ask(Client.HELLO, HELLO)
                    for client in (silent, shaken, greeted):
                        client.drain()
            for halfway in (b"\x16\x03\x01", b"GET / HTTP/1.1\r\nHo", MAGIC, b""):  # each kind of beginning, never ended
                stuck = server.client(login=False, version=None)
                stuck.raw(halfway)
                stuck.drain()
            left = server.client()
            left.send(0x6B)  # LOGOFF: the limit counts again
            self.assertEqual(left.receive()[0], Client.SUCCESS)
            left.drain()
            self.assertEqual(working.query("RETURN 1"), [[1]])  # who has logged in may stay
            working.close()

    def test_slow_handshakes(self):
        """A byte now and then does not extend the time."""
        with Serving("--login-timeout-s", "1", http=False) as server:
            for first in (MAGIC + bytes([0, 0, 4, 5]) + bytes(12) + chunked(message(Client.HELLO, {"user_agent": "x" * 8000})),
                          b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 1000):
                slow = connect(server.address, timeout=0.02)
                with self.assertRaises(ConnectionError):
                    for i in range(len(first)):
                        slow.sendall(first[i:i + 1])
                        try:
                            if slow.recv(100) == b"":
                                raise ConnectionResetError
                        except TimeoutError:
                            pass
                slow.close()

    def test_idle_connections(self):
        with Serving("--idle-timeout-s", "1", http=False) as server:
            idle, holding, busy = server.client(), server.client(), server.client()
            holding.ask(Client.BEGIN, {})
            holding.query("CREATE (:Held)")
            busy.send(Client.RUN, "UNWIND range(1, 1000000000) AS x WITH x WHERE x < 0 RETURN x", {}, {})
            busy.send(Client.PULL, {"n": -1})
            self.assertEqual(busy.receive()[0], Client.SUCCESS)
            idle.drain()
            holding.drain()
            busy.send(Client.RESET)  # a request under way is not idleness
            self.assertEqual([busy.receive()[0] for _ in range(2)], [Client.FAILURE, Client.SUCCESS])
            self.assertEqual(busy.query("MATCH (h:Held) RETURN count(h)"), [[0]])
            busy.drain()
            self.assertIn("it was idle", server.log)

    def test_keep_alive(self):
        import tempfile
        with tempfile.TemporaryDirectory() as folder, Serving("--keep-alive-s", "1", *tls_options(folder), http=False) as server:
            for transport in TRANSPORTS:
                client = server.client(transport=transport, login=False)
                answer = client.ask(Client.HELLO, HELLO)
                self.assertEqual(answer["hints"]["connection.recv_timeout_seconds"], 2)
                client.ask(Client.LOGON, {"scheme": "none"})
                client.send(Client.RUN, "UNWIND range(1, 100000000000) AS x WITH x WHERE x < 0 RETURN x", {}, {})
                client.send(Client.PULL, {"n": -1})
                self.assertEqual(client.receive()[0], Client.SUCCESS)
                self.assertEqual(client.read(4), bytes(4))  # two signs of life
                client.send(Client.RESET)
                self.assertEqual([client.receive()[0] for _ in range(2)], [Client.FAILURE, Client.SUCCESS])
                self.assertEqual(client.query("RETURN 1"), [[1]])
                client.close()
        with Serving("--keep-alive-s", "0", http=False) as server:
            client = server.client(login=False)
            self.assertNotIn("connection.recv_timeout_seconds", client.ask(Client.HELLO, HELLO).get("hints", {}))
            client.close()

    def test_no_files_left(self):
        """Connections beyond what the system gives wait; those there work; afterwards everything is as before."""
        import resource
        with Serving(http=False, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))) as server:
            working = server.client()
            many = [connect(server.address) for _ in range(100)]
            while "accepting a connection failed" not in server.log:
                self.assertEqual(working.query("RETURN 1"), [[1]])
            for m in many:
                m.close()
            late = server.client()
            self.assertEqual(late.query("RETURN 1"), [[1]])
            late.close()
            working.close()


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-q"], warnings="ignore")
