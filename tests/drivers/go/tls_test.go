package drivers

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

func TestTls(t *testing.T) {
	folder := os.Getenv("TLS_FOLDER")
	t.Setenv("SSL_CERT_FILE", filepath.Join(folder, "ca.pem")) // the machine's authorities, for the schemes that check
	s := startServer(t, t.TempDir(), "--tls", "required", "--tls-certificate", filepath.Join(folder, "server.pem"),
		"--tls-key", filepath.Join(folder, "server.key"))
	defer s.stop(t)
	ctx := context.Background()
	for _, scheme := range []string{"bolt+s", "bolt+ssc", "neo4j+s", "neo4j+ssc", "bolt"} {
		driver, err := neo4j.NewDriverWithContext(strings.Replace(s.uri, "bolt", scheme, 1), neo4j.NoAuth())
		if err != nil {
			t.Fatal(err)
		}
		if scheme == "bolt" {
			if driver.VerifyConnectivity(ctx) == nil {
				t.Error("a client without TLS was served where TLS is required")
			}
		} else if result, err := neo4j.ExecuteQuery(ctx, driver, "RETURN 1 AS x", nil, neo4j.EagerResultTransformer); err != nil || len(result.Records) != 1 {
			t.Errorf("%s: %v", scheme, err)
		}
		if err := driver.Close(ctx); err != nil {
			t.Error(err)
		}
	}
}
