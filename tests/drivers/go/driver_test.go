package drivers

import (
	"bytes"
	"context"
	"errors"
	"reflect"
	"sync"
	"testing"
	"time"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
	"github.com/neo4j/neo4j-go-driver/v5/neo4j/dbtype"
)

var ctx = context.Background()

func connect(t *testing.T) (neo4j.DriverWithContext, *server) {
	t.Helper()
	s := startServer(t, t.TempDir())
	driver, err := neo4j.NewDriverWithContext(s.uri, neo4j.NoAuth())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = driver.Close(ctx)
		s.stop(t)
	})
	return driver, s
}

func query(t *testing.T, driver neo4j.DriverWithContext, text string, parameters map[string]any) []*neo4j.Record {
	t.Helper()
	result, err := neo4j.ExecuteQuery(ctx, driver, text, parameters, neo4j.EagerResultTransformer)
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return result.Records
}

func one(t *testing.T, driver neo4j.DriverWithContext, text string, parameters map[string]any) any {
	t.Helper()
	records := query(t, driver, text, parameters)
	if len(records) != 1 {
		t.Fatalf("%s: %d records", text, len(records))
	}
	return records[0].Values[0]
}

func TestValues(t *testing.T) {
	driver, _ := connect(t)
	paris, _ := time.LoadLocation("Europe/Paris")
	values := []any{nil, true, int64(1), int64(-1 << 63), 1.5, "åß漢🎉", []byte{0, 255}, []any{int64(1), "x", nil}, map[string]any{"a": int64(1)},
		dbtype.Date(time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC)), dbtype.Duration{Months: 14, Days: 25, Seconds: 18367, Nanos: 8},
		time.Date(2024, 6, 1, 12, 0, 0, 5, paris), dbtype.Point2D{SpatialRefId: 7203, X: 1, Y: 2},
		dbtype.Point3D{SpatialRefId: 4979, X: 12.5, Y: 55.7, Z: 3}}
	for _, value := range values {
		got := one(t, driver, "RETURN $x AS x", map[string]any{"x": value})
		if moment, ok := value.(time.Time); ok {
			if !moment.Equal(got.(time.Time)) {
				t.Errorf("%v came back as %v", value, got)
			}
		} else if date, ok := value.(dbtype.Date); ok {
			if date.String() != got.(dbtype.Date).String() {
				t.Errorf("%v came back as %v", value, got)
			}
		} else if !reflect.DeepEqual(value, got) {
			t.Errorf("%#v came back as %#v", value, got)
		}
	}
	node := one(t, driver, "CREATE (n:A:B {x: 1})-[:T]->() RETURN n", nil).(neo4j.Node)
	if len(node.Labels) != 2 || node.Props["x"] != int64(1) {
		t.Errorf("unexpected node %v", node)
	}
	path := one(t, driver, "MATCH p = ()<-[:T]-() RETURN p", nil).(neo4j.Path)
	if len(path.Nodes) != 2 || len(path.Relationships) != 1 {
		t.Errorf("unexpected path %v", path)
	}
}

func TestLoadRestartAndReadBack(t *testing.T) {
	data := t.TempDir()
	s := startServer(t, data)
	driver, _ := neo4j.NewDriverWithContext(s.uri, neo4j.NoAuth())
	query(t, driver, "CREATE CONSTRAINT user_id FOR (u:User) REQUIRE u.id IS UNIQUE", nil)
	rows := make([]any, 10_000)
	for i := range rows {
		rows[i] = map[string]any{"id": i, "name": "user"}
	}
	query(t, driver, "UNWIND $rows AS r CREATE (:User {id: r.id, name: r.name})", map[string]any{"rows": rows})
	for at := 0; at < 120_000; at += 20_000 {
		edges := make([]any, 20_000)
		for i := range edges {
			edges[i] = map[string]any{"a": (at + i) % 10_000, "b": ((at+i)*7919 + 1) % 10_000}
		}
		query(t, driver, "UNWIND $edges AS e MATCH (a:User {id: e.a}), (b:User {id: e.b}) CREATE (a)-[:KNOWS]->(b)", map[string]any{"edges": edges})
	}
	_ = driver.Close(ctx)
	s.kill()
	s = startServer(t, data)
	defer s.stop(t)
	driver, _ = neo4j.NewDriverWithContext(s.uri, neo4j.NoAuth())
	defer driver.Close(ctx)
	if c := one(t, driver, "MATCH ()-[k:KNOWS]->() RETURN count(k)", nil); c != int64(120_000) {
		t.Errorf("%v relationships", c)
	}
}

func TestRollbackAndErrors(t *testing.T) {
	driver, _ := connect(t)
	session := driver.NewSession(ctx, neo4j.SessionConfig{})
	defer session.Close(ctx)
	tx, err := session.BeginTransaction(ctx)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Run(ctx, "CREATE (:Gone)", nil); err != nil {
		t.Fatal(err)
	}
	_ = tx.Rollback(ctx)
	if c := one(t, driver, "MATCH (n:Gone) RETURN count(n)", nil); c != int64(0) {
		t.Errorf("%v nodes after the rollback", c)
	}
	for text, code := range map[string]string{
		"RETRUN 1":        "Neo.ClientError.Statement.SyntaxError",
		"RETURN $missing": "Neo.ClientError.Statement.ParameterMissing",
		"RETURN 1 / 0":    "Neo.ClientError.Statement.ArithmeticError",
		"CALL no.such()":  "Neo.ClientError.Procedure.ProcedureNotFound",
	} {
		_, err := neo4j.ExecuteQuery(ctx, driver, text, nil, neo4j.EagerResultTransformer)
		var failure *neo4j.Neo4jError
		if !errors.As(err, &failure) || failure.Code != code {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestConflictIsRetriedAndCounterIsExact(t *testing.T) {
	driver, _ := connect(t)
	query(t, driver, "CREATE (:Account {balance: 0}), (:Counter {n: 0})", nil)
	var both, done sync.WaitGroup
	both.Add(2)
	for i := 0; i < 2; i++ {
		done.Add(1)
		go func() {
			defer done.Done()
			session := driver.NewSession(ctx, neo4j.SessionConfig{})
			defer session.Close(ctx)
			var met sync.Once
			_, err := session.ExecuteWrite(ctx, func(tx neo4j.ManagedTransaction) (any, error) {
				result, err := tx.Run(ctx, "MATCH (a:Account) RETURN a.balance AS b", nil)
				if err != nil {
					return nil, err
				}
				record, err := result.Single(ctx)
				if err != nil {
					return nil, err
				}
				met.Do(func() { both.Done(); both.Wait() })
				result, err = tx.Run(ctx, "MATCH (a:Account) SET a.balance = $b", map[string]any{"b": record.Values[0].(int64) + 1})
				if err != nil {
					return nil, err
				}
				return result.Consume(ctx)
			})
			if err != nil {
				t.Error(err)
			}
		}()
	}
	for i := 0; i < 16; i++ {
		done.Add(1)
		go func() {
			defer done.Done()
			session := driver.NewSession(ctx, neo4j.SessionConfig{})
			defer session.Close(ctx)
			for j := 0; j < 20; j++ {
				result, err := session.Run(ctx, "MATCH (c:Counter) SET c.n = c.n + 1", nil)
				if err == nil {
					_, err = result.Consume(ctx)
				}
				if err != nil {
					t.Error(err)
				}
			}
		}()
	}
	done.Wait()
	if b := one(t, driver, "MATCH (a:Account) RETURN a.balance", nil); b != int64(2) {
		t.Errorf("balance %v", b)
	}
	if n := one(t, driver, "MATCH (c:Counter) RETURN c.n", nil); n != int64(320) {
		t.Errorf("counter %v", n)
	}
}

func TestStreamsAndCancels(t *testing.T) {
	driver, _ := connect(t)
	session := driver.NewSession(ctx, neo4j.SessionConfig{FetchSize: 5000})
	defer session.Close(ctx)
	result, err := session.Run(ctx, "UNWIND range(1, 1000000) AS x RETURN x", nil)
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for result.Next(ctx) {
		rows++
	}
	if rows != 1_000_000 || result.Err() != nil {
		t.Errorf("%d rows, %v", rows, result.Err())
	}
	result, err = session.Run(ctx, "UNWIND range(1, 100000000) AS x RETURN x", nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < 10 && result.Next(ctx); i++ {
	}
	if _, err := result.Consume(ctx); err != nil {
		t.Error(err)
	}
	data := bytes.Repeat([]byte{1, 2, 3, 255}, 1<<18)
	if got := one(t, driver, "RETURN $x", map[string]any{"x": data}); !bytes.Equal(got.([]byte), data) {
		t.Error("a megabyte of bytes came back changed")
	}
}
