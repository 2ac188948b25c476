package redisqueue

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"tania/internal/queue"
	"tania/internal/redistest"
	"tania/internal/tania"
)

// TestMemoryOfAWaitingMessage: at most half again as much as its body, and 200 bytes.
func TestMemoryOfAWaitingMessage(t *testing.T) {
	const n = 5_000                          // tables that double are as full as with four times as many
	for _, each := range []int{1, 5, 5000} { // messages of a conversation
		for _, letters := range []int{5, 100, 1000} {
			t.Run(fmt.Sprintf("%d in a conversation of %d letters", each, letters), func(t *testing.T) {
				s := redistest.Start(t)
				e := process(t, s, name(), func(o *Options) { o.Debounce, o.DebounceMax = time.Hour, time.Hour })
				at := time.Date(2026, 6, 17, 9, 0, 1, 123_456_789, time.UTC) // nine digits: what is left out of a shorter one would shrink the limit
				message := func(i int) tania.Message {
					return tania.Message{
						ID: tania.MessageID(7_000_000 + i), Key: key(3, 40_000+i/each), Inbox: 11, Channel: tania.ChannelWhatsApp,
						Contact: tania.Contact{ID: 51_823, Name: "María Fernanda López", Phone: "+5215512345678"},
						Content: strings.Repeat("a", letters), Status: tania.StatusPending, CanReply: true, Created: at, Received: at,
					}
				}
				body, err := json.Marshal(message(1))
				if err != nil {
					t.Fatal(err)
				}
				before := used(t, s)
				var pushing sync.WaitGroup
				for w := range 32 {
					pushing.Go(func() {
						for i := w; i < n; i += 32 {
							if _, err := e.Push(t.Context(), message(i)); err != nil {
								t.Error(err)
							}
						}
					})
				}
				pushing.Wait()
				most, cost := len(body)*3/2+200, (used(t, s)-before)/n
				t.Logf("%d bytes for a body of %d, at most %d", cost, len(body), most)
				if cost > most {
					t.Errorf("%d bytes for a body of %d, want at most %d", cost, len(body), most)
				}
			})
		}
	}
}

// used is what the keys cost, in bytes, by Redis's own account of each, all of its elements counted. The memory of the process would
// count the buffers of connections as well, which grow and shrink with their traffic.
func used(t *testing.T, s *redistest.Server) int {
	t.Helper()
	const sum = `local n = 0
for _, key in ipairs(redis.call('KEYS', '*')) do n = n + redis.call('MEMORY', 'USAGE', key, 'SAMPLES', 0) end
return n`
	answer := s.Do(t, "EVAL", sum, "0")
	n, err := strconv.Atoi(answer)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestNothingIsLeft: when everything is done and its time is over, Redis is empty but for what ends by itself.
func TestNothingIsLeft(t *testing.T) {
	s := newStore(t, queue.Options{Debounce: -1, DebounceMax: -1, MaxAttempts: 1})
	t.Cleanup(s.Remove)
	for id := 1; id <= 20; id++ {
		push(t, s.e, key(1+id%3, id), id)
		turn := claim(t, s.e)
		record := tania.Record{Key: turn.Key, Message: turn.Messages[0].ID, At: s.Now()}
		var err error
		switch id % 4 {
		case 0:
			err = s.e.Bury(t.Context(), turn, nil, record)
		case 1:
			err = s.e.Retry(t.Context(), turn, 0, nil)
			if err == nil {
				err = s.e.Complete(t.Context(), claim(t, s.e), record)
			}
		default:
			err = s.e.Complete(t.Context(), turn, record)
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, err := s.e.UpdateConversation(t.Context(), turn.Key, func(*tania.Conversation) bool { return true }); err != nil {
			t.Fatal(err)
		}
	}
	if err := s.e.Count(t.Context(), map[string]int64{"calls": 3}); err != nil {
		t.Fatal(err)
	}
	if _, err := s.e.Pause(t.Context(), "me"); err != nil {
		t.Fatal(err)
	}
	if _, err := s.e.Resume(t.Context(), "me"); err != nil {
		t.Fatal(err)
	}
	s.Advance(365 * 24 * time.Hour)
	for _, k := range s.keys() {
		if k == partitionsKey(s.o.Name) { // a queue keeps its shape
			continue
		}
		if ends, err := admin.Do(t.Context(), admin.B().Pttl().Key(k).Build()).AsInt64(); err != nil || ends < 0 {
			t.Errorf("%s is left for ever (%v)", k, err)
		}
	}
}
