package drivers

import (
	"bufio"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"testing"
)

// server is the real binary on a free port and a folder of its own.
type server struct {
	data    string
	uri     string
	command *exec.Cmd
}

func startServer(t *testing.T, data string, options ...string) *server {
	t.Helper()
	s := &server{data: data}
	words := []string{"serve", "--data", data, "--bolt", "127.0.0.1:0", "--http", "off", "--log-level", "warn"}
	s.command = exec.Command(os.Getenv("SERVER_BINARY"), append(words, options...)...)
	s.command.Stderr = os.Stderr
	out, err := s.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.command.Start(); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || !strings.HasPrefix(line, "ready bolt://") {
		t.Fatalf("the server did not start: %q %v", line, err)
	}
	s.uri = strings.Fields(line)[1]
	return s
}

func (s *server) kill() {
	_ = s.command.Process.Kill()
	_ = s.command.Wait()
}

func (s *server) stop(t *testing.T) {
	_ = s.command.Process.Signal(syscall.SIGTERM)
	if err := s.command.Wait(); err != nil {
		t.Errorf("the server ended with %v", err)
	}
}
