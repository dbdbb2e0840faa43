#!/usr/bin/env python3
"""/metrics, read as strictly as Prometheus' text format is defined, and /health while serving and while stopping."""
import json
import pathlib
import re
import sys
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import serving  # noqa: E402
from bolt import Client  # noqa: E402
from serving import Serving  # noqa: E402
from transports import tls_options  # noqa: E402

serving.take_binary()

NAME = r"[a-zA-Z_:][a-zA-Z0-9_:]*"
LABELS = r'\{[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*"(?:,[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\"n])*")*\}'
SAMPLE = re.compile(rf"^({NAME})({LABELS})? ([-+]?(?:[0-9.]+(?:e[-+]?[0-9]+)?|Inf|NaN))$")
UNITS = ("seconds", "bytes")


def parse(text):
    """{name: {labels: value}}; every rule of the format that a scraper relies on is checked."""
    assert text.endswith("\n") and "\r" not in text
    found, types, family, closed = {}, {}, None, set()
    for line in text[:-1].split("\n"):
        if line.startswith("# HELP "):
            name, help_text = re.fullmatch(rf"# HELP ({NAME}) (\S.*)", line).groups()
            assert name not in types and name not in closed, f"{name} comes twice"
            closed.add(name)
            family, helped = name, name
        elif line.startswith("# TYPE "):
            name, kind = re.fullmatch(rf"# TYPE ({NAME}) (counter|gauge|histogram)", line).groups()
            assert name == helped, "HELP and TYPE belong together"
            types[name] = kind
            assert (kind == "counter") == name.endswith("_total"), name
        else:
            match = SAMPLE.match(line)
            assert match, line
            name, labels, value = match.groups()
            suffix = name.removeprefix(family)
            assert suffix in (("_bucket", "_sum", "_count") if types[family] == "histogram" else ("",)), f"{name} is not of {family}"
            series = found.setdefault(name, {})
            assert labels not in series, f"{line} comes twice"
            series[labels or ""] = float(value)
    for name, kind in types.items():
        assert kind != "histogram" or check_histogram(found, name)
        assert all(v >= 0 for n, series in found.items() if n.startswith(name) for v in series.values()), f"{name} is negative"
    return found, types


def check_histogram(found, name):
    buckets = [(float(re.fullmatch(r'\{le="(.*)"\}', labels)[1]), v) for labels, v in found[name + "_bucket"].items()]
    assert buckets == sorted(buckets) and buckets[-1][0] == float("inf")
    assert [v for _, v in buckets] == sorted(v for _, v in buckets), "buckets add up"
    assert buckets[-1][1] == found[name + "_count"][""]
    return found[name + "_sum"][""] >= 0


class MetricsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        import tempfile
        cls.folder = tempfile.TemporaryDirectory()
        cls.server = Serving(*tls_options(cls.folder.name))

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__(None)
        cls.folder.cleanup()

    def metrics(self):
        status, kind, text = self.server.http("/metrics")
        self.assertEqual(status, 200)
        self.assertEqual(kind, "text/plain; version=0.0.4; charset=utf-8")
        return parse(text)[0]

    def change(self, work, name, labels=""):
        before = self.metrics()[name][labels]
        work()
        return self.metrics()[name][labels] - before

    def test_the_families_that_dashboards_need(self):
        found = self.metrics()
        for name in ("packhouse_info", "packhouse_connections_open", "packhouse_connections_total", "packhouse_connections_refused_total",
                     "packhouse_logins_failed_total", "packhouse_received_bytes_total", "packhouse_sent_bytes_total",
                     "packhouse_transactions_open", "packhouse_transactions_total", "packhouse_queries_total",
                     "packhouse_query_duration_seconds_bucket", "packhouse_oldest_snapshot_age_seconds", "packhouse_store_size_bytes",
                     "packhouse_store_commits_total", "packhouse_plan_cache_hits_total", "packhouse_plan_cache_misses_total",
                     "process_resident_memory_bytes", "process_cpu_seconds_total", "process_open_fds", "process_max_fds",
                     "process_start_time_seconds"):
            self.assertIn(name, found)
        self.assertGreater(found["packhouse_store_size_bytes"][""], 4096)
        self.assertGreater(found["process_resident_memory_bytes"][""], 1 << 20)
        self.assertAlmostEqual(found["process_start_time_seconds"][""], time.time(), delta=300)

    def test_connections_by_transport(self):
        for transport in ("tcp", "tls", "ws", "wss"):
            label = f'{{transport="{transport}"}}'
            while self.metrics()["packhouse_connections_open"][label] > 0:  # those of the tests before are counted until they are gone
                pass
            total = self.metrics()["packhouse_connections_total"][label]
            clients = [self.server.client(transport=transport) for _ in range(3)]
            found = self.metrics()
            self.assertEqual(found["packhouse_connections_open"][label], 3)
            self.assertEqual(found["packhouse_connections_total"][label], total + 3)
            for c in clients:
                c.close()
            while self.metrics()["packhouse_connections_open"][label] > 0:
                pass
            self.assertEqual(self.metrics()["packhouse_connections_total"][label], total + 3)

    def test_a_connection_that_says_nothing(self):
        label = '{transport="unknown"}'
        silent = self.server.client(login=False, version=None)
        while self.metrics()["packhouse_connections_open"][label] == 0:
            pass
        total = self.metrics()["packhouse_connections_total"][label]
        silent.close()
        while self.metrics()["packhouse_connections_open"][label] > 0:
            pass
        self.assertEqual(self.metrics()["packhouse_connections_total"][label], total + 1)

    def test_queries_by_outcome(self):
        client = self.server.client()

        def fail(query):
            with self.assertRaises(RuntimeError):
                client.query(query)
            client.receive()  # the PULL behind it is ignored, or is what failed
            client.ask(Client.RESET)

        def fail_at_pull(query):
            with self.assertRaises(RuntimeError):
                client.query(query)
            client.ask(Client.RESET)

        def leave():
            client.ask(Client.RUN, "UNWIND range(1, 1000) AS x RETURN x", {}, {})
            client.ask(Client.PULL, {"n": 1})
            client.ask(Client.RESET)

        queries = "packhouse_queries_total"
        self.assertEqual(self.change(lambda: [client.query("RETURN 1") for _ in range(5)], queries, '{outcome="success"}'), 5)
        self.assertEqual(self.change(lambda: fail("RETRUN 1"), queries, '{outcome="client_error"}'), 1)
        self.assertEqual(self.change(lambda: fail_at_pull("UNWIND [1, 0] AS x RETURN 1 / x"), queries, '{outcome="client_error"}'), 1)
        self.assertEqual(self.change(leave, queries, '{outcome="terminated"}'), 1)
        self.assertEqual(self.change(lambda: client.query("RETURN 1"), "packhouse_query_duration_seconds_count"), 1)
        client.close()

    def test_transactions_by_outcome(self):
        client = self.server.client()

        def transaction(end):
            client.ask(Client.BEGIN, {})
            client.query("CREATE (:M)")
            self.assertEqual(self.metrics()["packhouse_transactions_open"][""], 1)
            client.ask(end)

        name = "packhouse_transactions_total"
        self.assertEqual(self.change(lambda: transaction(Client.COMMIT), name, '{outcome="committed"}'), 1)
        self.assertEqual(self.change(lambda: transaction(Client.ROLLBACK), name, '{outcome="rolled_back"}'), 1)
        self.assertEqual(self.change(lambda: transaction(Client.RESET), name, '{outcome="rolled_back"}'), 1)
        self.assertEqual(self.change(lambda: client.query("CREATE (:M)"), name, '{outcome="committed"}'), 1)
        self.assertEqual(self.change(lambda: client.query("CREATE (:M)"), "packhouse_store_commits_total"), 1)
        self.assertEqual(self.metrics()["packhouse_transactions_open"][""], 0)
        client.close()

    def test_bytes_plans_and_snapshots(self):
        client = self.server.client()
        sent = bytes(100_000)
        for transport in ("tcp", "wss"):
            other = self.server.client(transport=transport)
            for name in ("packhouse_received_bytes_total", "packhouse_sent_bytes_total"):
                moved = self.change(lambda: other.query("RETURN $b", b=sent), name)
                self.assertGreaterEqual(moved, len(sent))
                self.assertLess(moved, len(sent) + 1000)
            other.close()
        client.query("RETURN 1 AS cached_or_not")
        self.assertEqual(self.change(lambda: client.query("RETURN 1 AS cached_or_not"), "packhouse_plan_cache_hits_total"), 1)
        self.assertEqual(self.change(lambda: client.query("RETURN 2 AS seen_for_the_first_time"), "packhouse_plan_cache_misses_total"), 1)
        client.ask(Client.BEGIN, {"mode": "r"})
        client.query("MATCH (n) RETURN count(n)")
        while self.metrics()["packhouse_oldest_snapshot_age_seconds"][""] == 0:
            pass
        client.close()


class HealthTest(unittest.TestCase):
    def test_health_while_serving_and_while_stopping(self):
        with Serving("--stop-grace-s", "30", "--keep-alive-s", "1") as server:
            for path in ("/health", "/health/live", "/health/ready"):
                status, kind, text = server.http(path)
                self.assertEqual((status, kind, json.loads(text)["status"]), (200, "application/json", "up"))
            busy = server.client()
            busy.ask(Client.RUN, "UNWIND range(1, 1000000000) AS x WITH x WHERE x < 0 RETURN x", {}, {})
            busy.send(Client.PULL, {"n": -1})
            self.assertEqual(busy.read(2), b"\0\0")  # a sign of life: the query runs
            server.process.terminate()
            while "stopping" not in server.log:
                pass
            for path, expected in (("/health", 503), ("/health/ready", 503), ("/health/live", 200), ("/metrics", 200)):
                self.assertEqual(server.http(path)[0], expected)
            busy.send(Client.RESET)
            busy.receive()
            self.assertEqual(server.process.wait(timeout=30), 0)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-q"], warnings="ignore")
