package web

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"tania/internal/cache"
	"tania/internal/cache/store"
	"tania/internal/operator"
)

// cacheStats is the cache's group of the statistics.
func (s *Server) cacheStats(ctx context.Context) any {
	if s.Cache == nil {
		return cache.Stats{}
	}
	stats, err := s.Cache.Stats(ctx)
	if err != nil {
		// The counters are in the store that is away; what the process knows by itself is said.
		return cache.Stats{Enabled: true, Away: true}
	}
	return stats
}

// clearCache forgets all entries, in every process. Without a cache there is nothing to clear, and it says so.
func (s *Server) clearCache(w http.ResponseWriter, r *http.Request) {
	if s.Cache == nil {
		reply(w, http.StatusOK, map[string]any{"ok": true, "cleared": 0, "enabled": false})
		return
	}
	cleared, err := s.Cache.Clear(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.Log.Info("cache cleared", "entries", cleared, "by", by(r))
	reply(w, http.StatusOK, map[string]any{"ok": true, "cleared": cleared, "enabled": true})
}

func (s *Server) listCache(w http.ResponseWriter, r *http.Request) {
	limit, ok := limitOf(w, r, 0)
	if !ok {
		return
	}
	s.withCache(w, r, func(c operator.Cache) (any, error) {
		list, err := c.List(r.Context(), limit)
		return map[string]any{"entries": s.masked(list)}, err
	})
}

func (s *Server) showCache(w http.ResponseWriter, r *http.Request) {
	s.withCache(w, r, func(c operator.Cache) (any, error) {
		e, err := c.Show(r.Context(), r.PathValue("id"))
		e.Question, e.Answer, e.Aliases = s.Mask.Content(e.Question), s.Mask.Content(e.Answer), s.masked(e.Aliases)
		return e, err
	})
}

func (s *Server) explainCache(w http.ResponseWriter, r *http.Request) {
	var q operator.Question
	if !readJSON(w, r, &q) {
		return
	}
	s.withCache(w, r, func(c operator.Cache) (any, error) {
		x, err := c.Explain(r.Context(), q)
		x.Answer = s.Mask.Content(x.Answer)
		for i, n := range x.Candidates {
			x.Candidates[i].Question, x.Candidates[i].Answer = s.Mask.Content(n.Question), s.Mask.Content(n.Answer)
		}
		return x, err
	})
}

// masked hides what customers asked and were answered, where PRIVACY_MASK wants it.
func (s *Server) masked(list []store.Entry) []store.Entry {
	hidden := make([]store.Entry, len(list))
	for i, e := range list {
		e.Question, e.Answer = s.Mask.Content(e.Question), s.Mask.Content(e.Answer)
		hidden[i] = e
	}
	return hidden
}

func (s *Server) invalidateCache(w http.ResponseWriter, r *http.Request) {
	var selection cache.Selection
	if !readJSON(w, r, &selection) {
		return
	}
	s.withCache(w, r, func(c operator.Cache) (any, error) {
		n, err := c.Invalidate(r.Context(), selection)
		if err == nil {
			s.Log.Info("cache entries invalidated", "entries", n, "by", by(r))
		}
		return map[string]any{"ok": true, "invalidated": n}, err
	})
}

func (s *Server) warmCache(w http.ResponseWriter, r *http.Request) {
	s.withCache(w, r, func(c operator.Cache) (any, error) { return c.WarmUp(r.Context()) })
}

// withCache answers with what an operation on the cache gives.
func (s *Server) withCache(w http.ResponseWriter, r *http.Request, run func(operator.Cache) (any, error)) {
	if s.Cache == nil {
		reply(w, http.StatusNotFound, failure{Error: "the semantic cache is off (SEMANTIC_CACHE_ENABLED)"})
		return
	}
	answer, err := run(s.Cache)
	switch {
	case errors.Is(err, cache.ErrUnknown):
		reply(w, http.StatusNotFound, failure{Error: "there is no such entry"})
	case errors.Is(err, cache.ErrSelection):
		reply(w, http.StatusBadRequest, failure{Error: err.Error()})
	case err != nil:
		s.fail(w, r, err)
	default:
		reply(w, http.StatusOK, answer)
	}
}

// mostAsked bounds an operator's request.
const mostAsked = 64 << 10

func readJSON(w http.ResponseWriter, r *http.Request, into any) bool {
	d := json.NewDecoder(http.MaxBytesReader(w, r.Body, mostAsked))
	d.DisallowUnknownFields()
	err := d.Decode(into)
	if large, ok := errors.AsType[*http.MaxBytesError](err); ok {
		reply(w, http.StatusRequestEntityTooLarge, failure{Error: fmt.Sprintf("want %d bytes at most", large.Limit)})
		return false
	}
	if err != nil {
		reply(w, http.StatusBadRequest, failure{Error: "want a JSON object: " + err.Error()})
		return false
	}
	return true
}
