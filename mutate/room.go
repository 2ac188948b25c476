package main

import (
	"bufio"
	_ "embed"
	"fmt"
	"strings"
)

// room is a part of the program whose own tests must notice its faults.
type room struct {
	name     string
	packages []string
}

// rooms are the heart: what decides whether, when and what a customer is told.
var rooms = []room{
	{name: "worker", packages: []string{"tania/internal/worker"}},
	{name: "reply", packages: []string{"tania/internal/reply"}},
	{name: "governor", packages: []string{"tania/internal/governor"}},
	{name: "handoff", packages: []string{"tania/internal/handoff"}},
	{name: "sqlite", packages: []string{
		"tania/internal/queue/sqlitequeue", "tania/internal/queue/sqlitequeue/file",
		"tania/internal/queue/sqlitequeue/schedule",
	}},
	{name: "redis", packages: []string{"tania/internal/queue/redisqueue"}},
	{name: "cache", packages: []string{"tania/internal/cache/same", "tania/internal/cache/shareable"}},
}

//go:embed equivalent.txt
var equivalentText string

// equivalents are mutants that no test can tell from the program, with the reason: "package/file | function | kind | code # reason".
func equivalents(text string) (map[string]string, error) {
	known := map[string]string{}
	for lines := bufio.NewScanner(strings.NewReader(text)); lines.Scan(); {
		line := strings.TrimSpace(lines.Text())
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		key, reason, ok := strings.Cut(line, " # ")
		if !ok || strings.TrimSpace(reason) == "" {
			return nil, fmt.Errorf("equivalent.txt: %q has no reason", line)
		}
		known[key] = reason
	}
	return known, nil
}
