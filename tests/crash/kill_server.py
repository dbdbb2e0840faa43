#!/usr/bin/env python3
"""Kills the server with SIGKILL at random moments under write load, many times in a row on the same store, and checks
after each start that every transaction whose COMMIT was answered is there, and that no other is there in part.

Each transaction makes three nodes and two relationships with the same number and raises a counter, partly in
explicit transactions of several statements, partly in one statement, alone or several at once."""
import argparse
import functools
import pathlib
import random
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
import serving  # noqa: E402
from bolt import Client, Closed, chunked, message  # noqa: E402

ONE = ("CREATE (a:Part {tx: $tx})-[:NEXT {tx: $tx}]->(b:Part {tx: $tx})-[:NEXT {tx: $tx}]->(c:Part {tx: $tx}) "
       "WITH a MATCH (k:Counter {id: $writer}) SET k.n = k.n + 1")


class Writer(threading.Thread):
    """Writes until the server goes away. `sure`: answered transactions; `open`: asked for, answer unknown."""

    def __init__(self, address, number, first):
        super().__init__()
        self.address, self.number, self.next = address, number, first
        self.sure, self.unsure = [], []

    def run(self):
        try:
            client = Client(self.address)
            while True:
                tx = self.next
                self.next += 1
                self.unsure.append(tx)
                if tx % 4 == 1:
                    client.query(ONE, tx=tx, writer=self.number)
                elif tx % 4 == 3:
                    self.pipeline(client, tx)
                else:
                    client.ask(Client.BEGIN, {})
                    for query in ("CREATE (:Part {tx: $tx})", "CREATE (:Part {tx: $tx})-[:NEXT {tx: $tx}]->(:Part {tx: $tx})",
                                  "MATCH (p:Part {tx: $tx}) WITH p LIMIT 1 CREATE (p)-[:NEXT {tx: $tx}]->(p)",
                                  "MATCH (k:Counter {id: $writer}) SET k.n = k.n + 1"):
                        client.ask(Client.RUN, query, {"tx": tx, "writer": self.number}, {})
                        client.ask(Client.PULL, {"n": -1})
                    client.ask(Client.COMMIT)
                self.unsure.remove(tx)
                self.sure.append(tx)
        except (Closed, OSError):
            pass

    def pipeline(self, client, tx):
        """Several at once, which may share a commit; each is sure as soon as it is answered."""
        several = [tx, *range(self.next, self.next + 5)]
        self.next += 5
        self.unsure += several[1:]
        client.raw(b"".join(chunked(message(Client.RUN, ONE, {"tx": each, "writer": self.number}, {})) +
                            chunked(message(Client.PULL, {"n": -1})) for each in several))
        for each in several:
            client.summary()
            client.summary()
            if each != tx:
                self.unsure.remove(each)
                self.sure.append(each)


def check(address, sure, maybe):
    client = Client(address)
    nodes = dict(client.query("MATCH (p:Part) RETURN p.tx, count(*)"))
    edges = dict(client.query("MATCH (:Part)-[r:NEXT]->(:Part) RETURN r.tx, count(*)"))
    lost = [tx for tx in sure if nodes.get(tx) != 3 or edges.get(tx) != 2]
    assert not lost, f"answered but not there, or there in part: {lost[:5]}"
    for tx in maybe:
        assert (nodes.get(tx), edges.get(tx)) in ((3, 2), (None, None)), f"transaction {tx} is there in part"
    strange = set(nodes) - set(sure) - set(maybe)
    assert not strange, f"never asked for: {list(strange)[:5]}"
    raised = client.query("MATCH (k:Counter) RETURN sum(k.n)")[0][0]
    assert raised == len(nodes), f"{len(nodes)} transactions, but the counters say {raised}"
    counts = client.query("MATCH (p:Part) RETURN count(*)")[0][0], client.query("MATCH ()-[r:NEXT]->() RETURN count(r)")[0][0]
    assert counts == (3 * len(nodes), 2 * len(nodes)), f"kept counts {counts} differ from what is there"
    client.close()
    return {tx for tx in maybe if tx in nodes}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("binary")
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--writers", type=int, default=4)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    options = parser.parse_args()
    serving.BINARY = options.binary
    print("seed", options.seed, flush=True)
    chance = random.Random(options.seed)
    sure, next_tx = set(), 0
    with tempfile.TemporaryDirectory(prefix="packhouse-crash-") as data:
        start = functools.partial(serving.Serving, data=data, http=False, log_level="warn")
        server = start()
        client = server.client()
        for number in range(options.writers):
            client.query("CREATE (:Counter {id: $id, n: 0})", id=number)
        client.query("CREATE INDEX part_tx FOR (p:Part) ON (p.tx)")
        for round_ in range(options.rounds):
            writers = [Writer(server.address, n, next_tx + n * 1_000_000) for n in range(options.writers)]
            for w in writers:
                w.start()
            time.sleep(chance.uniform(0.02, 0.5))  # the moment of the crash: any will do
            server.crash()
            for w in writers:
                w.join()
            sure |= {tx for w in writers for tx in w.sure}
            maybe = {tx for w in writers for tx in w.unsure}
            server = start()
            sure |= check(server.address, sure, maybe)
            next_tx += options.writers * 1_000_000
            print(f"round {round_ + 1}: {len(sure)} transactions, all there", flush=True)
        server.__exit__(None)


if __name__ == "__main__":
    main()
