package redistest

import (
	"strings"
	"testing"
)

// Dir is where the server's files are.
func (s *Server) Dir() string { return s.dir }

// Info gives a field of INFO, "used_memory" for example; the test fails when there is none.
func (s *Server) Info(t testing.TB, field string) string {
	t.Helper()
	for line := range strings.Lines(s.Do(t, "INFO", "all")) {
		if value, ok := strings.CutPrefix(strings.TrimSpace(line), field+":"); ok {
			return value
		}
	}
	t.Fatalf("INFO has no %s", field)
	return ""
}
