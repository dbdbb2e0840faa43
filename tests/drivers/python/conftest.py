import neo4j
import pytest

from server import Server


@pytest.fixture(scope="session")
def server():
    with Server() as running:
        yield running


@pytest.fixture
def driver(server):
    """A driver on an empty graph."""
    with neo4j.GraphDatabase.driver(server.uri) as d:
        d.execute_query("MATCH (n) DETACH DELETE n")
        for kind, plural in (("CONSTRAINT", "CONSTRAINTS"), ("INDEX", "INDEXES")):
            for record in d.execute_query(f"SHOW {plural} YIELD name")[0]:
                d.execute_query(f"DROP {kind} `{record['name']}` IF EXISTS")
        yield d


def one(driver, query, **parameters):
    records, _, _ = driver.execute_query(query, parameters)
    assert len(records) == 1
    return records[0]
