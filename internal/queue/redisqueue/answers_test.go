package redisqueue

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/redis/rueidis"

	"tania/internal/queue"
	"tania/internal/tania"
)

// says gives what Redis answers to a script that returns a value of Lua.
func says(t *testing.T, value string) rueidis.RedisMessage {
	t.Helper()
	m, err := admin.Do(t.Context(), admin.B().Eval().Script("return {"+value+"}").Numkeys(0).Build()).ToMessage()
	if err != nil {
		t.Fatalf("%s: %v", value, err)
	}
	list, err := m.ToArray()
	if err != nil || len(list) != 1 {
		t.Fatalf("%s: %v, %v", value, list, err)
	}
	return list[0]
}

// TestAnAnswerThatIsNotUnderstoodIsAnError: with a part too few or too many, or one that cannot be what it stands for.
func TestAnAnswerThatIsNotUnderstoodIsAnError(t *testing.T) {
	for name, test := range map[string]struct {
		read  func(*rueidis.RedisMessage) error
		parts []string
		// bad are values that a part cannot have.
		bad map[int][]string
	}{
		"turn": {
			func(m *rueidis.RedisMessage) error { _, _, err := readTurn(m); return err },
			[]string{`'t'`, `'1:2'`, `3`, `7`, `'plan'`, `0`, `0`, `5`, `1`, `{'{"id":1}'}`, `false`},
			map[int][]string{
				1: {`'no key'`}, 2: {`'x'`}, 3: {`'x'`}, 4: {`{}`}, 5: {`'x'`}, 6: {`'x'`}, 7: {`'x'`}, 8: {`'x'`},
				9: {`'x'`, `{'{'}`}, 10: {`{1}`, `'x'`},
			},
		},
		"dead letter": {
			func(m *rueidis.RedisMessage) error { _, err := readDead(m); return err },
			[]string{`'t'`, `'1:2'`, `'[{"id":1}]'`, `'[1,2,"down"]'`, `'5'`, `'plan'`, `{{'refund', false}}`, `false`},
			map[int][]string{
				0: {`{}`}, 1: {`'no key'`, `{}`}, 2: {`'{'`, `{}`}, 3: {`'{'`, `'["x",2,"down"]'`, `'[1,"x","down"]'`, `'[1,2,3]'`, `{}`}, 4: {`{}`},
				5: {`{}`}, 6: {`'x'`, `{{1}}`}, 7: {`{1}`, `'x'`},
			},
		},
		"parked turn": {
			func(m *rueidis.RedisMessage) error { _, err := readParkedTurn(m); return err },
			[]string{`'t'`, `'1:2'`, `{'{"id":1}'}`, `{'why', '1', '2', false, false, false}`},
			map[int][]string{1: {`'no key'`}, 2: {`'x'`, `{'{'}`}, 3: {`{1}`, `false`}},
		},
		"parking": {
			func(m *rueidis.RedisMessage) error { _, err := readParked(m); return err },
			[]string{`'why'`, `'1'`, `'2'`, `'3'`, `'ana'`, `'yes'`},
			map[int][]string{0: {`{}`}, 1: {`'x'`, `{}`}, 2: {`'x'`}, 3: {`'x'`}, 4: {`{}`}, 5: {`{}`}},
		},
	} {
		read := func(parts []string) error {
			m := says(t, "{"+strings.Join(parts, ", ")+"}")
			return test.read(&m)
		}
		if err := read(test.parts); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		for _, parts := range [][]string{test.parts[:len(test.parts)-1], append(test.parts[:len(test.parts):len(test.parts)], "'more'")} {
			if err := read(parts); err == nil {
				t.Errorf("%s: %d parts are understood, there must be %d", name, len(parts), len(test.parts))
			}
		}
		for i, values := range test.bad {
			for _, value := range values {
				parts := append([]string{}, test.parts...)
				parts[i] = value
				if err := read(parts); err == nil {
					t.Errorf("%s: part %d may be %s", name, i, value)
				}
			}
		}
	}
	for value, entries := range map[string]int{
		`{}`: 0, `{{'a', false}}`: 1, `{{'a', 'b'}, {'c', 'd'}}`: 2,
		`'x'`: -1, `{1}`: -1, `{{'a'}}`: -1, `{{'a', 'b', 'c'}}`: -1, `{{{}, 'b'}}`: -1, `{{'a', {}}}`: -1,
	} {
		m := says(t, value)
		list, err := readCalls(&m)
		if (err != nil) != (entries < 0) || err == nil && len(list) != entries {
			t.Errorf("a journal %s is read as %v, %v", value, list, err)
		}
	}
}

// TestWhatAnAnswerSays is read part by part.
func TestWhatAnAnswerSays(t *testing.T) {
	for newer, want := range map[string]bool{`0`: false, `1`: true} {
		m := says(t, `{'t', '1:2', 3, 7, false, 4, 5, 6, `+newer+`, {}, {'why', '1', '2', '3', 'ana', 'yes'}}`)
		turn, told, err := readTurn(&m)
		if err != nil || told != want {
			t.Fatalf("%+v, %v, %v", turn, told, err)
		}
		read := &queue.Turn{
			ID: "t", Key: key(1, 2), Attempt: 3, Token: 7, Restarts: 4, Deferred: 5, Due: fromMicros(6), Messages: []tania.Message{},
			Parked: &queue.Parked{
				Why: []byte("why"), Since: fromMicros(1), Until: fromMicros(2), Decided: fromMicros(3), By: "ana", Decision: []byte("yes"),
			},
		}
		if diff := cmp.Diff(read, turn); diff != "" {
			t.Error(diff)
		}
	}
	open := says(t, `{'why', '1', '2', false, false, 'yes'}`)
	if p, err := readParked(&open); err != nil || !p.Decided.IsZero() || p.Decision != nil || p.By != "" {
		t.Errorf("%+v, %v: nobody decided", p, err)
	}
	never := says(t, `false`)
	if p, err := readParked(&never); err != nil || p != nil {
		t.Errorf("%+v, %v: it was never parked", p, err)
	}
}
