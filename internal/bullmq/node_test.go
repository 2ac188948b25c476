package bullmq

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"tania/internal/chatwoot"
	"tania/internal/nodetest"
	"tania/internal/tania"
)

// job is what testdata/jobs.mjs writes.
type job struct {
	State    string `json:"state"`
	Data     any    `json:"data"`
	Priority int    `json:"priority,omitempty"`
}

// TestWhatBullMQWrote is the queue of a Node installation that was cut off at work: messages that waited by priority, were put off, had
// failed, were being answered, and were given up, two conversations of each mixture, in several forms.
func TestWhatBullMQWrote(t *testing.T) {
	for version, packages := range map[string][]string{
		"5": {"bullmq@5.81.5", "ioredis@5.9.2"},
		"6": {"bullmq@6.7.0", "ioredis@6.0.0"},
	} {
		t.Run(version, func(t *testing.T) {
			r := newRig(t)
			jobs, want := cutOff(t)
			input, err := json.Marshal(jobs)
			if err != nil {
				t.Fatal(err)
			}
			node := nodetest.Start(t, nodetest.Install(t, packages...), "testdata/jobs.mjs", input, fmt.Sprint("REDIS_PORT=", r.port))
			node.Await("written")
			if report := r.run(func(o *Options) { o.DryRun = true }); len(report.Running) == 0 || report.Failed == 0 || len(report.Left) != 0 {
				t.Errorf("while Node works: %+v", report)
			}
			node.Kill()
			r.unlocked()
			report := r.run(func(o *Options) { o.Failed = true })
			// A dead letter is among the failed jobs too.
			if report.Imported != len(jobs) || report.Duplicates != 2 || len(report.Running)+len(report.Left)+len(report.Settled) != 0 {
				t.Errorf("%+v", report)
			}
			got := map[tania.ConversationID][]tania.MessageID{}
			for range want {
				turn, err := r.engine.Claim(t.Context())
				if err != nil {
					t.Fatal(err)
				}
				for _, m := range turn.Messages {
					got[turn.Key.Conversation] = append(got[turn.Key.Conversation], m.ID)
					if m.Content != fmt.Sprintf("pregunta %d", m.ID) || m.Inbox != 12 || m.Contact.Name == "" {
						t.Errorf("%+v", m)
					}
				}
				if err := r.engine.Complete(t.Context(), turn); err != nil {
					t.Fatal(err)
				}
			}
			if !maps.EqualFunc(got, want, slices.Equal) {
				t.Errorf("answered %v, want %v", got, want)
			}
			if again := r.run(func(o *Options) { o.Failed = true }); again.Imported+again.Duplicates != 0 {
				t.Errorf("again: %+v", again)
			}
		})
	}
}

// TestPushesAreInOrder: a worker that answers while the import runs gets a conversation's messages by their ids, whatever states they were
// in.
func TestPushesAreInOrder(t *testing.T) {
	r := newRig(t)
	var got, want []tania.MessageID
	for n, state := range []string{"failed", "delayed", "prioritized", "wait", "active", "wait", "delayed"} {
		r.add(state, flat(10, 106-n))
		want = append(want, tania.MessageID(100+n))
	}
	r.run(func(o *Options) {
		o.Failed = true
		o.Intake = watched{r.o.Intake, func(ctx context.Context, e *chatwoot.Event, received time.Time) (tania.Reason, error) {
			got = append(got, e.Message.ID)
			return r.o.Intake.Import(ctx, e, received)
		}}
	})
	if !slices.Equal(got, want) {
		t.Errorf("pushed %v, want %v", got, want)
	}
}

// cutOff are the jobs, and what is to be answered in each conversation.
func cutOff(t *testing.T) (jobs []job, want map[tania.ConversationID][]tania.MessageID) {
	t.Helper()
	want = map[tania.ConversationID][]tania.MessageID{}
	id := tania.MessageID(80001)
	for n, states := range []string{
		"failed delayed prioritized wait", "active wait prioritized", "dead active delayed",
		"wait prioritized delayed", "prioritized prioritized prioritized", "dead wait",
	} {
		conversation := tania.ConversationID(2000 + n)
		for k, state := range strings.Fields(states) {
			jobs = append(jobs, job{State: state, Priority: 10 - k, Data: data(t, n, conversation, id)})
			want[conversation] = append(want[conversation], id)
			id++
		}
	}
	slices.Reverse(jobs) // what came last is what BullMQ has first
	return jobs, want
}

// data is a job's in one of the forms: the original's, one with the raw body, and one of fields alone.
func data(t *testing.T, form int, conversation tania.ConversationID, id tania.MessageID) any {
	t.Helper()
	content := fmt.Sprintf("pregunta %d", id)
	body := widget(t, func(o map[string]any) {
		o["id"], o["content"] = id, content
		c := o["conversation"].(map[string]any)
		c["id"] = conversation
		for _, m := range c["messages"].([]any) {
			m.(map[string]any)["id"], m.(map[string]any)["content"] = id, content
		}
	})
	switch form % 3 {
	case 0:
		return map[string]any{
			"conversationId": conversation, "accountId": 3, "inboxId": 12, "messageText": content, "contact": body["sender"],
			"routing": map[string]any{"intent": "general"}, "governorContext": map[string]any{"messageId": id}, "originalBody": body,
		}
	case 1:
		return map[string]any{"receivedAt": 1795471906691, "raw": text(t, body)}
	}
	return map[string]any{
		"conversationId": conversation, "accountId": 3, "inboxId": 12, "messageText": content,
		"contact":         map[string]any{"id": 502, "name": "Ana"},
		"governorContext": map[string]any{"messageId": id},
	}
}

// unlocked waits for the end of the locks that the killed worker's jobs have: Redis alone knows when that is.
func (r *rig) unlocked() {
	r.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for time.Now().Before(deadline) {
		keys, err := r.client.Do(r.Context(), r.client.B().Keys().Pattern("bull:*:lock").Build()).AsStrSlice()
		if err != nil {
			r.Fatal(err)
		}
		if len(keys) == 0 {
			return
		}
	}
	r.Fatal("the locks of a dead worker's jobs do not end")
}
