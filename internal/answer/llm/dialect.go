package llm

import (
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"tania/internal/answer/llm/complaint"
)

// speech says which optional parts of a request a server takes; compatible servers differ.
type speech struct {
	// tokens is the name of the length limit; "" for none. renamed says that it is not the first that was tried.
	tokens  string
	renamed bool
	// Left out: temperature, user, tools; system text goes into the first message of the user.
	noTemperature, noUser, noTools, noSystem bool
	// plainSchema leaves out of the tool's schema what not all take; single makes one message of the conversation.
	plainSchema, single bool
	// stream asks for the answer in pieces.
	stream bool
	// limit bounds the answer more closely than is asked for, 0 where it need not.
	limit int
}

// dialect is what was learnt of a model's server. It starts with what most take, adapts when an error names a part, and forgets after a
// while, so that a server which was changed is asked for everything again.
type dialect struct {
	first string
	mu    sync.Mutex
	known *speech
	// until is when what is known is to be found out again.
	until time.Time
	// tryAgain is when a refusal without an explanation may be looked into again.
	tryAgain time.Time
	room     room
}

// Times after which what was learnt is found out again, and for which the others go on with it while one call does that.
const (
	learntFor = time.Hour
	probeFor  = time.Minute
	triedFor  = 5 * time.Minute
)

const (
	maxTokens           = "max_tokens"
	maxCompletionTokens = "max_completion_tokens"
)

// firstTokensName: OpenAI refuses max_tokens for its reasoning models and takes max_completion_tokens for all; many compatible
// servers know max_tokens alone. What is refused is tried with the other name once, then left out.
func firstTokensName(base string) string {
	u, err := url.Parse(base)
	if err == nil && (u.Hostname() == "api.openai.com" || strings.HasSuffix(u.Hostname(), ".azure.com")) {
		return maxCompletionTokens
	}
	return maxTokens
}

// full is a request with all its parts.
func (d *dialect) full() speech { return speech{tokens: d.first} }

// current is what the server is known to take. When that has grown old, one caller is given the full request to find out again.
func (d *dialect) current() speech {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := time.Now()
	if d.known == nil {
		return d.full()
	}
	if now.After(d.until) {
		d.until = now.Add(probeFor)
		d.room = room{}
		return d.full()
	}
	return *d.known
}

// took notes that the server took a request, and whether it was found out just now that it must be said so.
func (d *dialect) took(said speech, learnt bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case said == d.full():
		d.known = nil
	case learnt:
		d.known, d.until = &said, time.Now().Add(learntFor)
	}
}

// adapt gives the request that a server may take after its error, and what of it was changed; ok is false when nothing is left to change.
func (d *dialect) adapt(said speech, w complaint.Words, asked int) (next speech, about string, ok bool) {
	if isLimitTooLarge(w) && !w.Says(ofUser, refuses) {
		if limit := smaller(asked, w.Numbers()); limit > 0 {
			next = said
			next.limit = limit
			return next, "the answer's limit", true
		}
	}
	for _, q := range quirks {
		next = said
		if w.Says(q.all...) && !slices.ContainsFunc(q.none, w.Mentions) && q.change(&next) {
			return next, q.about, true
		}
	}
	return said, "", false
}

// leastAnswer is the fewest tokens that an answer is worth asking for with.
const leastAnswer = 64

// smaller is the largest number named that is below what was asked for, else half of that; 0 when it is too small to be halved.
func smaller(asked int, named []int) int {
	best := 0
	for _, n := range named {
		if n < asked && n >= leastAnswer {
			best = max(best, n)
		}
	}
	if best == 0 && asked/2 >= leastAnswer {
		best = asked / 2
	}
	return best
}
