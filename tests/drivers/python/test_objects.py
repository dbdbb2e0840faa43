"""Objects through a real driver: streams of any size in and out, and clients that vanish in the middle."""
import hashlib
import os
import pathlib

import neo4j
import pytest
from neo4j.exceptions import ClientError

from conftest import one
from server import Server

MIB = 1 << 20
SIZE, PIECE = 64 * MIB, MIB


def anonymous_memory(server) -> int:
    """Bytes that the server's process holds besides mapped files."""
    for line in pathlib.Path(f"/proc/{server.process.pid}/status").read_text().splitlines():
        if line.startswith("RssAnon"):
            return int(line.split()[1]) * 1024
    raise RuntimeError("no RssAnon")


def pieces(seed: int):
    for i in range(SIZE // PIECE):
        yield hashlib.sha256(f"{seed} {i}".encode()).digest() * (PIECE // 32)


def write_stream(tx, seed: int, peak=lambda: None):
    object_id = tx.run("CALL object.create('packhouse.map', {tags: {kind: 'video'}}) YIELD id").single()["id"]
    digest = hashlib.sha256()
    for piece in pieces(seed):
        digest.update(piece)
        tx.run("CALL object.append($id, 'video', $piece)", id=object_id, piece=piece).consume()
        peak()
    tx.run("CALL object.finish($id, {title: 'film'}, {sizes: {video: $size}, hashes: {video: $hash}})",
           id=object_id, size=SIZE, hash=digest.hexdigest()).consume()
    return object_id, digest.hexdigest()


def test_a_stream_goes_in_and_out_with_little_memory():
    with Server() as server, neo4j.GraphDatabase.driver(server.uri) as driver:
        driver.execute_query("RETURN 1")
        before, seen = anonymous_memory(server), [0]

        def peak():
            seen[0] = max(seen[0], anonymous_memory(server) - before)

        with driver.session(fetch_size=50) as session:
            with session.begin_transaction() as tx:
                object_id, digest = write_stream(tx, 1, peak)
                tx.commit()
            read, size = hashlib.sha256(), 0
            for record in session.run("CALL object.open($id, 'video') YIELD item RETURN item", id=object_id):
                read.update(record["item"])
                size += len(record["item"])
                if size % (8 * MIB) < 65_536:
                    peak()
        assert size == SIZE
        assert read.hexdigest() == digest
        assert seen[0] < 48 * MIB, f"{seen[0] / MIB:.1f} MiB"
        described = driver.execute_query("CALL object.describe($id) YIELD content, size, hash RETURN *", id=object_id)[0]
        assert [(r["content"], r["size"], r["hash"]) for r in described if r["content"] != "body"] == [("ref/video", SIZE, digest)]


def test_the_same_stream_twice_takes_the_room_of_one():
    with Server() as server, neo4j.GraphDatabase.driver(server.uri) as driver, driver.session() as session:
        def used():
            return os.stat(pathlib.Path(server.data) / "data.mdb").st_blocks * 512

        ids = []
        for _ in range(2):
            with session.begin_transaction() as tx:
                ids.append(write_stream(tx, 2)[0])
                tx.commit()
        assert [one(driver, "CALL object.verify($id) YIELD ok WHERE NOT ok RETURN count(*) AS n", id=i)["n"] for i in ids] == [0, 0]
        one(driver, "CALL object.delete($id) YIELD deleted", id=ids[0])
        assert one(driver, "CALL object.verify($id) YIELD content, ok WHERE content = 'ref/video' RETURN ok", id=ids[1])["ok"]
        assert used() < 2.6 * SIZE  # the second one was written before its digest was known


def test_a_client_that_vanishes_leaves_nothing():
    with Server() as server:
        with neo4j.GraphDatabase.driver(server.uri) as driver:
            session = driver.session()
            tx = session.begin_transaction()
            object_id = tx.run("CALL object.create('packhouse.map') YIELD id").single()["id"]
            for piece, _ in zip(pieces(3), range(10)):
                tx.run("CALL object.append($id, 'video', $piece)", id=object_id, piece=piece).consume()
            # The connection is cut, as when the process dies: no ROLLBACK, no GOODBYE.
            tx._connection.kill()
        with neo4j.GraphDatabase.driver(server.uri) as driver:
            assert one(driver, "CALL object.list() YIELD id RETURN count(*) AS n")["n"] == 0
            assert one(driver, "CALL object.gc({untouchedFor: 0}) YIELD removed")["removed"] == 0
        server.kill()
        server.start()
        with neo4j.GraphDatabase.driver(server.uri) as driver:
            assert one(driver, "CALL object.list() YIELD id RETURN count(*) AS n")["n"] == 0
            assert one(driver, "CALL object.gc({untouchedFor: 0}) YIELD removed")["removed"] == 0


def test_objects_belong_to_the_transaction(driver):
    with driver.session() as session:
        with session.begin_transaction() as tx:
            object_id = tx.run("CALL object.save('packhouse.map', {a: 1}) YIELD id CREATE (:Holder {object: id}) RETURN id").single()["id"]
            assert tx.run("CALL object.load($id) YIELD value", id=object_id).single()["value"] == {"a": 1}
            tx.rollback()
        with pytest.raises(ClientError, match="There is no object"):
            session.run("CALL object.load($id)", id=object_id).consume()


def test_values_come_back_as_they_were(driver):
    value = {"n": 1, "photo": bytes(range(256)) * 400, "when": neo4j.time.Date(2024, 2, 29), "text": "é" * 3000,
             "list": list(range(5000)), "map": {"nested": [None, True, 1.5]}}
    record = one(driver, "CALL object.save('packhouse.map', $value) YIELD id, contents RETURN id, contents", value=value)
    assert record["contents"] == 4
    loaded = one(driver, "CALL object.load($id) YIELD value, notes RETURN value, notes", id=record["id"])
    assert loaded["value"] == value
    assert loaded["notes"] == []


def test_files_of_the_object_folder():
    with Server() as server, neo4j.GraphDatabase.driver(server.uri) as driver:
        object_id = one(driver, "CALL object.save('packhouse.value', {a: 1}, {storage: 'packhouse.folder@v1'}) YIELD id")["id"]
        file = pathlib.Path(server.data) / "objects/015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862.json"
        assert file.read_text() == '{"a":1}'
        file.write_text('{"a":2}')
        with pytest.raises(neo4j.exceptions.DatabaseError, match="its bytes have changed"):
            driver.execute_query("CALL object.load($id)", id=object_id)
        assert not one(driver, "CALL object.verify($id) YIELD ok", id=object_id)["ok"]
