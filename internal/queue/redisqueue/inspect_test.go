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

// TestWhichVersionsAreTooOld: those before 6.2, and what is no version.
func TestWhichVersionsAreTooOld(t *testing.T) {
	for version, old := range map[string]bool{
		"": false, "5.9.1": true, "6.0.16": true, "6.1.0": true, "6.2.0": false, "6.2": false, "6.10.1": false, "7.0.1": false, "10.1.0": false,
		"7": true, "new": true,
	} {
		risks := Server{Version: version, AppendOnly: true, Fsync: "always"}.Risks()
		if len(risks) > 0 != old {
			t.Errorf("%q: %q", version, risks)
		}
	}
}

// TestWhichNodesTakeWrites: masters, and one that may not say what it is.
func TestWhichNodesTakeWrites(t *testing.T) {
	s := redistest.Start(t)
	e := process(t, s, name(), nil)
	for _, test := range []struct {
		command []string
		masters int
	}{
		{[]string{"PING"}, 1},
		{[]string{"REPLICAOF", "127.0.0.1", "1"}, 0},
		{[]string{"ACL", "SETUSER", "default", "-role"}, 1},
	} {
		s.Do(t, test.command...)
		if got := e.masters(t.Context()); len(got) != test.masters {
			t.Errorf("after %q: %d masters, want %d", test.command, len(got), test.masters)
		}
	}
}
