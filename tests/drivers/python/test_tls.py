"""TLS on the Bolt port, with every URI scheme of the driver, and what happens to those who do without it."""
import pathlib
import signal
import ssl
import subprocess
import sys
import tempfile

import neo4j
import pytest
from neo4j.exceptions import ServiceUnavailable

from conftest import one
from server import Server

sys.path.append(str(pathlib.Path(__file__).parents[2] / "support"))
import bolt  # noqa: E402
import transports  # noqa: E402


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return transports.make_certificate(tmp_path_factory.mktemp("tls"))


def options(files, level="optional"):
    return ("--tls", level, "--tls-certificate", files[0], "--tls-key", files[1])


@pytest.fixture(scope="module")
def optional(files):
    with Server(*options(files)) as running:
        yield running


@pytest.fixture(scope="module")
def required(files):
    with Server(*options(files, "REQUIRED")) as running:
        yield running


@pytest.mark.parametrize("scheme", ["bolt", "neo4j", "bolt+s", "bolt+ssc", "neo4j+s", "neo4j+ssc"])
def test_schemes(optional, files, scheme, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", files[2])  # the machine's authorities, for the schemes that check
    with neo4j.GraphDatabase.driver(optional.uri.replace("bolt", scheme, 1)) as driver:
        assert one(driver, "RETURN 1 AS x")["x"] == 1
        big = bytes(range(256)) * 20_000
        assert one(driver, "RETURN $b AS b", b=big)["b"] == big
        records, _, _ = driver.execute_query("UNWIND range(1, 100000) AS i RETURN i, 'some text that fills records' AS t")
        assert [r["i"] for r in records] == list(range(1, 100_001))


def test_an_unknown_authority_is_refused_by_the_driver(optional):
    with neo4j.GraphDatabase.driver(optional.uri.replace("bolt", "bolt+s", 1)) as driver:
        with pytest.raises(ServiceUnavailable):
            driver.verify_connectivity()


def test_a_given_authority(optional, files):
    trusted = neo4j.TrustCustomCAs(files[2])
    with neo4j.GraphDatabase.driver(optional.uri, encrypted=True, trusted_certificates=trusted) as driver:
        assert one(driver, "RETURN 1 AS x")["x"] == 1


def test_required_refuses_plain_clients(required):
    with neo4j.GraphDatabase.driver(required.uri.replace("bolt", "neo4j+ssc", 1)) as driver:
        assert one(driver, "RETURN 1 AS x")["x"] == 1
    with neo4j.GraphDatabase.driver(required.uri) as driver:
        with pytest.raises(ServiceUnavailable):
            driver.verify_connectivity()
    with pytest.raises((bolt.Closed, ConnectionError)):
        bolt.Client(bolt.address_of(required.uri))
    plain = transports.connect(bolt.address_of(required.uri))
    plain.sendall(b"GET / HTTP/1.1\r\n\r\n")
    answer = b""
    while part := plain.recv(4096):
        answer += part
    assert answer.startswith(b"HTTP/1.1 400 ") and b"TLS" in answer


def test_off_says_so_to_tls_clients(server):
    with pytest.raises(ssl.SSLError) as error:
        transports.connect(bolt.address_of(server.uri), "tls")
    assert "HANDSHAKE_FAILURE" in str(error.value).upper().replace(" ", "_")


def served_certificate(server):
    """The certificate a new connection is shown."""
    connected = transports.connect(bolt.address_of(server.uri), "tls")
    with connected:
        return connected.getpeercert(binary_form=True)


def test_sighup_reads_the_certificate_again(tmp_path):
    files = transports.make_certificate(tmp_path)
    with tempfile.NamedTemporaryFile("w+") as log, Server(*options(files), log_level="info", stderr=log) as running:
        def hang_up_until(words):
            running.process.send_signal(signal.SIGHUP)
            while words not in pathlib.Path(log.name).read_text():
                assert running.process.poll() is None

        before = served_certificate(running)
        with neo4j.GraphDatabase.driver(running.uri.replace("bolt", "bolt+ssc", 1)) as driver:
            assert one(driver, "RETURN 1 AS x")["x"] == 1
            transports.make_certificate(tmp_path)
            hang_up_until("were read again")
            assert one(driver, "RETURN 2 AS x")["x"] == 2  # open connections stay
        renewed = served_certificate(running)
        assert renewed != before
        other_key = transports.make_certificate(tmp_path, "other")[1]
        pathlib.Path(files[1]).write_bytes(pathlib.Path(other_key).read_bytes())
        hang_up_until("stay as they were")
        assert f"setting tls_key: {files[1]}" in pathlib.Path(log.name).read_text()
        assert served_certificate(running) == renewed


@pytest.mark.parametrize("change,words", [
    (lambda c, k: ("/nowhere/c.pem", k), ["tls_certificate", "/nowhere/c.pem", "No such file"]),
    (lambda c, k: (c, "/nowhere/k.pem"), ["tls_key", "/nowhere/k.pem", "No such file"]),
    (lambda c, k: (k, k), ["tls_certificate", "no certificate"]),
    (lambda c, k: (c, c), ["tls_key", "no key"]),
    (lambda c, k: (c, "/dev/null"), ["tls_key", "/dev/null", "empty"]),
    (lambda c, k: (c, k.replace("server", "other")), ["tls_key", "other.key", "belongs to"]),
    (lambda c, k: (c, k.replace("server", "secret")), ["tls_key", "secret.key", "passphrase"]),
    (lambda c, k: (c, ""), ["tls_key"]),
])
def test_a_bad_file_is_named_when_starting(tmp_path, change, words):
    certificate, key, _ = transports.make_certificate(tmp_path)
    transports.make_certificate(tmp_path, "other")
    subprocess.run(["openssl", "pkcs8", "-topk8", "-in", key, "-out", tmp_path / "secret.key", "-passout", "pass:word"], check=True)
    with tempfile.TemporaryFile("w+") as log:
        server = Server(*options(change(certificate, key)), stderr=log)
        with pytest.raises(RuntimeError):
            server.start()
        log.seek(0)
        text = log.read()
        assert all(word in text for word in words), text
