package redistest

import (
	"fmt"
	"os"
	"testing"

	"go.uber.org/goleak"
)

// Main runs a package's tests with one Redis for those that do not harm it, and finds goroutines that they leave; it gives the process's
// exit code. ready is told of the server before the first test, and gives what is to be done after the last.
func Main(m *testing.M, ready func(*Server) (done func(), err error)) int {
	code, err := run(m, ready)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return code
}

func run(m *testing.M, ready func(*Server) (done func(), err error)) (code int, err error) {
	dir, err := os.MkdirTemp("", "tania-redis-*")
	if err != nil {
		return 0, err
	}
	defer func() { _ = os.RemoveAll(dir) }()
	server, err := New(dir)
	if err != nil {
		return 0, err
	}
	defer server.Kill()
	done, err := ready(server)
	if err != nil {
		return 0, err
	}
	code = m.Run()
	done()
	server.Kill()
	if code != 0 {
		return code, nil
	}
	return 0, goleak.Find(goleak.IgnoreAnyFunction("github.com/redis/rueidis.(*call).DelayDo.func1"),
		goleak.IgnoreAnyFunction("github.com/redis/rueidis.(*clusterClient)._refresh.func2"))
}
