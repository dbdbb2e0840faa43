"""The real binary on free ports and a folder of its own, for tests without a driver."""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.request

from bolt import Client, address_of

BINARY = os.environ.get("SERVER_BINARY")


def take_binary():
    """The test's first argument is the binary."""
    global BINARY
    BINARY = sys.argv.pop(1)


class NotStarted(RuntimeError):
    """The server ended before it was ready; the text is what it wrote to stderr."""

    def __init__(self, log, code, output):
        super().__init__(log)
        self.code, self.output = code, output


class Serving:
    """`with Serving("--tls", ...) as s`: s.address is Bolt's, s.http(path) asks the HTTP port, s.log is what it wrote to stderr.
    A folder that is given stays; without one it has one of its own."""

    def __init__(self, *options, data=None, bolt="127.0.0.1:0", http=True, log_level="info", environment=None, **process):
        self.data = data or tempfile.mkdtemp(prefix="packhouse-test-")
        self.owns_data = data is None
        port = self.free_port() if http else None
        self.http_address = f"127.0.0.1:{port}" if http else "off"
        self.log = ""
        self.process = subprocess.Popen(
            [BINARY, "serve", "--data", self.data, "--bolt", bolt, "--http", self.http_address, "--log-level", log_level, *options],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **(environment or {})}, **process)
        self.reader = threading.Thread(target=self._read_log, daemon=True)
        self.reader.start()
        line = self.process.stdout.readline()
        if not line.startswith("ready "):
            self.process.wait()
            self.clean_up()
            raise NotStarted(self.log, self.process.returncode, line)
        self.address = address_of(line.split()[1])

    @staticmethod
    def free_port():
        import socket
        with socket.socket() as s:
            s.bind(("127.0.0.1", 0))
            return s.getsockname()[1]

    def _read_log(self):
        for line in self.process.stderr:
            self.log += line

    def client(self, **options):
        return Client(self.address, **options)

    def http(self, path, timeout=10):
        """(status, content type, text)"""
        try:
            with urllib.request.urlopen(f"http://{self.http_address}{path}", timeout=timeout) as answer:
                return answer.status, answer.headers["Content-Type"], answer.read().decode()
        except urllib.error.HTTPError as e:
            return e.code, e.headers["Content-Type"], e.read().decode()

    def memory_kb(self):
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1])
        raise RuntimeError("no VmRSS")

    def threads(self):
        return len(os.listdir(f"/proc/{self.process.pid}/task"))

    def open_files(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def stop(self):
        self.process.terminate()
        code = self.process.wait(timeout=60)
        self.reader.join()
        return code

    def crash(self):
        """Kills it, with no chance to tidy up."""
        self.process.kill()
        self.process.wait()
        self.clean_up()

    def clean_up(self):
        self.reader.join()
        self.process.stdout.close()
        self.process.stderr.close()
        if self.owns_data:
            shutil.rmtree(self.data, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        code = self.process.poll()
        if code is None:
            code = self.stop()
        self.clean_up()
        if kind is None:
            assert code == 0, f"exit code {code}\n{self.log}"
