"""The load generator ../shared/bench/boltload: one run of it."""
import json
import subprocess


def boltload(program, address, query, parameters, connections, depth, seconds, pid=None):
    """What it found, as it says it ("rps", "cpu_us" with the server's `pid`, …); requests that fail end the program."""
    command = [program, "--uri", "bolt://%s:%d" % address, "--query", query, "--params", parameters, "--conns", str(connections), "--depth", str(depth),
               "--seconds", str(seconds), "--warmup", "0.2", "--json"] + (["--pid", str(pid)] if pid else [])
    found = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    if found["failed"] or found["bad"]:
        raise SystemExit(f"{query}: {found}")
    return found
