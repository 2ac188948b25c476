package redisqueue

import (
	"strings"
	"testing"

	"tania/internal/redistest"
)

func TestServersSayWhatTheyMayLose(t *testing.T) {
	for _, c := range []struct {
		name  string
		args  []string
		risks []string
	}{
		{"nothing on disk", nil, []string{"append-only file: a restart"}},
		{"a second", []string{"--appendonly", "yes", "--appendfsync", "everysec"}, []string{"within a second"}},
		{"nothing", []string{"--appendonly", "yes", "--appendfsync", "always"}, nil},
		{
			"keys",
			[]string{"--appendonly", "yes", "--appendfsync", "always", "--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru"},
			[]string{"drops keys"},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, err := Inspect(t.Context(), connection(t, redistest.Start(t, c.args...)), "")
			if err != nil {
				t.Fatal(err)
			}
			risks := s.Risks()
			if s.Version == "" || len(risks) != len(c.risks) {
				t.Fatalf("%+v: %q", s, risks)
			}
			for i, want := range c.risks {
				if !strings.Contains(risks[i], want) {
					t.Errorf("%q, want %q in it", risks[i], want)
				}
			}
		})
	}
	old := Server{Version: "6.0.16", AppendOnly: true, Fsync: "always"}
	if risks := old.Risks(); len(risks) != 1 || !strings.Contains(risks[0], "6.2") {
		t.Errorf("%q", risks)
	}
}
