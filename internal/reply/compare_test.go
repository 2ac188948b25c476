package reply_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"tania/internal/answer"
	"tania/internal/answer/llm"
	"tania/internal/reply"
	"tania/internal/tania"
)

// prefixing answers every question with it in a prefix, of the sources, at the cost of calls.
type prefixing struct {
	prefix  string
	sources []string
	calls   int
	err     error
}

func (s prefixing) Answer(_ context.Context, q answer.Question) (answer.Answer, error) {
	return answer.Answer{Text: s.prefix + q.Text, Known: true, Sources: s.sources, Usage: tania.Usage{Calls: s.calls}}, s.err
}

func (prefixing) WithoutModel(context.Context, answer.Question) (answer.Answer, bool) {
	return answer.Answer{}, false
}

func by(s prefixing) reply.Rehearsal {
	r := rehearsal(&known{}, nil)
	r.Answerer = s
	return r
}

// TestTextsAreAnsweredSideBySide: many at a time, each in its place, by both bots.
func TestTextsAreAnsweredSideBySide(t *testing.T) {
	var texts []string
	for i := range 20 {
		texts = append(texts, fmt.Sprintf("%s número %d", price, i))
	}
	got := reply.Compare(t.Context(), by(prefixing{prefix: "antes: "}), by(prefixing{prefix: "después: "}), 1, texts)
	if len(got) != len(texts) {
		t.Fatalf("%d texts of %d", len(got), len(texts))
	}
	for i, c := range got {
		if err := errors.Join(c.LiveErr, c.DraftErr); err != nil || c.Text != texts[i] || c.Live.Text() != "antes: "+texts[i] ||
			c.Draft.Text() != "después: "+texts[i] {
			t.Errorf("%d: %q by %q and %q, %v", i, c.Text, c.Live.Text(), c.Draft.Text(), err)
		}
	}
}

func TestWhatDiffers(t *testing.T) {
	plain := prefixing{prefix: "a"}
	for name, x := range map[string]struct {
		live, draft prefixing
		want        bool
	}{
		"nothing":                              {plain, plain, false},
		"the words":                            {plain, prefixing{prefix: "b"}, true},
		"the words of models":                  {prefixing{prefix: "a", calls: 1}, prefixing{prefix: "b", calls: 1}, false},
		"the words of a model and of no model": {plain, prefixing{prefix: "b", calls: 1}, false},
		"the sources":                          {plain, prefixing{prefix: "a", sources: []string{"faq:x"}}, true},
		"one has no answer":                    {plain, prefixing{err: &reply.NoModelError{Cause: llm.ErrBudget}}, true},
	} {
		c := reply.Compare(t.Context(), by(x.live), by(x.draft), 1, []string{price})[0]
		if got := c.Differs(); got != x.want {
			t.Errorf("%s: %t, by %+v and %+v (%v, %v)", name, got, c.Live, c.Draft, c.LiveErr, c.DraftErr)
		}
	}
}
