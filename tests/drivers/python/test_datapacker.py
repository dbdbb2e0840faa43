"""DataPacker through a driver: bytes in both directions, vectors as the driver's Bolt version has them, errors."""

import struct

import neo4j
import pytest
from conftest import one


def test_bytes_are_the_packed_values(driver):
    row = one(
        driver,
        "RETURN datapacker.pack('msgpack', {b: 1, a: $list}) AS m, datapacker.pack('vec:f32:2', $floats) AS v, "
        "datapacker.pack_many('i32', $numbers) AS n, datapacker.pack('str:4:utf16le', 'é') AS s",
        list=[1, None],
        floats=[1.5, -2.0],
        numbers=list(range(1000)),
    )
    assert bytes(row["m"]) == b"\x82\xa1a\x92\x01\xc0\xa1b\x01"
    assert bytes(row["v"]) == struct.pack("<Bff", 1, 1.5, -2.0)
    assert bytes(row["n"]) == struct.pack("<1000i", *range(1000))
    assert bytes(row["s"]) == b"\xe9\0\0\0"


def test_packed_by_the_client(driver):
    row = one(
        driver,
        "RETURN datapacker.unpack('f64', $d, 8) AS d, datapacker.unpack_many('str', $s, null, [0, 3]) AS s, "
        "datapacker.unpack('vec:f32', $v) AS v, datapacker.unpack('vec:u8', $u) AS u",
        d=struct.pack("<dd", 0.1, 0.2),
        s="añb".encode(),
        v=bytes.fromhex("010102000000") + struct.pack("<ff", 0.5, 2),
        u=bytes.fromhex("05010200000001ff"),
    )
    assert row["d"] == 0.2 and row["u"] == [1, 255] and row["s"] == ["añ", "b"]
    with pytest.raises(neo4j.exceptions.ClientError, match="UTF-8"):  # the offset cuts a character
        one(driver, "RETURN datapacker.unpack('str', $s, 2)", s="añb".encode())
    if hasattr(neo4j, "vector") or "Vector" in type(row["v"]).__name__:
        assert list(row["v"].to_native()) == [0.5, 2.0]
    else:
        assert row["v"] == [0.5, 2.0]


def test_errors_have_their_codes(driver):
    for query, code in (
        ("RETURN datapacker.pack('i8', 300)", "Neo.ClientError.Statement.ArithmeticError"),
        ("RETURN datapacker.pack('i8', 'x')", "Neo.ClientError.Statement.TypeError"),
        ("RETURN datapacker.pack('i7', 1)", "Neo.ClientError.Statement.ArgumentError"),
    ):
        with pytest.raises(neo4j.exceptions.Neo4jError) as e:
            driver.execute_query(query)
        assert e.value.code == code
