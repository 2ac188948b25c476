package config

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/joho/godotenv"

	"tania/internal/setting"
)

// givenValue is a value and where it comes from.
type givenValue struct {
	value  string
	origin string // "the environment", or the path of the .env
	file   bool
}

// readSettings merges the environment over .env; empty values are left out.
func readSettings(environ []string, dotenvPath string) (map[string]givenValue, setting.Problems) {
	given := map[string]givenValue{}
	fromFile, problems := readDotenv(dotenvPath)
	for name, value := range fromFile {
		if value = strings.TrimSpace(value); value != "" {
			given[name] = givenValue{value, dotenvPath, true}
		}
	}
	own := map[string]string{}
	for _, line := range environ {
		name, value, _ := strings.Cut(line, "=")
		own[name] = strings.TrimSpace(value) // of two the last counts, as in a process
	}
	for name, value := range own {
		if value != "" {
			given[name] = givenValue{value, "the environment", false}
		}
	}
	return given, problems
}

// readDotenv reads a .env. A line that cannot be read is a problem that names its line and shows nothing of it:
// what stands there may be a secret.
func readDotenv(path string) (map[string]string, setting.Problems) {
	if path == "" {
		return nil, nil
	}
	source, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, setting.Problems{{Name: path, Text: "cannot be read: " + err.Error(), Fix: "make it readable for Tania, or remove it"}}
	}
	source = bytes.TrimPrefix(source, []byte("\ufeff"))
	values, err := godotenv.UnmarshalBytes(source)
	if err == nil {
		return values, expanded(path, source, values)
	}
	// What stands before the wrong line still counts, so that the rest of the configuration can be judged.
	line, values := firstWrongLine(source)
	return values, setting.Problems{{
		Name: fmt.Sprintf("%s:%d", path, line), Text: "this line, or the value that begins on it, cannot be read",
		Allowed: "NAME=value, # comments, values in closed quotation marks",
		Fix:     "write NAME=value; put a value with spaces, # or $ in single quotation marks, and close them",
	}}
}

// expanded finds secrets that lost a $ because it was read as the name of another variable.
func expanded(path string, source []byte, values map[string]string) setting.Problems {
	const mark = "\x01"
	literal, err := godotenv.UnmarshalBytes(bytes.ReplaceAll(source, []byte("$"), []byte(mark)))
	if err != nil {
		return nil
	}
	var ps setting.Problems
	for _, e := range entries() {
		as := strings.ReplaceAll(literal[e.Name], mark, "$")
		if e.Secret && as != values[e.Name] && !strings.Contains(as, "${") {
			ps = append(ps, setting.Problem{
				Name: e.Name, Value: setting.Shown(as, true), Text: "has a $ in " + path + " that is read as the name of another variable",
				Fix: "put the value in single quotation marks; write ${NAME} where another variable is meant",
			})
		}
	}
	return ps
}

// firstWrongLine finds the line (from 1) at which a .env stops being readable, and the values before it. The library's
// own error holds the rest of the file instead of a line.
func firstWrongLine(source []byte) (int, map[string]string) {
	lines := bytes.SplitAfter(source, []byte("\n"))
	for n := len(lines) - 1; n > 0; n-- {
		if values, err := godotenv.UnmarshalBytes(bytes.Join(lines[:n], nil)); err == nil {
			return n + 1, values
		}
	}
	return 1, nil
}

// prefixes of names that are Tania's own, or that only Tania and Chatwoot use.
var prefixes = []string{
	"CHATWOOT_", "GOVERNOR_", "QUEUE_", "WORKER_", "CACHE_", "BOT_", "TANIA_", "SEMANTIC_CACHE_", "HANDOFF_", "OPENAI_",
	"REDIS_", "LLM_", "DLQ_", "ALERT_", "TOOL_",
}

// otelPrefix begins the names that OpenTelemetry's libraries read; which ones there are is their business.
const otelPrefix = "OTEL_"

// unknownNames warns of names that look like ours and are not: in .env any such name, in the environment, which other
// programs share, only one that is nearly a variable of ours.
func unknownNames(given map[string]givenValue) []string {
	var known []string
	for _, e := range entries() {
		known = append(known, e.Name)
	}
	var warnings []string
	for _, name := range slices.Sorted(maps.Keys(given)) {
		ours := slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(name, p) })
		respelt := sameLetters(name, known)
		if slices.Contains(known, name) || holdsBotSecret(name) || strings.HasPrefix(name, toolPrefix) ||
			strings.HasPrefix(name, otelPrefix) || respelt == "" && !ours && !given[name].file {
			continue
		}
		if meant := cmp.Or(respelt, setting.Nearest(name, known)); meant != "" {
			warnings = append(warnings, fmt.Sprintf("%s (in %s) is not a variable of Tania: did you mean %s?; rename it", name, given[name].origin,
				meant))
		} else if ours && given[name].file {
			warnings = append(warnings, fmt.Sprintf("%s (in %s) is not a variable of Tania and has no effect; remove it", name, given[name].origin))
		}
	}
	return warnings
}

// sameLetters gives the known name that differs from another in its underscores alone, as OPENAI_API_KEY does from OPEN_AI_API_KEY; "" for
// none.
func sameLetters(name string, known []string) string {
	letters := func(s string) string { return strings.ReplaceAll(s, "_", "") }
	i := slices.IndexFunc(known, func(k string) bool { return k != name && letters(k) == letters(name) })
	if i < 0 {
		return ""
	}
	return known[i]
}
