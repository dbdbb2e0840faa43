"""Every value type, both ways."""
import datetime
import math

import neo4j.time
import pytest
import pytz
from neo4j.spatial import CartesianPoint, WGS84Point

from conftest import one

UTC_PLUS_2 = pytz.FixedOffset(120)

VALUES = [
    None, True, False, 0, 1, -1, 127, 128, -128, -129, 2**31, -2**31 - 1, 2**63 - 1, -2**63,
    0.0, -0.5, 1e300, math.inf, -math.inf,
    "", "a", "å∫ç 漢字 🎉", "x" * 70_000,
    b"", b"\x00\xff" * 10, bytes(range(256)) * 300,
    [], [1, "two", 3.0, None, [True, []]], list(range(1000)),
    {}, {"a": 1, "b": {"c": [1, {"d": None}]}}, {f"k{i}": i for i in range(300)},
    datetime.date(1, 1, 1), datetime.date(2024, 2, 29), neo4j.time.Date(9999, 12, 31),
    neo4j.time.Time(12, 34, 56, 789_000_001), neo4j.time.Time(1, 2, 3, 4, tzinfo=pytz.FixedOffset(-90)),
    neo4j.time.DateTime(2024, 2, 29, 12, 34, 56, 789), neo4j.time.DateTime(1969, 12, 31, 23, 59, 59, 999_999_999),
    UTC_PLUS_2.localize(neo4j.time.DateTime(2024, 6, 1, 12, 0, 0, 500_000_000)),
    pytz.timezone("Europe/Stockholm").localize(neo4j.time.DateTime(2024, 10, 27, 1, 30, 0, 1)),
    neo4j.time.Duration(months=14, days=25, seconds=18367, nanoseconds=8), neo4j.time.Duration(seconds=-1, nanoseconds=1),
    CartesianPoint((1.0, -2.5)), CartesianPoint((1.0, 2.0, 3.0)), WGS84Point((12.5, 55.7)), WGS84Point((12.5, 55.7, 10.0)),
]


def normal(value):
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return neo4j.time.Date(value.year, value.month, value.day)
    return bytes(value) if isinstance(value, (bytes, bytearray)) else value


@pytest.mark.parametrize("value", VALUES, ids=lambda v: repr(v)[:40])
def test_a_value_comes_back_as_it_went(driver, value):
    got = normal(one(driver, "RETURN $x AS x", x=value)["x"])
    assert got == normal(value) and type(got) is type(normal(value))


def test_nan(driver):
    assert math.isnan(one(driver, "RETURN $x AS x", x=math.nan)["x"])


STORABLE = [v for v in VALUES if v is not None and not isinstance(v, dict) and not (isinstance(v, list) and any(x is None for x in v))]


@pytest.mark.parametrize("value", STORABLE, ids=lambda v: repr(v)[:40])
def test_a_value_is_kept_as_a_property(driver, value):
    got = one(driver, "CREATE (n:V {p: $x}) RETURN n.p AS p", x=value)["p"]
    assert normal(got) == normal(value)
    assert normal(one(driver, "MATCH (n:V) RETURN n.p AS p")["p"]) == normal(value)


def test_graph_values(driver):
    record = one(driver, "CREATE p = (a:A:B {x: 1})-[r:T {y: 'z'}]->(b:C) RETURN a, r, b, p")
    a, r, b, p = record["a"], record["r"], record["b"], record["p"]
    assert set(a.labels) == {"A", "B"} and dict(a) == {"x": 1}
    assert r.type == "T" and dict(r) == {"y": "z"} and r.start_node.element_id == a.element_id and r.end_node.element_id == b.element_id
    assert [n.element_id for n in p.nodes] == [a.element_id, b.element_id] and p.relationships[0].element_id == r.element_id
    assert one(driver, "MATCH (n) WHERE elementId(n) = $id RETURN n", id=a.element_id)["n"].element_id == a.element_id


def test_a_path_walked_against_its_direction(driver):
    driver.execute_query("CREATE (:N {i: 1})-[:T]->(:N {i: 2})<-[:T]-(:N {i: 3})")
    path = one(driver, "MATCH p = (:N {i: 1})-[:T]-()-[:T]-(:N {i: 3}) RETURN p")["p"]
    assert [n["i"] for n in path.nodes] == [1, 2, 3]
    assert path.relationships[1].start_node["i"] == 3


def test_one_megabyte_of_bytes(driver):
    data = bytes(i * 31 % 256 for i in range(1 << 20))
    assert bytes(one(driver, "RETURN $x AS x", x=data)["x"]) == data
