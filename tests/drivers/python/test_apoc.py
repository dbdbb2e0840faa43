"""What LangChain, LlamaIndex, neo4j-graphrag, @neo4j/graphql and BioCypher send: APOC's names through a driver."""

import neo4j
import pytest
from conftest import one

NODES = """CALL apoc.meta.data($config) YIELD label, other, elementType, type, property
WHERE NOT type = "RELATIONSHIP" AND elementType = "node" AND NOT label IN $EXCLUDED_LABELS
WITH label AS nodeLabels, collect({property:property, type:type}) AS properties
RETURN {labels: nodeLabels, properties: properties} AS output"""
RELATIONSHIPS = """CALL apoc.meta.data($config) YIELD label, other, elementType, type, property
WHERE NOT type = "RELATIONSHIP" AND elementType = "relationship" AND NOT label in $EXCLUDED_LABELS
WITH label AS nodeLabels, collect({property:property, type:type}) AS properties
RETURN {type: nodeLabels, properties: properties} AS output"""
PATTERNS = """CALL apoc.meta.data($config) YIELD label, other, elementType, type, property
WHERE type = "RELATIONSHIP" AND elementType = "node"
UNWIND other AS other_node WITH * WHERE NOT label IN $EXCLUDED_LABELS AND NOT other_node IN $EXCLUDED_LABELS
RETURN {start: label, type: property, end: toString(other_node)} AS output"""
COUNTS = """CALL apoc.meta.graph({sample: 1000, maxRels: 100}) YIELD nodes, relationships
RETURN nodes, [rel in relationships | {name:apoc.any.property(rel, 'type'), count: apoc.any.property(rel, 'count')}] AS relationships"""


def langchain_documents(driver):
    """add_graph_documents of langchain-neo4j without a base label."""
    nodes = [{"id": "ann", "type": "Person", "properties": {"age": 30}}, {"id": "acme", "type": "Company", "properties": {}}]
    driver.execute_query(
        "UNWIND $data AS row CALL apoc.merge.node([row.type], {id: row.id}, row.properties, {}) YIELD node "
        "RETURN distinct 'done' AS result", data=nodes)
    rels = [{"source": "ann", "source_label": "Person", "target": "acme", "target_label": "Company", "type": "WORKS_AT",
             "properties": {"since": 2020}}]
    return driver.execute_query(
        "UNWIND $data AS row CALL apoc.merge.node([row.source_label], {id: row.source},{}, {}) YIELD node as source "
        "CALL apoc.merge.node([row.target_label], {id: row.target},{}, {}) YIELD node as target "
        "CALL apoc.merge.relationship(source, row.type, {}, row.properties, target) YIELD rel RETURN distinct 'done'", data=rels)


def test_schema_of_langchain_and_llama_index(driver):
    summary = langchain_documents(driver).summary
    assert summary.counters.relationships_created == 1 and summary.counters.nodes_created == 0
    driver.execute_query("CREATE CONSTRAINT IF NOT EXISTS FOR (b:Company) REQUIRE b.id IS UNIQUE")
    args = {"config": {"sample": 1000}, "EXCLUDED_LABELS": ["_Bloom_Perspective_"]}
    outputs = [[r["output"] for r in driver.execute_query(q, args)[0]] for q in (NODES, RELATIONSHIPS, PATTERNS)]
    assert {o["labels"]: sorted((p["property"], p["type"]) for p in o["properties"]) for o in outputs[0]} == {
        "Person": [("age", "INTEGER"), ("id", "STRING")], "Company": [("id", "STRING")]}
    assert outputs[1] == [{"type": "WORKS_AT", "properties": [{"property": "since", "type": "INTEGER"}]}]
    assert outputs[2] == [{"start": "Person", "type": "WORKS_AT", "end": "Company"}]
    index = driver.execute_query("CALL apoc.schema.nodes() YIELD label, properties, type, size, valuesSelectivity "
                                 "WHERE type = 'RANGE' RETURN *, size * valuesSelectivity as distinctValues")[0]
    assert [(r["label"], r["properties"], r["size"], r["distinctValues"]) for r in index] == [("Company", ["id"], 1, 1.0)]


def test_virtual_nodes_reach_the_driver(driver):
    langchain_documents(driver)
    row = one(driver, COUNTS)
    assert sorted((n["name"], n["count"]) for n in row["nodes"]) == [("Company", 1), ("Person", 1)]
    assert all(isinstance(n, neo4j.graph.Node) and set(n.labels) == {n["name"]} for n in row["nodes"])
    assert row["relationships"] == [{"name": "WORKS_AT", "count": 1}]
    rel = one(driver, "CALL apoc.meta.graph() YIELD relationships RETURN relationships[0] AS r")["r"]
    assert rel.type == "WORKS_AT" and dict(rel) == {"type": "WORKS_AT", "out": 1, "in": 1, "count": 1}
    assert rel.start_node.element_id != rel.end_node.element_id
    assert one(driver, "MATCH (n) RETURN count(n) AS n")["n"] == 2


def test_llama_index_and_graphrag_writing(driver):
    driver.execute_query("UNWIND $data AS row MERGE (e:`__Node__` {id: row.id}) SET e += apoc.map.clean(row.properties, [], []) "
                         "WITH e, row CALL apoc.create.addLabels(e, [row.label]) YIELD node WITH e, row RETURN count(*)",
                         data=[{"id": i, "label": "City", "properties": {"name": "Rome", "empty": None}} for i in range(3)])
    driver.execute_query("MATCH (a:City {id: 1}), (b:City {id: 2}) CREATE (a)-[:NEAR]->(b)")
    row = one(driver, "MATCH (n:City) WITH n ORDER BY n.id WITH collect(n) AS entities "
              "CALL apoc.refactor.mergeNodes(entities,{ properties:'discard', mergeRels:true }) YIELD node "
              "RETURN count(node) as c, collect(node)[0] AS n, COUNT { (:City) } AS left")
    assert row["c"] == 1 and row["left"] == 1 and dict(row["n"]) == {"id": 0, "name": "Rome"}


def test_graphql(driver):
    moment = "2024-02-29T12:30:00.5+01:00"
    row = one(driver, "CYPHER 5 WITH datetime($t) AS t RETURN apoc.date.convertFormat(toString(t), 'iso_zoned_date_time', 'iso_offset_date_time') AS t",
              t=moment)
    assert row["t"] == moment
    with pytest.raises(neo4j.exceptions.ClientError, match="@neo4j/graphql/FORBIDDEN") as failure:
        driver.execute_query("CREATE (n:Secret) WITH n WHERE apoc.util.validatePredicate(NOT ($ok), '@neo4j/graphql/FORBIDDEN', [0]) RETURN n", ok=False)
    assert failure.value.code == "Neo.ClientError.Procedure.ProcedureCallFailed"
    names = one(driver, "SHOW FUNCTIONS YIELD name WHERE name IN ['apoc.util.validatePredicate', 'apoc.date.convertFormat'] RETURN collect(name) AS n")
    assert len(names["n"]) == 2


def test_biocypher(driver):
    assert one(driver, "RETURN apoc.version() AS output")["output"].startswith("5.")
    entities = [{"node_id": "p1", "node_label": "Protein", "properties": {"id": "p1", "name": "A"}}]
    for _ in range(2):
        driver.execute_query("UNWIND $entities AS ent CALL apoc.merge.node([ent.node_label], {id: ent.node_id}, ent.properties, "
                             "ent.properties) YIELD node RETURN node", entities=entities)
        driver.execute_query("MATCH (src {id: 'p1'}) WITH src, {a: 1} AS r CALL apoc.merge.relationship(src, 'SELF', NULL, r, src, r) "
                             "YIELD rel RETURN rel")
    assert one(driver, "MATCH (p:Protein)-[r:SELF]->(p) RETURN count(r) AS n, r.a AS a") .data() == {"n": 1, "a": 1}


def test_reading_sessions_and_explain(driver):
    create = "CALL apoc.create.node(['A'], {}) YIELD node RETURN node"
    with driver.session(default_access_mode="READ") as session, pytest.raises(neo4j.exceptions.ClientError) as failure:
        session.run(create).consume()
    assert failure.value.code == "Neo.ClientError.Statement.AccessMode"
    assert driver.execute_query("EXPLAIN " + create).summary.query_type == "rw"
    assert driver.execute_query("EXPLAIN CALL apoc.meta.data() YIELD label RETURN label").summary.query_type == "r"
