package store

import (
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"
)

// named are the rooms and files whose code may say which store it is, each with the reason.
var named = map[string]string{
	"internal/queue/redisqueue":       "the engine",
	"internal/cache/store/redisstore": "the engine of the cache",
	"internal/redistest":              "starts servers for tests",
	"internal/cache/store/storetest":  "the suite of the cache's stores: a goroutine of the client is known by name",
	"internal/store":                  "chooses the engines",
	"internal/config":                 "the table of settings",
	"internal/queue/enginetest":       "opens both engines for tests",
	"internal/doctor":                 "checks the server",
	"internal/bullmq":                 "BullMQ's own queue is in Redis",
	"cmd/tania/importbullmq.go":       "BullMQ's own queue is in Redis",
	"internal/queue/queue.go":         "the name in JSON is the specification's",
	"internal/telemetry/sources.go":   "the metric tania_redis_up is what dashboards and alerts of others ask for",
	"internal/alert/alert.go":         "the alert redis_lost is what receivers of alerts know",
	"internal/alert/rules.go":         "the alert redis_lost is what receivers of alerts know",
}

// TestOnlyTheOpenerNamesTheEngines: another store is a change in few places. Comments are left out.
func TestOnlyTheOpenerNamesTheEngines(t *testing.T) {
	const word = "redis"
	root := os.DirFS("../..")
	seen := map[string]bool{}
	for _, top := range []string{"internal", "cmd"} {
		err := fs.WalkDir(root, top, func(name string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") {
				return err
			}
			source, err := fs.ReadFile(root, name)
			if err != nil {
				return err
			}
			file := token.NewFileSet().AddFile(name, -1, len(source))
			var s scanner.Scanner
			s.Init(file, source, nil, 0)
			for {
				at, kind, text := s.Scan()
				if kind == token.EOF {
					return nil
				}
				if !strings.Contains(strings.ToLower(text), word) {
					continue
				}
				switch allowed := reasonFor(name); allowed {
				case "":
					t.Errorf("%s: %s names a store", file.Position(at), text)
				default:
					seen[allowed] = true
				}
			}
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for name := range named {
		if !seen[name] {
			t.Errorf("%s does not name a store any more: take it off the list", name)
		}
	}
}

// reasonFor is the entry of named that a file is under, "" for none.
func reasonFor(name string) string {
	for room := range named {
		if name == room || strings.HasPrefix(name, room+"/") {
			return room
		}
	}
	return ""
}
