#!/usr/bin/env python3
"""What connections cost: memory of idle ones, speed of busy ones beside them and beside a bare echo, logins.
net.py BINARIES BOLTLOAD [part…]; parts: idle, busy, echo, transports, login. `tools/bench net` calls it."""
import os
import pathlib
import re
import resource
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests/support"))
import serving  # noqa: E402
from boltload import boltload  # noqa: E402
from serving import Serving  # noqa: E402
from transports import TRANSPORTS, tls_options  # noqa: E402

BINARIES, LOAD = pathlib.Path(sys.argv[1]), sys.argv[2]
serving.BINARY = str(BINARIES / "packhouse")
SECONDS = os.environ.get("PACKHOUSE_BENCH_SECONDS", "1")
REPEAT = int(os.environ.get("PACKHOUSE_BENCH_REPEAT", "3"))
PASSWORD = "a-long-password"
RETURN_1 = ("RETURN 1 AS x", "{}")
POINT = ("MATCH (n:User {id:$id}) RETURN n.age AS age", '{"id":{"$rand":[1,10000]}}')


def row(what, figure, unit, beside=""):
    print(f"{what:<58} {figure:>12,.1f} {unit:<6} {beside}", flush=True)


def load(address, work, connections, depth, pid):
    """(requests a second, microseconds of processor a request costs the server)"""
    found = boltload(LOAD, address, *work, connections, depth, SECONDS, pid)
    return found["rps"], found["cpu_us"]


def best(runs):
    """The best rate and the least processor time of some runs: other people's work only adds to both."""
    return max(r for r, _ in runs), min(c for _, c in runs)


def fill(server):
    client = server.client()
    client.query("CREATE INDEX IF NOT EXISTS FOR (u:User) ON (u.id)")
    client.query("UNWIND range(1, 10000) AS i CREATE (:User {id: i, age: i % 80})")
    client.close()


def idle(folder):
    for transport in TRANSPORTS:
        with Serving(*tls_options(folder), "--login-timeout-s", "600", http=False) as server:
            server.client(transport=transport).close()
            before, clients = server.memory_kb(), []
            for count in (2_000, 10_000):
                while len(clients) < count:
                    clients.append(server.client(transport=transport))
                row(f"memory of an idle connection, {count:,} over {transport}", (server.memory_kb() - before) / count, "KiB")
            for c in clients:
                c.close()


def busy(folder):
    with Serving(http=False) as server:
        fill(server)
        for name, work in (("RETURN 1", RETURN_1), ("point read", POINT)):
            for depth in (1, 8):
                alone, alone_cpu = best([load(server.address, work, 8, depth, server.process.pid) for _ in range(REPEAT)])
                clients = [server.client() for _ in range(10_000)]
                beside, cpu = best([load(server.address, work, 8, depth, server.process.pid) for _ in range(REPEAT)])
                for c in clients:
                    c.close()
                row(f"{name}, 8 connections x {depth}, 10,000 idle beside", beside, "/s", f"alone {alone:,.0f}; CPU {cpu:.2f} us, alone {alone_cpu:.2f}")


def echo(folder):
    bare = subprocess.Popen([BINARIES / "bench_echo", "0"], stdout=subprocess.PIPE, text=True)
    try:
        there = ("127.0.0.1", int(re.search(r":(\d+)", bare.stdout.readline())[1]))
        with Serving(http=False) as server:
            fill(server)
            for name, work in (("RETURN 1", RETURN_1), ("point read", POINT)):
                for connections in (1, 8, 64):
                    for depth in (1, 8):
                        pairs = [(load(server.address, work, connections, depth, server.process.pid), load(there, work, connections, depth, bare.pid))
                                 for _ in range(REPEAT)]
                        (ours, cpu), (theirs, echo_cpu) = (best([p[i] for p in pairs]) for i in (0, 1))
                        row(f"{name}, {connections} connections x {depth}", ours, "/s",
                            f"echo {theirs:,.0f}: {ours / theirs:.0%}; CPU {cpu:.2f} us, echo {echo_cpu:.2f}: {echo_cpu / cpu:.0%}")
    finally:
        bare.kill()
        bare.wait()


def transports(folder):
    """By a client in Python, which is most of the time: figures beside each other, not rates of the server."""
    with Serving(*tls_options(folder), http=False) as server:
        for transport in TRANSPORTS:
            began, n = time.perf_counter(), 300
            for _ in range(n):
                server.client(transport=transport).close()
            connects = n / (time.perf_counter() - began)
            client = server.client(transport=transport)
            began, n, cpu = time.perf_counter(), 4_000, cpu_seconds(server)
            for _ in range(n):
                client.query("RETURN 1 AS x")
            cpu = cpu_seconds(server) - cpu
            row(f"connections opened one after the other over {transport}", connects, "/s", f"RETURN 1: {1e6 * cpu / n:.1f} us CPU of the server")
            client.close()


def cpu_seconds(server):
    fields = pathlib.Path(f"/proc/{server.process.pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def login(folder):
    def basic(user):
        return {"scheme": "basic", "principal": user, "credentials": PASSWORD}

    with Serving(http=False, environment={"NEO4J_AUTH": f"neo4j/{PASSWORD}"}) as server:
        admin = server.client(auth=basic("neo4j"))
        users = [f"user{i}" for i in range(64)]
        for user in users:
            admin.query(f"CREATE USER {user} SET PASSWORD '{PASSWORD}' CHANGE NOT REQUIRED")

        def rate(names, threads):
            parts = [names[i::threads] for i in range(threads)]

            def work(mine):
                for name in mine:
                    server.client(auth=basic(name)).close()

            running = [threading.Thread(target=work, args=(p,)) for p in parts]
            began = time.perf_counter()
            for t in running:
                t.start()
            for t in running:
                t.join()
            return len(names) / (time.perf_counter() - began)

        row("first logins (Argon2id: 19 MiB, 2 passes, 1 lane), 8 at a time", rate(users, 8), "/s")
        row("later logins with the same passwords, 1 at a time", rate(users * 8, 1), "/s")
        admin.close()


PARTS = {"idle": idle, "busy": busy, "echo": echo, "transports": transports, "login": login}

if __name__ == "__main__":
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    for part in sys.argv[3:] or PARTS:
        with tempfile.TemporaryDirectory() as certificates:
            PARTS[part](certificates)
