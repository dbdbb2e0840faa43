package drivers

import (
	"context"
	"errors"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

const firstPassword = "first-password"

func run(ctx context.Context, driver neo4j.DriverWithContext, query string, options ...neo4j.ExecuteQueryConfigurationOption) (*neo4j.EagerResult, error) {
	return neo4j.ExecuteQuery(ctx, driver, query, nil, neo4j.EagerResultTransformer, options...)
}

func codeOf(err error) string {
	var failure *neo4j.Neo4jError
	if errors.As(err, &failure) {
		return failure.Code
	}
	var refused *neo4j.ConnectivityError
	if errors.As(err, &refused) {
		return codeOf(refused.Inner)
	}
	if err == nil {
		return "nothing was refused"
	}
	return err.Error()
}

func as(t *testing.T, s *server, token neo4j.AuthToken, work func(context.Context, neo4j.DriverWithContext)) {
	t.Helper()
	ctx := context.Background()
	driver, err := neo4j.NewDriverWithContext(s.uri, token)
	if err != nil {
		t.Fatal(err)
	}
	defer driver.Close(ctx)
	work(ctx, driver)
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func expectCode(t *testing.T, err error, code string) {
	t.Helper()
	if got := codeOf(err); got != code {
		t.Errorf("%s, but expected %s", got, code)
	}
}

func TestAuth(t *testing.T) {
	s := startServer(t, t.TempDir(), "--auth", "--initial-password", firstPassword)
	defer s.stop(t)
	admin := neo4j.BasicAuth("neo4j", firstPassword, "")

	t.Run("only the right password logs in", func(t *testing.T) {
		as(t, s, admin, func(ctx context.Context, d neo4j.DriverWithContext) { must(t, d.VerifyConnectivity(ctx)) })
		for _, token := range []neo4j.AuthToken{neo4j.BasicAuth("neo4j", "wrong", ""), neo4j.BasicAuth("nobody", firstPassword, ""), neo4j.NoAuth()} {
			as(t, s, token, func(ctx context.Context, d neo4j.DriverWithContext) {
				_, err := run(ctx, d, "RETURN 1")
				expectCode(t, err, "Neo.ClientError.Security.Unauthorized")
			})
		}
	})

	t.Run("a password that must be changed", func(t *testing.T) {
		as(t, s, admin, func(ctx context.Context, d neo4j.DriverWithContext) {
			_, err := run(ctx, d, "CREATE USER fresh SET PASSWORD 'fresh-password' CHANGE REQUIRED")
			must(t, err)
		})
		as(t, s, neo4j.BasicAuth("fresh", "fresh-password", ""), func(ctx context.Context, d neo4j.DriverWithContext) {
			_, err := run(ctx, d, "RETURN 1")
			expectCode(t, err, "Neo.ClientError.Security.CredentialsExpired")
			_, err = run(ctx, d, "ALTER CURRENT USER SET PASSWORD FROM 'fresh-password' TO 'changed-password'", neo4j.ExecuteQueryWithDatabase("system"))
			must(t, err)
		})
		as(t, s, neo4j.BasicAuth("fresh", "changed-password", ""), func(ctx context.Context, d neo4j.DriverWithContext) {
			must(t, d.VerifyConnectivity(ctx))
		})
	})

	t.Run("roles, and another user on the same connection", func(t *testing.T) {
		as(t, s, admin, func(ctx context.Context, d neo4j.DriverWithContext) {
			_, err := run(ctx, d, "CREATE USER reader1 SET PASSWORD 'reader-password' CHANGE NOT REQUIRED")
			must(t, err)
			_, err = run(ctx, d, "GRANT ROLE reader TO reader1")
			must(t, err)
			token := neo4j.BasicAuth("reader1", "reader-password", "")
			for i := 0; i < 3; i++ { // the pool hands the same connection to both: LOGOFF, LOGON
				reader := d.NewSession(ctx, neo4j.SessionConfig{Auth: &token})
				result, err := reader.Run(ctx, "SHOW CURRENT USER YIELD user RETURN user", nil)
				must(t, err)
				record, err := result.Single(ctx)
				must(t, err)
				if record.Values[0] != "reader1" {
					t.Errorf("logged in as %v", record.Values[0])
				}
				_, err = reader.Run(ctx, "CREATE (:No)", nil)
				expectCode(t, err, "Neo.ClientError.Security.Forbidden")
				must(t, reader.Close(ctx))
				_, err = run(ctx, d, "CREATE (:Yes)")
				must(t, err)
			}
		})
	})
}
