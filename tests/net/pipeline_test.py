#!/usr/bin/env python3
"""Auto-commit statements sent without waiting for answers, against the real binary: they may share a commit, and nobody notices."""
import pathlib
import re
import sys
import threading
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import serving  # noqa: E402
from bolt import Client, chunked, message  # noqa: E402
from serving import Serving  # noqa: E402

serving.take_binary()
EVERYTHING = {"n": -1}


def requests(queries, pull=EVERYTHING):
    """RUN and PULL of each, as bytes. A query may come with parameters."""
    data = b""
    for q in queries:
        text, parameters = q if isinstance(q, tuple) else (q, {})
        data += chunked(message(Client.RUN, text, parameters, {})) + chunked(message(Client.PULL, pull))
    return data


def answers(client, n):
    """Those of n requests, each a list of records with what ended it."""
    out, rows = [], []
    while len(out) < n:
        answer = client.receive()
        if answer[0] == Client.RECORD:
            rows.append(answer[1])
        else:
            out.append((answer[0], rows, answer[1] if len(answer) > 1 else None))
            rows = []
    return out


class PipelineTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Serving().__enter__()

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__(None, None, None)

    def setUp(self):
        self.client = self.server.client()
        self.client.query("MATCH (n) DETACH DELETE n")

    def tearDown(self):
        self.client.close()

    def metric(self, name):
        return int(re.search(rf"^{name} (\d+)$", self.server.http("/metrics")[2], re.M).group(1))

    def send(self, queries, **how):
        self.client.raw(requests(queries, **how))
        return answers(self.client, 2 * len(queries))

    def test_order_of_answers_and_fewer_commits(self):
        before = self.metric("packhouse_store_commits_total")
        got = self.send([("CREATE (n:N {x: $x}) RETURN n.x", {"x": x}) for x in range(50)])
        self.assertTrue(all(a[0] == Client.SUCCESS for a in got))
        self.assertEqual([a[1] for a in got[1::2]], [[[x]] for x in range(50)])
        self.assertTrue(all(a[2]["stats"]["nodes-created"] == 1 for a in got[1::2]))
        self.assertLess(self.metric("packhouse_store_commits_total") - before, 50)
        numbers = [a[2]["bookmark"] for a in got[1::2]]
        self.assertEqual(numbers, sorted(numbers))
        self.assertEqual(self.client.query("MATCH (n:N) RETURN count(n)"), [[50]])

    def test_a_failure_in_the_middle(self):
        got = self.send(["CREATE (:N)", "CREATE (:N)", "CREATE (:N {x: 1 / 0})", "CREATE (:N)", "RETURN 1"])
        self.assertEqual([a[0] for a in got], [Client.SUCCESS] * 5 + [Client.FAILURE] + [Client.IGNORED] * 4)
        self.client.ask(Client.RESET)
        self.assertEqual(self.client.query("MATCH (n:N) RETURN count(n)"), [[2]])

    def test_reading_between_writing(self):
        queries = []
        for x in range(1, 21):
            queries += [f"CREATE (:N {{x: {x}}})", "MATCH (n:N) RETURN count(n), max(n.x)"]
        got = self.send(queries)
        self.assertEqual([a[1] for a in got[3::4]], [[[x, x]] for x in range(1, 21)])

    def test_cut_anywhere(self):
        data = requests([("CREATE (n:N {x: $x}) RETURN n.x", {"x": x}) for x in range(30)])
        for at in range(0, len(data), 97):
            self.client.raw(data[at:at + 97])
        self.assertEqual([a[1] for a in answers(self.client, 60)[1::2]], [[[x]] for x in range(30)])

    def test_what_was_answered_to_others_is_seen(self):
        """Another client's write is answered before a statement is sent, which therefore finds it, however full the pipeline is."""
        other = self.server.client()
        for x in range(50):
            self.client.raw(requests(["CREATE (:M)"] * 5))
            other.query("CREATE (:Seen {x: $x})", x=x)
            self.client.raw(requests([("MATCH (s:Seen {x: $x}) CREATE (n:M) RETURN s.x", {"x": x})] * 3))
            self.assertEqual([a[1] for a in answers(self.client, 16)[11::2]], [[[x]]] * 3)
        other.close()

    def test_many_clients_and_the_same_records(self):
        self.client.query("UNWIND range(0, 2) AS id CREATE (:K {id: id, n: 0})")
        wrong = []

        def work(number):
            client = self.server.client()
            for round_ in range(30):
                queries = [("MATCH (k:K {id: $id}) SET k.n = k.n + 1", {"id": (number + round_ + i) % 3}) for i in range(8)]
                client.raw(requests(queries))
                wrong.extend(a for a in answers(client, 16) if a[0] != Client.SUCCESS)
            client.close()

        threads = [threading.Thread(target=work, args=(n,)) for n in range(6)]
        for t in threads:
            t.start()
        for t in threads:
            t.join()
        self.assertEqual(wrong, [])
        self.assertEqual(self.client.query("MATCH (k:K) RETURN sum(k.n)"), [[6 * 30 * 8]])

    def test_reset_behind_and_clients_that_vanish(self):
        for round_ in range(30):
            client = self.server.client()
            client.raw(requests(["CREATE (:Pair)-[:R]->(:Pair)"] * 20))
            if round_ % 2:
                client.raw(chunked(message(Client.RESET)))
                got = answers(client, 41)
                self.assertEqual(got[-1][0], Client.SUCCESS)
                done = sum(a[0] == Client.SUCCESS for a in got[1:-1:2])
                self.assertGreaterEqual(self.client.query("MATCH (p:Pair) RETURN count(p) / 2")[0][0], done)
            client.close()
        self.assertEqual(self.client.query("MATCH (p:Pair) WHERE NOT (p)-[:R]-() RETURN count(p)"), [[0]])


if __name__ == "__main__":
    unittest.main()
