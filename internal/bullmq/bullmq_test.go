package bullmq

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/redis/rueidis"

	"tania/internal/queue"
	"tania/internal/queue/redisqueue"
	"tania/internal/redistest"
	"tania/internal/tania"
)

// rig is a BullMQ queue as BullMQ 6.7 leaves it, and Tania's engine on the same Redis.
type rig struct {
	*testing.T
	client rueidis.Client
	engine *redisqueue.Engine
	o      Options
	added  int
}

func newRig(t *testing.T) *rig {
	t.Helper()
	connect, err := redisqueue.ParseURL(redistest.Start(t).URL())
	if err != nil {
		t.Fatal(err)
	}
	connect.DisableCache = true
	client, err := rueidis.NewClient(connect)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.Close)
	engine, err := redisqueue.Open(t.Context(), redisqueue.Options{Options: queue.Options{Debounce: -1, DebounceMax: -1}, Redis: connect})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = engine.Close() })
	return &rig{T: t, client: client, engine: engine, o: Options{Client: client, Name: "tania-messages", Account: 3, Push: engine.Push}}
}

func (r *rig) do(command ...string) {
	r.Helper()
	if err := r.client.Do(r.Context(), r.client.B().Arbitrary(command...).Build()).Error(); err != nil {
		r.Fatal(command, err)
	}
}

// add puts a job where BullMQ would.
func (r *rig) add(state, data string) string {
	r.Helper()
	r.added++
	id := fmt.Sprint(r.added)
	r.do("HSET", "bull:tania-messages:"+id, "name", "msg", "data", data, "opts", `{"attempts":0}`, "timestamp", "1795471906691", "delay", "0", "priority", "0", "ats", "1")
	switch state {
	case "wait", "paused", "active":
		r.do("LPUSH", "bull:tania-messages:"+state, id)
	default:
		r.do("ZADD", "bull:tania-messages:"+state, "7354253175660544", id)
	}
	return id
}

func (r *rig) run(change func(*Options)) Report {
	r.Helper()
	o := r.o
	if change != nil {
		change(&o)
	}
	report, err := Import(r.Context(), o)
	if err != nil {
		r.Fatal(err)
	}
	return report
}

// waiting gives the ids of all messages in Tania's queue, conversation by conversation.
func (r *rig) waiting() (ids []tania.MessageID) {
	r.Helper()
	s, err := r.engine.Stats(r.Context())
	if err != nil {
		r.Fatal(err)
	}
	for range s.Waiting {
		turn, err := r.engine.Claim(r.Context())
		if err == nil {
			err = r.engine.Complete(r.Context(), turn)
		}
		if err != nil {
			r.Fatal(err)
		}
		for _, m := range turn.Messages {
			ids = append(ids, m.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

func flat(conversation, id int) string {
	return fmt.Sprintf(`{"accountId":1,"conversationId":%d,"messageId":%d,"content":"hola","contactName":"Ana"}`, conversation, id)
}

func TestEveryStateIsMovedOnce(t *testing.T) {
	r := newRig(t)
	for i, state := range []string{"wait", "paused", "active", "prioritized", "delayed", "failed"} {
		r.add(state, flat(10+i, 100+i))
	}
	if report := r.run(func(o *Options) { o.DryRun = true }); report.Imported != 5 {
		t.Errorf("a dry run counts %+v", report)
	}
	if report := r.run(nil); report.Imported != 5 || report.Duplicates+len(report.Running)+len(report.Left) != 0 {
		t.Errorf("%+v", report)
	}
	if report := r.run(nil); report.Imported != 0 {
		t.Errorf("the second import moved %+v", report)
	}
	if report := r.run(func(o *Options) { o.Failed = true }); report.Imported != 1 {
		t.Errorf("failed jobs: %+v", report)
	}
	if got, want := r.waiting(), []tania.MessageID{100, 101, 102, 103, 104, 105}; !slices.Equal(got, want) {
		t.Errorf("moved %v, want %v", got, want)
	}
	if left, _ := r.client.Do(t.Context(), r.client.B().Keys().Pattern("bull:*").Build()).AsStrSlice(); len(left) != 0 {
		t.Errorf("%v are left", left)
	}
}

func TestJobsThatAWorkerHasAreLeftToIt(t *testing.T) {
	r := newRig(t)
	id := r.add("active", flat(10, 100))
	r.do("SET", "bull:tania-messages:"+id+":lock", "token", "PX", "60000")
	if report := r.run(nil); !slices.Equal(report.Running, []string{id}) || report.Imported != 0 {
		t.Errorf("%+v", report)
	}
	r.do("DEL", "bull:tania-messages:"+id+":lock")
	if report := r.run(nil); report.Imported != 1 {
		t.Errorf("after the worker's end: %+v", report)
	}
}

// TestAnImportThatBreaksOffIsFinishedByTheNext: a crash between any two steps loses nothing and doubles nothing.
func TestAnImportThatBreaksOffIsFinishedByTheNext(t *testing.T) {
	for _, pushed := range []bool{false, true} {
		r := newRig(t)
		for i := range 5 {
			r.add("wait", flat(10+i, 100+i))
		}
		broken := errors.New("the process died")
		o, pushes := r.o, 0
		o.Push = func(ctx context.Context, m tania.Message) (queue.Receipt, error) {
			if pushes++; pushes != 3 {
				return r.engine.Push(ctx, m)
			}
			if pushed {
				if _, err := r.engine.Push(ctx, m); err != nil {
					return queue.Receipt{}, err
				}
			}
			return queue.Receipt{}, broken
		}
		if _, err := Import(t.Context(), o); !errors.Is(err, broken) {
			t.Fatal(err)
		}
		report := r.run(nil)
		if report.Imported+report.Duplicates != 3 || (report.Duplicates == 1) != pushed {
			t.Errorf("the second import: %+v", report)
		}
		if got := r.waiting(); len(got) != 5 {
			t.Errorf("%v are there, want five", got)
		}
	}
}

func TestWhatJobsMayHold(t *testing.T) {
	widget, err := os.ReadFile("testdata/message_created.json")
	if err != nil {
		t.Fatal(err)
	}
	r := newRig(t)
	for _, c := range []struct {
		name, data string
		left       string
	}{
		{"a webhook", string(widget), ""},
		{"a webhook under payload", `{"receivedAt":1,"payload":` + string(widget) + `}`, ""},
		{"a webhook under body", `{"body":` + string(widget) + `}`, ""},
		{"parts", flat(10, 1), ""},
		{"parts in snake case and text", `{"account_id":"1","conversation_id":"10","message_id":"1","text":"hola"}`, ""},
		{"no account", `{"conversationId":10,"messageId":1,"content":"hola"}`, ""},
		{"no conversation", `{"accountId":1,"messageId":1,"content":"hola"}`, "no conversation"},
		{"no message id", `{"accountId":1,"conversationId":1,"content":"hola"}`, "no message id"},
		{"no text", `{"accountId":1,"conversationId":1,"messageId":1}`, "no text"},
		{"no JSON", `{`, "no JSON object"},
		{"an id beyond 2^53", `{"accountId":1,"conversationId":1,"messageId":9007199254740993,"content":"x"}`, "no message id"},
	} {
		m, err := message([]byte(c.data), 3, added("1795471906691"))
		if (err == nil) != (c.left == "") || err != nil && !strings.Contains(err.Error(), c.left) {
			t.Errorf("%s: %v", c.name, err)
		}
		if err == nil && (m.ID == 0 || m.Key.Account == 0 || m.Key.Conversation == 0 || m.Content == "") {
			t.Errorf("%s: %+v", c.name, m)
		}
	}
	id := r.add("wait", `{"no":"message"}`)
	if report := r.run(nil); report.Left[id] == "" || report.Imported != 0 {
		t.Errorf("%+v", report)
	}
	if n, _ := r.client.Do(t.Context(), r.client.B().Llen().Key("bull:tania-messages:wait").Build()).AsInt64(); n != 1 {
		t.Error("a job that cannot be read was removed")
	}
}
