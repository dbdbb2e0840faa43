"""ask.py URI PID: writes and reads through the server of a container, then stops it. PID: who started the container."""
import os
import pathlib
import signal
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parents[1] / "support"))
import bolt  # noqa: E402


def parent(pid: int) -> int:
    return int(pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[1])


def below(pid: int, ancestor: int) -> bool:
    while pid > 1:
        if pid == ancestor:
            return True
        pid = parent(pid)
    return False


def server_below(ancestor: int) -> int:
    for comm in pathlib.Path("/proc").glob("[0-9]*/comm"):
        try:
            pid = int(comm.parent.name)
            if comm.read_text().strip() == "packhouse" and below(pid, ancestor):
                return pid
        except FileNotFoundError:
            continue  # ended meanwhile
    raise SystemExit("no packhouse runs in the container")


client = bolt.Client(bolt.address_of(sys.argv[1]))
client.query("CREATE (:Container {made: $made})", made=1)
assert client.query("MATCH (c:Container) RETURN c.made") == [[1]]
client.close()
os.kill(server_below(int(sys.argv[2])), signal.SIGTERM)
