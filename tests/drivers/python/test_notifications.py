"""What the driver shows of notifications, and how its filters reach the server."""
import neo4j
import pytest

CASES = [
    ("MATCH (n:Nope) RETURN n", "UnknownLabelWarning", "01N50", "WARNING", "UNRECOGNIZED", (9, 1, 10)),
    ("MATCH ()-[r:NOPE]->() RETURN r", "UnknownRelationshipTypeWarning", "01N51", "WARNING", "UNRECOGNIZED", (12, 1, 13)),
    ("MATCH (n:A)\nRETURN n.nope", "UnknownPropertyKeyWarning", "01N52", "WARNING", "UNRECOGNIZED", (21, 2, 10)),
    ("MATCH (a:A), (b:B) RETURN a.x", "CartesianProduct", "03N90", "INFORMATION", "PERFORMANCE", (0, 1, 1)),
    ("MATCH p = shortestPath((a:A {x: 1})-[*]->(b:B {x: 1})) RETURN p", "UnboundedVariableLengthPattern", "03N91", "INFORMATION", "PERFORMANCE", None),
    ("MATCH (n:A) RETURN id(n)", "FeatureDeprecationWarning", "01N02", "WARNING", "DEPRECATION", (19, 1, 20)),
    ("MATCH (n:A) USING INDEX n:A(x) WHERE n.x = 1 RETURN n", "HintedIndexNotFound", "01N31", "WARNING", "HINT", None),
]


@pytest.fixture
def graph(driver):
    driver.execute_query("CREATE (:A {x: 1})-[:T]->(:B {x: 1})")
    return driver


@pytest.mark.parametrize("query, code, gql, severity, category, position", CASES)
def test_notifications(graph, query, code, gql, severity, category, position):
    summary = graph.execute_query(query)[1]
    shown = [n for n in summary.summary_notifications if n.code.endswith("." + code)]
    assert len(shown) == 1, summary.summary_notifications
    assert (shown[0].severity_level.value, shown[0].category.value) == (severity, category)
    assert shown[0].title and shown[0].description
    if position:
        assert (shown[0].position.offset, shown[0].position.line, shown[0].position.column) == position
    statuses = {s.gql_status: s for s in summary.gql_status_objects}
    assert statuses[gql].is_notification and statuses[gql].raw_classification == category
    outcome, = [s for s in summary.gql_status_objects if not s.is_notification]
    assert outcome.gql_status in ("00000", "02000")


def test_filters_of_driver_and_session(server, graph):
    query = "MATCH (n:Nope), (a:A) RETURN id(a)"  # an unknown label, a deprecated function, a product

    def codes(driver, **options):
        with driver.session(**options) as session:
            return {n.code.rsplit(".", 1)[1] for n in session.run(query).consume().summary_notifications}

    everything = {"UnknownLabelWarning", "FeatureDeprecationWarning", "CartesianProduct"}
    assert codes(graph) == everything
    assert codes(graph, notifications_min_severity="WARNING") == everything - {"CartesianProduct"}
    assert codes(graph, notifications_min_severity="OFF") == set()
    assert codes(graph, notifications_disabled_classifications=["DEPRECATION"]) == everything - {"FeatureDeprecationWarning"}
    with neo4j.GraphDatabase.driver(server.uri, notifications_min_severity="WARNING",
                                    notifications_disabled_classifications=["UNRECOGNIZED"]) as filtered:
        assert codes(filtered) == {"FeatureDeprecationWarning"}
        assert codes(filtered, notifications_min_severity="INFORMATION") == everything - {"UnknownLabelWarning"}
