#!/usr/bin/env python3
"""What objects cost through one Bolt connection: a stream of 1 GiB in and out with the server's extra memory, objects saved and
loaded a second, room on disk with equal contents.   object_bench.py BINARY_FOLDER [size of the stream in MiB]
`tools/bench objects` calls it. Stores are made in PACKHOUSE_BENCH_FOLDER (a real disk: commits are synced)."""
import hashlib
import os
import pathlib
import random
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/support"))
import serving  # noqa: E402
from bolt import Client, chunked, message  # noqa: E402

MIB = 1 << 20
PIECE = MIB
FOLDER = os.environ.get("PACKHOUSE_BENCH_FOLDER", str(ROOT / "build"))


class Server(serving.Serving):
    def anonymous(self):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("RssAnon"):
                return int(line.split()[1]) / 1024
        raise RuntimeError("no RssAnon")

    def disk(self):
        return sum(f.stat().st_blocks * 512 for f in pathlib.Path(self.data).rglob("*") if f.is_file()) / MIB


def row(what, figure, unit, beside=""):
    print(f"{what:<52} {figure:>10,.1f} {unit:<8} {beside}", flush=True)


def run(query, **parameters):
    return chunked(message(Client.RUN, query, parameters, {})) + chunked(message(Client.PULL, {"n": -1}))


def cpu(server):
    fields = pathlib.Path(f"/proc/{server.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def stream_in(server, client, pieces, total):
    client.ask(Client.BEGIN, {})
    object_id = client.query("CALL object.create('packhouse.map') YIELD id RETURN id")[0][0]
    requests = [run("CALL object.append($id, 'data', $piece) YIELD size RETURN size", id=object_id, piece=p) for p in pieces]
    idle, most, began, busy = server.anonymous(), 0, time.perf_counter(), cpu(server)
    for i in range(total):
        client.raw(requests[i % len(requests)])
        client.summary(), client.summary()
        if i % 16 == 0:
            most = max(most, server.anonymous() - idle)
    client.raw(run("CALL object.finish($id, {}, {sizes: {data: $size}})", id=object_id, size=total * PIECE))
    client.summary(), client.summary()
    client.ask(Client.COMMIT)
    took = time.perf_counter() - began
    row(f"{total} MiB in, in pieces of 1 MiB, committed", total / took * MIB / 1e6, "MB/s",
        f"{cpu(server) - busy:.1f} s of CPU; {max(most, server.anonymous() - idle):.1f} MiB more anonymous memory")
    return object_id


def drain(client, each):
    """Reads an answer without keeping it; the bytes that came. `each` is called now and then."""
    size, tail, calls = 0, b"", 0
    while b"t_last" not in tail:  # of the summary
        data = client.socket.recv(4 * MIB)
        assert data and b"Neo.ClientError" not in data[-2048:] and b"Neo.DatabaseError" not in data[-2048:], data[-2048:]
        size += len(data)
        tail = (tail + data)[-2048:]
        calls += 1
        if calls % 64 == 0:
            each()
    return size


def rows_of(client):
    """The rows of a RUN and a PULL that were sent."""
    client.summary()
    rows = []
    while True:
        answer = client.receive()
        if answer[0] != client.RECORD:
            assert answer[0] == client.SUCCESS, answer
            return rows
        rows.append(answer[1])


def stream_out(server, client, object_id, total):
    idle, busy, most, began = server.anonymous(), cpu(server), [0.0], time.perf_counter()

    def each():
        most[0] = max(most[0], server.anonymous() - idle)

    client.raw(run("CALL object.open($id, 'data') YIELD item RETURN item", id=object_id))
    size = drain(client, each)
    took = time.perf_counter() - began
    assert size > total * PIECE, size
    row(f"{total} MiB out, pulled at once", total / took * MIB / 1e6, "MB/s",
        f"{cpu(server) - busy:.1f} s of CPU; {most[0]:.1f} MiB more anonymous memory")


def stream(total):
    with Server(data=tempfile.mkdtemp(dir=FOLDER), http=False, log_level="warn") as server:
        server.owns_data = True
        client = server.client(timeout=600)
        client.query("RETURN 1")
        r = random.Random(1)
        pieces = [r.randbytes(PIECE - 8) + i.to_bytes(8, "little") for i in range(17)]
        object_id = stream_in(server, client, pieces, total)
        once = server.disk()
        stream_out(server, client, object_id, total)
        row("on disk", once, "MiB")
        stream_in(server, client, pieces, total)
        row("on disk with a second object of the same content", server.disk(), "MiB", "written before its digest was known, then dropped")
        stream_in(server, client, pieces, total)
        row("… and a third", server.disk(), "MiB")


def objects(count=20_000, batch=1_000):
    with Server(data=tempfile.mkdtemp(dir=FOLDER), http=False, log_level="warn") as server:
        server.owns_data = True
        client = server.client(timeout=600)
        value = {f"field_{i}": (i if i % 2 else f"text of field {i}") for i in range(10)}
        batches = [run("CALL object.saveMany('packhouse.map', $values) YIELD id RETURN id",
                       values=[{**value, "number": at + i} for i in range(batch)]) for at in range(0, count, batch)]
        began, ids = time.perf_counter(), []
        for b in batches:
            client.raw(b)
            ids += [r[0] for r in rows_of(client)]
        row("objects of 10 fields saved, 1,000 a transaction", count / (time.perf_counter() - began), "/s")
        one = run("CALL object.save('packhouse.map', $value) YIELD id RETURN id", value=value)
        began = time.perf_counter()
        for _ in range(500):
            client.raw(one)
            client.summary(), client.summary()
        row("objects of 10 fields saved, one a transaction", 500 / (time.perf_counter() - began), "/s", "each waits for the disk")
        loads = [run("UNWIND $ids AS id CALL object.load(id) YIELD value RETURN value", ids=ids[at:at + batch]) for at in range(0, count, batch)]
        began = time.perf_counter()
        for b in loads:
            client.raw(b)
            client.summary(), client.summary()
        row("objects loaded, 1,000 a request", count / (time.perf_counter() - began), "/s")
        singles = [run("CALL object.load($id) YIELD value RETURN value", id=i) for i in ids[:5000]]
        began = time.perf_counter()
        for b in singles:
            client.raw(b)
            client.summary(), client.summary()
        row("objects loaded, one a request", len(singles) / (time.perf_counter() - began), "/s")


def duplicates(count=2_000, size=100_000):
    for distinct in (count, 10):
        with Server(data=tempfile.mkdtemp(dir=FOLDER), http=False, log_level="warn") as server:
            server.owns_data = True
            client = server.client(timeout=600)
            r = random.Random(2)
            contents = [r.randbytes(size) for _ in range(distinct)] if distinct < count else None
            for at in range(0, count, 100):
                values = [{"data": contents[(at + i) % distinct] if contents else r.randbytes(size)} for i in range(100)]
                client.raw(run("CALL object.saveMany('packhouse.map', $values) YIELD id RETURN count(id)", values=values))
                client.summary(), client.summary()
            row(f"{count:,} objects of 100 kB, {distinct:,} different contents: on disk", server.disk(), "MiB", f"{count * size / MIB:.0f} MiB saved")


if __name__ == "__main__":
    serving.BINARY = os.path.join(sys.argv[1], "packhouse")
    stream(int(sys.argv[2]) if len(sys.argv) > 2 else 1024)
    objects()
    duplicates()
