import json
import random

import neo4j
import pytest
from neo4j.exceptions import ClientError

from conftest import one
from server import Server

ADULT = {"type": "mapUnordered", "fieldNames": ["age"], "schema": [{"type": "int32", "min": 18, "max": 99}]}
# The source document's frames, as the Go module writes them.
FIRST = bytes.fromhex("51 00 15 00 1E 00 2E 00 38 00 2A 00 01 67 6F AA BB")
TUPLES = bytes.fromhex("34 00 7C 00 E0 00 41 00 25 00 2E 00 38 00 E9 07 00 00 00 61 7A 41 00 15 00 1E 00 28 00 07 00 01 67 6F")


def test_frames_of_the_go_module(driver):
    assert one(driver, "RETURN packos.decode($b) AS v", b=FIRST)["v"] == [42, True, "go", b"\xaa\xbb"]
    chain = {"type": "chain", "fieldNames": ["first", "second"], "schema": [
        {"type": "tuple", "fieldNames": ["year", "flag", "code"], "schema": [{"type": "int32"}, {"type": "bool"}, {"type": "string", "width": 2}]},
        {"type": "tuple", "fieldNames": ["num", "flag", "lang"], "schema": [{"type": "int16"}, {"type": "bool"}, {"type": "string", "width": 2}]}]}
    value = {"first": {"year": 2025, "flag": False, "code": "az"}, "second": {"num": 7, "flag": True, "lang": "go"}}
    record = one(driver, "RETURN packos.decode($b, $s) AS v, packos.encode($v, $s) AS b, packos.get($b, '[1][2]') AS lang",
                 b=TUPLES, s=chain, v=value)
    assert record["v"] == value and record["b"] == TUPLES and record["lang"] == "go"
    assert one(driver, "RETURN packos.validate($b, $s) AS ok", b=TUPLES, s=json.dumps(chain))["ok"] is True


def test_bad_bytes_are_errors_with_a_position(driver):
    for bad, words in ((b"", "insufficient header"), (TUPLES[:-1], "byte 33"), (bytes([0x31, 0, 0x17, 0xFF, 0xFF, 0xFF]), "byte"),
                       (bytes.fromhex("0A00 0000 00"), "insufficient header")):
        with pytest.raises(ClientError) as error:
            driver.execute_query("RETURN packos.decode($b)", b=bad)
        assert error.value.code == "Neo.ClientError.Statement.ArgumentError"
        assert words in error.value.message, error.value.message
    bomb = bytearray()  # a tuple in a tuple in a tuple …
    for _ in range(1500):
        bomb = bytearray([0x24, 0]) + ((len(bomb) << 3).to_bytes(2, "little")) + bomb
    with pytest.raises(ClientError, match="levels of nesting"):
        driver.execute_query("RETURN packos.decode($b)", b=bytes(bomb))


def test_any_change_of_a_byte_is_answered(driver):
    rng = random.Random(7)
    with driver.session() as session:
        for _ in range(300):
            b = bytearray(TUPLES)
            for _ in range(rng.randint(1, 3)):
                b[rng.randrange(len(b))] = rng.randrange(256)
            try:
                session.run("RETURN packos.decode($b)", b=bytes(b)).consume()
            except ClientError as error:
                assert error.code == "Neo.ClientError.Statement.ArgumentError"
        assert session.run("RETURN 1 AS x").single()["x"] == 1


def test_schemas_are_enforced_rolled_back_and_kept():
    with Server() as server:
        with neo4j.GraphDatabase.driver(server.uri) as driver:
            with driver.session() as session, session.begin_transaction() as tx:
                tx.run("CALL packos.schema.set('Person', $s)", s=json.dumps(ADULT)).consume()
                tx.rollback()
            driver.execute_query("CREATE (:Person {age: 1})")
            driver.execute_query("MATCH (n) DELETE n")
            driver.execute_query("CALL packos.schema.set('Person', $s)", s=ADULT)
            driver.execute_query("CALL packos.schema.set('[:KNOWS]', $s)", s=ADULT)
        server.kill()
        server.start()
        with neo4j.GraphDatabase.driver(server.uri) as driver:
            listed = driver.execute_query("CALL packos.schema.list()")[0]
            assert [(r["name"], r["entityType"]) for r in listed] == [("KNOWS", "RELATIONSHIP"), ("Person", "ANY")]
            assert json.loads(listed[1]["schema"]) == ADULT
            with driver.session() as session, session.begin_transaction() as tx:
                tx.run("CREATE (:Person {age: 17})").consume()
                with pytest.raises(ClientError) as error:
                    tx.commit()
            assert error.value.code == "Neo.ClientError.Schema.ConstraintValidationFailed"
            assert "property `age`: 17 not in [18 , 99]" in error.value.message
            assert "`Person`" in error.value.message and "Node(" in error.value.message
            with pytest.raises(ClientError):
                driver.execute_query("CREATE (a:Person {age: 20})-[:KNOWS {age: 1}]->(a)")
            assert one(driver, "MATCH (n) RETURN count(n) AS c")["c"] == 0
            driver.execute_query("CALL packos.schema.drop('Person')")
            driver.execute_query("CREATE (:Person {age: 17})")
