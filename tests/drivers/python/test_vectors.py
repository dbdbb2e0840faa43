"""Vectors through a driver: Bolt vectors (driver 6), lists, indexes as LangChain and neo4j-graphrag use them, restarts."""

import random

import neo4j
import pytest
from conftest import one
from server import Server

try:
    from neo4j.vector import Vector
except ImportError:  # driver 5
    Vector = None

CREATE = (
    "CREATE VECTOR INDEX $name IF NOT EXISTS FOR (n:`Chunk`) ON n.`embedding` OPTIONS {indexConfig: "
    "{`vector.dimensions`: toInteger($dimensions), `vector.similarity_function`: $similarity_fn}}"
)


def index(driver, name="vector", dimensions=3, similarity_fn="cosine"):
    driver.execute_query(CREATE, name=name, dimensions=dimensions, similarity_fn=similarity_fn)


def nearest(driver, vector, k=2, name="vector"):
    records = driver.execute_query(
        "CALL db.index.vector.queryNodes($index, $k, $embedding) YIELD node, score RETURN node.id AS id, score",
        index=name, k=k, embedding=vector,
    )[0]
    return [(r["id"], r["score"]) for r in records]


@pytest.mark.skipif(Vector is None, reason="the driver has no vectors")
@pytest.mark.parametrize("dtype", ["i8", "i16", "i32", "i64", "f32", "f64"])
def test_bolt_vectors_are_parameters_results_and_properties(driver, dtype):
    sent = Vector([1, -2, 3], dtype) if dtype[0] == "i" else Vector([0.5, -2.0, 3.25], dtype)
    row = one(driver, "CREATE (n:V {v: $v}) RETURN n, n.v AS v, $v = n.v AS same, valueType(n.v) STARTS WITH 'VECTOR' AS typed, "
              "vector_dimension_count($v) AS d", v=sent)
    again = one(driver, "MATCH (n:V) RETURN n.v AS v")["v"]
    for got in (row["v"], row["n"]["v"], again):
        assert got.dtype == sent.dtype and list(got.to_native()) == list(sent.to_native())
    assert (row["same"], row["typed"], row["d"]) == (True, True, 3)


def test_vectors_made_in_cypher(driver):
    row = one(driver, "RETURN vector([1, 2], 2, FLOAT32) AS v, toFloatList(vector([1, 2], 2, INT8)) AS l")
    assert row["l"] == [1.0, 2.0]
    assert list(row["v"].to_native() if Vector else row["v"]) == [1.0, 2.0]


def test_as_langchain_does_it(driver):
    index(driver)
    index(driver)  # exists: nothing happens
    driver.execute_query(
        "UNWIND $data AS row CALL (row) { MERGE (c:Chunk {id: row.id}) WITH c, row "
        "CALL db.create.setNodeVectorProperty(c, 'embedding', row.embedding) SET c.text = row.text }",
        data=[{"id": "a", "text": "x", "embedding": [1.0, 0.0, 0.0]}, {"id": "b", "text": "y", "embedding": [0.0, 1.0, 0.0]}],
    )
    assert nearest(driver, [1.0, 0.0, 0.0]) == [("a", 1.0), ("b", 0.5)]
    row = one(
        driver,
        "SHOW INDEXES YIELD name, type, entityType, labelsOrTypes, properties, options WHERE type = 'VECTOR' AND (name = $index_name "
        "OR (labelsOrTypes[0] = $node_label AND properties[0] = $embedding_node_property)) "
        "RETURN name, entityType, labelsOrTypes, properties, options",
        index_name="vector", node_label="Chunk", embedding_node_property="embedding",
    )
    assert row["options"]["indexConfig"]["vector.dimensions"] == 3
    assert row["options"]["indexConfig"]["vector.similarity_function"] == "COSINE"
    assert (row["entityType"], row["labelsOrTypes"]) == ("NODE", ["Chunk"])
    exact = driver.execute_query(
        "MATCH (n:Chunk) WHERE n.embedding IS NOT NULL AND size(n.embedding) = toInteger(3) "
        "WITH n, vector.similarity.cosine(n.embedding, $embedding) AS score ORDER BY score DESC LIMIT toInteger(1) RETURN n.id AS id, score",
        embedding=[1.0, 0.0, 0.0],
    )[0][0]
    assert (exact["id"], exact["score"]) == ("a", 1.0)


def test_as_graphrag_asks_for_its_index(driver):
    index(driver)
    row = one(
        driver,
        "SHOW VECTOR INDEXES YIELD name, labelsOrTypes, properties, options WHERE name = $index_name RETURN labelsOrTypes AS labels, "
        "properties, options.indexConfig.`vector.dimensions` AS dimensions",
        index_name="vector",
    )
    assert (row["labels"], row["properties"], row["dimensions"]) == (["Chunk"], ["embedding"], 3)
    driver.execute_query("DROP INDEX $name IF EXISTS", name="vector")
    assert driver.execute_query("SHOW VECTOR INDEXES")[0] == []


@pytest.mark.parametrize(
    ("query", "code", "text"),
    [
        ("CALL db.index.vector.queryNodes('none', 1, [1.0])", "Procedure.ProcedureCallFailed", "There is no such vector schema index: none"),
        ("CALL db.index.vector.queryNodes('vector', 1, [1.0])", "Procedure.ProcedureCallFailed",
         "Index query vector has 1 dimensions, but indexed vectors have 3."),
        ("CREATE VECTOR INDEX b FOR (n:B) ON n.v OPTIONS {indexConfig: {`vector.dimensions`: 9999}}", "General.InvalidArguments",
         "'vector.dimensions' must be between 1 and 4096 inclusively"),
    ],
)
def test_errors(driver, query, code, text):
    index(driver)
    with pytest.raises(neo4j.exceptions.ClientError) as e:
        driver.execute_query(query)
    assert e.value.code == "Neo.ClientError." + code and text in e.value.message


def test_a_transaction_sees_its_own_vectors_and_nobody_else_does(driver):
    index(driver, similarity_fn="euclidean")
    with driver.session() as session:
        tx = session.begin_transaction()
        tx.run("CREATE (:Chunk {id: 1, embedding: [1, 2, 3]})").consume()
        assert tx.run("CALL db.index.vector.queryNodes('vector', 5, [1, 2, 3]) YIELD node RETURN count(node)").single()[0] == 1
        assert nearest(driver, [1, 2, 3]) == []
        tx.rollback()
    assert nearest(driver, [1, 2, 3]) == []


@pytest.mark.parametrize("how", ["stop", "kill"])
def test_an_index_survives(tmp_path, how):
    rng = random.Random(5)
    rows = [{"id": i, "v": [rng.gauss(0, 1) for _ in range(16)]} for i in range(12_000)]  # enough for a graph
    server = Server(data=str(tmp_path / "data")).start()
    with neo4j.GraphDatabase.driver(server.uri) as driver:
        index(driver, dimensions=16, similarity_fn="euclidean")
        for i in range(0, len(rows), 3000):
            driver.execute_query("UNWIND $rows AS r CREATE (n:Chunk {id: r.id}) SET n.embedding = r.v", rows=rows[i : i + 3000])
        assert nearest(driver, rows[77]["v"], 1) == [(77, 1.0)]
        driver.execute_query("MATCH (n:Chunk {id: 77}) SET n.embedding = $v", v=rows[78]["v"])
    getattr(server, how)()
    with Server(data=str(tmp_path / "data")) as again, neo4j.GraphDatabase.driver(again.uri) as driver:
        assert sorted(nearest(driver, rows[78]["v"], 2)) == [(77, 1.0), (78, 1.0)]
        found = sum(nearest(driver, row["v"], 1)[0][0] == row["id"] for row in rows[100:200])
        assert found >= 95
