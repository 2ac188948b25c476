package llm

import (
	"bytes"
	"net/http"
	"time"

	"tania/internal/answer/llm/complaint"
	"tania/internal/lazyregexp"
)

// elimination finds out which part of a request a server does not take when nobody foresaw the words in which it says so: the request is
// put once more as it was, in case the refusal was of the moment, then without one part after the other, and last without all of them.
type elimination struct {
	// base is the request that was refused.
	base speech
	step int
}

// parts are what may be left out or put otherwise, the most doubtful first.
var parts = []struct {
	about   string
	without func(s *speech)
}{
	{onceMore, func(*speech) {}},
	{"tools", func(s *speech) { s.noTools = true }},
	{"roles", func(s *speech) { s.noSystem = true }},
	{"temperature", func(s *speech) { s.noTemperature = true }},
	{"user", func(s *speech) { s.noUser = true }},
	{"the name of the limit", func(s *speech) { otherTokensName(s) }},
	{"streaming", func(s *speech) { s.stream = !s.stream }},
	{"the order of roles", func(s *speech) { s.noSystem, s.single = true, true }},
	{"all that can be left out", func(s *speech) {
		s.noTools, s.noSystem, s.single, s.noTemperature, s.noUser, s.tokens, s.renamed = true, true, true, true, true, "", true
	}},
}

// next gives the next request to try, and what is changed in it; ok is false when all have been tried.
func (e *elimination) next(said speech) (next speech, about string, ok bool) {
	if e.step == 0 {
		e.base = said
	}
	for e.step < len(parts) {
		part := parts[e.step]
		e.step++
		next = e.base
		part.without(&next)
		if next != e.base || part.about == onceMore {
			return next, part.about, true
		}
	}
	return said, "", false
}

var (
	// ofForm is said by servers that blame themselves, with 500, for a request that they cannot put before the model.
	ofForm = lazyregexp.New(`template|jinja|render|schema|param(?:eter)?|argument|\bfield|validation|deserializ|marshal`)
	// ofAccount is said where the account or the model's name is the matter, ofContents where what was written is: no other form of the
	// request helps against either.
	ofAccount = lazyregexp.New(`credit|balance|billing|quota|payment|api.?key|unauthori|permission|no such model|model.{0,60}(?:not found|(?:not|n't) exist|no longer available)|` +
		`unknown model|invalid model|model name|deployment|decommission|region|country|expired|suspend`)
	usedUp     = lazyregexp.New(`insufficient[_ ](?:quota|balance|funds|credit)|credit balance|out of credits`)
	ofContents = lazyregexp.New(`policy|safety|moderat|flagged|harm`)
	// ofMoments is said of what passes by itself.
	ofMoments = lazyregexp.New(`rate.?limit|overload|capacity|not found|(?:not|n't) exist`)
)

// mayTry reports whether it is time to find out what a refusal without an explanation is about: what no other form helped against is not
// tried with the next customer's message too.
func (d *dialect) mayTry() bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	now := time.Now()
	if now.Before(d.tryAgain) {
		return false
	}
	d.tryAgain = now.Add(triedFor)
	return true
}

// unexplained reports whether a server refuses a request for its form, in words that say nothing to us.
func (f *failure) unexplained(w complaint.Words) bool {
	if bytes.HasPrefix(bytes.TrimSpace([]byte(f.body)), []byte("<")) || w.Says(ofAccount) || w.Says(ofContents) || w.Says(ofMoments) ||
		isUnderstood(w) {
		return false
	}
	switch f.status {
	case http.StatusBadRequest, http.StatusMethodNotAllowed, http.StatusUnprocessableEntity, http.StatusNotImplemented:
		return true
	case http.StatusInternalServerError:
		return w.Says(ofForm)
	}
	return false
}
