"""Starts the real binary on free ports and a folder of its own."""
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile


class Server:
    def __init__(self, *options: str, data: str | None = None, environment: dict[str, str] | None = None, stderr=None,
                 log_level: str = "warn"):
        self.options = options
        self.environment = {**os.environ, **(environment or {})}
        self.stderr = stderr
        self.log_level = log_level
        self.own_folder = data is None
        self.data = data or tempfile.mkdtemp(prefix="packhouse-")
        self.process: subprocess.Popen | None = None
        self.uri = ""

    def start(self) -> "Server":
        command = [os.environ["SERVER_BINARY"], "serve", "--data", self.data, "--bolt", "127.0.0.1:0", "--http", "off",
                   "--log-level", self.log_level, *self.options]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.stderr, text=True,
                                        env=self.environment)
        line = self.process.stdout.readline()
        if not line.startswith("ready bolt://"):
            raise RuntimeError(f"the server did not start: {line!r}, exit code {self.process.wait()}")
        self.uri = line.split()[1]
        return self

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def memory_mb(self) -> float:
        for line in pathlib.Path(f"/proc/{self.process.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
        raise RuntimeError("no VmRSS")

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        if self.process and self.process.poll() is None:
            code = self.stop()
            assert code == 0, f"exit code {code}"
        if self.own_folder:
            shutil.rmtree(self.data, ignore_errors=True)
