package redisqueue

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"tania/internal/redistest"
)

// TestAPlainTurnRunsTheCommandsThatItNeeds counts what Redis runs for a turn that uses neither the journal nor parking: what these need
// must cost nobody else a command. The numbers are those of before there were such.
func TestAPlainTurnRunsTheCommandsThatItNeeds(t *testing.T) {
	s := redistest.Start(t)
	e := process(t, s, name(), nil)
	steps := []struct {
		name string
		do   func(id int)
		most int
	}{
		{"counting", func(int) {}, math.MaxInt},
		{"push", func(id int) { push(t, e, key(1, id), id) }, 12},
		{"claim and release", func(int) { try(t, e.Release(t.Context(), claim(t, e))) }, 32},
		{"claim again and complete", func(int) { try(t, e.Complete(t.Context(), claim(t, e))) }, 29},
	}
	// The least of several turns: what engines do by themselves now and then is counted too.
	least := make([]int, len(steps))
	for i := range least {
		least[i] = math.MaxInt
	}
	for id := 1; id <= 6; id++ {
		for i, step := range steps {
			before := commandsRun(t, s)
			step.do(id)
			least[i] = min(least[i], commandsRun(t, s)-before)
		}
	}
	for i, step := range steps[1:] {
		if n := least[1+i] - least[0]; n > step.most {
			t.Errorf("%s runs %d commands, want at most %d", step.name, n, step.most)
		}
	}
}

// commandsRun is how many commands Redis has run, those that scripts call among them.
func commandsRun(t *testing.T, s *redistest.Server) (n int) {
	t.Helper()
	for line := range strings.Lines(s.Do(t, "INFO", "commandstats")) {
		if _, rest, ok := strings.Cut(strings.TrimSpace(line), ":calls="); ok {
			count, _, _ := strings.Cut(rest, ",")
			calls, err := strconv.Atoi(count)
			if err != nil {
				t.Fatal(err)
			}
			n += calls
		}
	}
	return n
}
