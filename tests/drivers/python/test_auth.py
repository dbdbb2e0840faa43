import pathlib
import re
import subprocess
import sys
import time

import neo4j
import pytest
from neo4j.exceptions import AuthError, ClientError, Forbidden, Neo4jError

from conftest import one
from server import Server

sys.path.append(str(pathlib.Path(__file__).parents[2] / "support"))
import bolt  # noqa: E402

PASSWORD = "first-password"


@pytest.fixture(scope="module")
def locked():
    """A server that asks for passwords."""
    with Server("--auth", "--auth-lock-time-s", "1", environment={"NEO4J_AUTH": f"neo4j/{PASSWORD}"}) as running:
        yield running


def login(server, user="neo4j", password=PASSWORD, **options):
    return neo4j.GraphDatabase.driver(server.uri, auth=(user, password), **options)


@pytest.fixture
def admin(locked):
    with login(locked) as driver:
        yield driver
        for record in driver.execute_query("SHOW USERS YIELD user WHERE user <> 'neo4j'")[0]:
            driver.execute_query("DROP USER $name", name=record["user"])
        driver.execute_query("MATCH (n) DETACH DELETE n")


def make_user(admin, name, *roles):
    admin.execute_query("CREATE USER $name SET PASSWORD $password CHANGE NOT REQUIRED", name=name, password=f"{name}-password")
    for role in roles:
        admin.execute_query(f"GRANT ROLE {role} TO $name", name=name)


def refused(driver, query):
    with pytest.raises(Neo4jError) as error:
        driver.execute_query(query)
    return error.value.code.rsplit(".", 1)[1]


def test_only_the_right_password_logs_in(locked, admin):
    admin.verify_connectivity()
    assert one(admin, "RETURN 1 AS x")["x"] == 1
    for auth in (None, ("neo4j", "wrong"), ("nobody", PASSWORD), neo4j.bearer_auth("token"), neo4j.kerberos_auth("ticket"),
                 neo4j.custom_auth("neo4j", PASSWORD, "native", "other")):
        with neo4j.GraphDatabase.driver(locked.uri, auth=auth) as driver:
            with pytest.raises(AuthError) as error:
                driver.verify_connectivity()
            assert error.value.code == "Neo.ClientError.Security.Unauthorized"
            assert not driver.verify_authentication()
    with neo4j.GraphDatabase.driver(locked.uri.replace("bolt", "neo4j"), auth=("neo4j", PASSWORD)) as driver:
        assert one(driver, "RETURN 1 AS x")["x"] == 1


@pytest.mark.parametrize("version", [(4, 4), (0, 5)])
def test_before_5_1_hello_brings_the_password(locked, admin, version):
    """No driver of today speaks these versions with this server, so a client without a driver does."""
    hello = {"user_agent": "test/1", "scheme": "basic", "principal": "neo4j"}

    def client():
        return bolt.Client(bolt.address_of(locked.uri), login=False, version=version)

    right = client()
    assert right.ask(bolt.Client.HELLO, {**hello, "credentials": PASSWORD})["server"].startswith("Neo4j/")
    assert right.query("RETURN 1") == [[1]]
    right.close()
    wrong = client()
    wrong.send(bolt.Client.HELLO, {**hello, "credentials": "wrong"})
    wrong.send(bolt.Client.RUN, "RETURN 1", {}, {})
    assert wrong.receive()[1]["code"] == "Neo.ClientError.Security.Unauthorized"
    with pytest.raises((bolt.Closed, ConnectionError)):
        wrong.receive()
    wrong.close()
    admin.execute_query("CREATE USER ada SET PASSWORD 'ada-password'")
    expired = client()
    assert expired.ask(bolt.Client.HELLO, {**hello, "principal": "ada", "credentials": "ada-password"})["credentials_expired"] is True
    expired.close()


def test_many_failures_lock_the_user_for_a_while(locked, admin):
    make_user(admin, "ada", "reader")

    def attempt(password):
        with login(locked, "ada", password) as driver:
            with pytest.raises(ClientError) as error:
                driver.verify_connectivity()
            return error.value.code.rsplit(".", 1)[1]

    assert [attempt("wrong") for _ in range(3)] == ["Unauthorized"] * 3
    assert attempt("wrong") == "AuthenticationRateLimit"
    assert attempt("ada-password") == "AuthenticationRateLimit"
    deadline = time.monotonic() + 20
    with login(locked, "ada", "ada-password") as driver:
        while True:
            try:
                driver.verify_connectivity()
                break
            except ClientError:
                assert time.monotonic() < deadline
    assert one(admin, "RETURN 1 AS x")["x"] == 1


def test_roles(locked, admin):
    for name, roles in (("nobody", ()), ("reader", ("reader",)), ("editor", ("editor",)), ("boss", ("admin",))):
        make_user(admin, name, *roles)
    statements = ("MATCH (n) RETURN n", "CREATE (:Thing)", "CREATE INDEX things IF NOT EXISTS FOR (t:Thing) ON (t.x)", "SHOW USERS")
    for rank, name in enumerate(("nobody", "reader", "editor")):
        with login(locked, name, f"{name}-password") as driver:
            allowed, denied = statements[:rank], statements[rank:]
            for statement in allowed:
                driver.execute_query(statement)
            for statement in denied:
                assert refused(driver, statement) == "Forbidden"
            with pytest.raises(Forbidden), driver.session() as session:
                session.run(denied[0]).consume()
            assert one(driver, "SHOW CURRENT USER")["user"] == name
    with login(locked, "boss", "boss-password") as driver:
        for statement in statements:
            driver.execute_query(statement)
    assert one(admin, "MATCH (t:Thing) RETURN count(t) AS c")["c"] == 2
    admin.execute_query("DROP INDEX things")


def test_commands_on_users(admin):
    _, summary, _ = admin.execute_query("CREATE USER ada SET PASSWORD 'ada-password'", database_="system")
    assert summary.counters.system_updates == 1
    assert summary.counters.contains_system_updates and not summary.counters.contains_updates
    assert summary.query_type == "s"
    admin.execute_query("GRANT ROLES reader, editor TO ada", database_="system")
    records, _, keys = admin.execute_query("SHOW USERS", database_="system")
    assert keys == ["user", "roles", "passwordChangeRequired", "suspended", "home"]
    assert [r.values() for r in records] == [["ada", ["editor", "reader"], True, False, None], ["neo4j", ["admin"], False, False, None]]
    assert one(admin, "CALL dbms.showCurrentUser()")["roles"] == ["admin"]
    assert refused(admin, "CREATE USER ada SET PASSWORD 'ada-password'") == "InvalidArguments"
    assert refused(admin, "DROP USER neo4j") == "InvalidArguments"
    assert refused(admin, "CREATE ROLE king") == "UnsupportedAdministrationCommand"
    with admin.session(database="system") as session, session.begin_transaction() as tx:
        tx.run("DROP USER ada").consume()
        tx.rollback()
    assert len(admin.execute_query("SHOW USERS")[0]) == 2


def test_an_expired_password_must_be_changed(locked, admin):
    admin.execute_query("CREATE USER ada SET PASSWORD 'ada-password'")
    admin.execute_query("GRANT ROLE reader TO ada")
    with login(locked, "ada", "ada-password") as driver:
        assert refused(driver, "RETURN 1") == "CredentialsExpired"
        driver.execute_query("ALTER CURRENT USER SET PASSWORD FROM 'ada-password' TO $new", new="other-password", database_="system")
    with login(locked, "ada", "other-password") as driver:
        assert one(driver, "RETURN 1 AS x")["x"] == 1
    with login(locked, "ada", "ada-password") as driver:
        assert not driver.verify_authentication()


def test_another_user_on_a_live_connection(locked, admin):
    make_user(admin, "ada", "reader")
    with login(locked, max_connection_pool_size=1) as driver:
        for _ in range(5):
            for user, password in (("ada", "ada-password"), ("neo4j", PASSWORD)):
                with driver.session(auth=(user, password)) as session:
                    assert session.run("SHOW CURRENT USER").single()["user"] == user
                    assert session.run("RETURN size($s) AS n", s="x" * 200_000).single()["n"] == 200_000
        with pytest.raises(AuthError), driver.session(auth=("ada", "wrong")) as session:
            session.run("RETURN 1").consume()
        assert one(driver, "SHOW CURRENT USER")["user"] == "neo4j"


def test_after_logoff_the_time_limit_of_the_login_counts_again():
    with Server("--login-timeout-s", "1") as server:
        client = bolt.Client(bolt.address_of(server.uri))
        assert client.query("RETURN 1") == [[1]]
        client.ask(0x6B)  # LOGOFF
        with pytest.raises((bolt.Closed, ConnectionError)):
            client.receive()
        client.close()


def test_users_survive_a_restart(tmp_path):
    data = str(tmp_path)
    with Server("--auth", "--initial-password", PASSWORD, data=data) as server, login(server) as driver:
        make_user(driver, "ada", "editor")
    with Server("--auth", "--initial-password", "not used any more", data=data) as server:
        with login(server, "ada", "ada-password") as driver:
            driver.execute_query("CREATE (:Thing)")
            assert refused(driver, "CREATE USER bob SET PASSWORD 'bob-password'") == "Forbidden"
    with Server(data=data) as server, neo4j.GraphDatabase.driver(server.uri) as driver:  # authentication is off
        assert one(driver, "MATCH (t:Thing) RETURN count(t) AS c")["c"] == 1
        assert refused(driver, "SHOW USERS") == "UnsupportedAdministrationCommand"
        assert driver.execute_query("SHOW CURRENT USER")[0] == []


def test_a_password_is_made_up_and_printed_once(tmp_path):
    data = str(tmp_path)
    with Server("--auth", data=data, stderr=subprocess.PIPE) as server:
        password = re.search(r"the first user is neo4j with the password (\S+)", server.process.stderr.readline())[1]
        with login(server, password=password) as driver:
            assert refused(driver, "RETURN 1") == "CredentialsExpired"
            driver.execute_query("ALTER CURRENT USER SET PASSWORD FROM $a TO $b", a=password, b=PASSWORD)
    with Server("--auth", data=data, stderr=subprocess.PIPE) as server:
        with login(server) as driver:
            assert one(driver, "RETURN 1 AS x")["x"] == 1
        server.stop()
        assert "password" not in server.process.stderr.read()


def test_a_password_that_is_too_short_stops_the_start(tmp_path):
    server = Server(data=str(tmp_path), environment={"NEO4J_AUTH": "neo4j/short"}, stderr=subprocess.PIPE)
    with pytest.raises(RuntimeError):
        server.start()
    assert "at least 8 characters" in server.process.stderr.read()


def test_users_see_and_end_only_what_is_theirs(locked, admin):
    make_user(admin, "alice", "editor")
    make_user(admin, "bob", "reader")
    show = "SHOW TRANSACTIONS YIELD username, transactionId, currentQuery WHERE NOT currentQuery STARTS WITH 'SHOW' RETURN *"
    with login(locked, "alice", "alice-password") as alice, login(locked, "bob", "bob-password") as bob, alice.session() as session:
        tx = session.begin_transaction()
        mine, = alice.execute_query(show)[0]
        assert mine["username"] == "alice"
        assert not bob.execute_query(show)[0]
        assert {r["username"] for r in bob.execute_query("CALL dbms.listConnections()")[0]} == {"bob"}
        assert {"alice", "bob", "neo4j"} <= {r["username"] for r in admin.execute_query("CALL dbms.listConnections()")[0]}
        connection = one(admin, "SHOW TRANSACTIONS $id YIELD connectionId", id=mine["transactionId"])["connectionId"]
        assert one(bob, "CALL dbms.killConnection($id)", id=connection)["message"].startswith("No connection")
        assert one(bob, "TERMINATE TRANSACTIONS $id", id=mine["transactionId"])["message"] == "Transaction not found."
        assert tx.run("RETURN 1 AS x").single()["x"] == 1
        ended = one(admin, "TERMINATE TRANSACTIONS $id", id=mine["transactionId"])
        assert (ended["username"], ended["message"]) == ("alice", "Transaction terminated.")
        with pytest.raises(ClientError) as error:
            tx.run("RETURN 1").consume()
        assert error.value.code.endswith("Transaction.Terminated")
