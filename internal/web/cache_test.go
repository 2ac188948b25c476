package web

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tania/internal/cache"
	"tania/internal/cache/same"
	"tania/internal/cache/store"
	"tania/internal/cache/store/memstore"
	"tania/internal/operator"
	"tania/internal/privacy"
	"tania/internal/tania"
)

// cached serves the operators' routes over a cache in memory that has one answer.
func cached(t *testing.T, mask privacy.Mask) *Server {
	t.Helper()
	model, err := same.ShippedModel()
	if err != nil {
		t.Fatal(err)
	}
	memory := memstore.New(memstore.Options{})
	scope := store.Scope{Account: 1, Inbox: 11, Language: tania.Spanish, Version: "v"}
	now := time.Now().UTC()
	entry := store.Entry{
		ID: "e1", Cluster: "e1", Scope: scope, Question: "¿Cuál es el horario de la tienda?", Answer: "De nueve a seis.",
		Category: store.CategoryGeneral,
		Created:  now, Expires: now.Add(time.Hour),
	}
	snapshot, err := memory.Load(t.Context())
	if err == nil {
		err = memory.Put(t.Context(), snapshot.Epoch, entry)
	}
	if err != nil {
		t.Fatal(err)
	}
	cache := cache.New(cache.Options{Store: memory, Model: model})
	ended := make(chan error, 1)
	go func() { ended <- cache.Run(t.Context()) }()
	t.Cleanup(func() {
		if err := <-ended; err != nil {
			t.Error(err)
		}
		_ = memory.Close()
	})
	if err := cache.Started(t.Context()); err != nil {
		t.Fatal(err)
	}
	at := func(inbox tania.InboxID, lang tania.Language, audience string) store.Scope {
		return store.Scope{Account: 1, Inbox: inbox, Language: lang, Audience: audience, Version: "v"}
	}
	return &Server{Options: Options{Cache: operator.Local(cache, at), Mask: mask}}
}

func TestCacheRoutesShowEntriesAndHideThemWhereContentIsMasked(t *testing.T) {
	for _, masked := range []bool{false, true} {
		s := cached(t, privacy.Mask(masked))
		for _, route := range []struct {
			name string
			call http.HandlerFunc
			body string
		}{
			{"list", s.listCache, ""},
			{"show", s.showCache, ""},
			{"explain", s.explainCache, `{"question":"cual es el horario de la tienda","inbox":11}`},
		} {
			r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(route.body))
			r.SetPathValue("id", "e1")
			w := httptest.NewRecorder()
			route.call(w, r)
			if w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "e1") {
				t.Errorf("%s: %d %s", route.name, w.Code, w.Body)
			}
			if shown := strings.Contains(w.Body.String(), "nueve a seis"); shown == masked {
				t.Errorf("%s, masked %v: %s", route.name, masked, w.Body)
			}
		}
	}
}

func TestCacheRoutesSayWhatIsWrongWithARequest(t *testing.T) {
	s := cached(t, false)
	for _, c := range []struct {
		name   string
		server *Server
		call   func(*Server) http.HandlerFunc
		body   string
		status int
		want   string
	}{
		{"the cache is off", &Server{}, func(s *Server) http.HandlerFunc { return s.warmCache }, "", 404, "SEMANTIC_CACHE_ENABLED"},
		{"an unknown entry", s, func(s *Server) http.HandlerFunc { return s.showCache }, "", 404, "no such entry"},
		{"no selection", s, func(s *Server) http.HandlerFunc { return s.invalidateCache }, "{}", 400, "an id, a pattern"},
		{"an open bracket", s, func(s *Server) http.HandlerFunc { return s.invalidateCache }, `{"pattern":"[a"}`, 400, "closed"},
		{"no question", s, func(s *Server) http.HandlerFunc { return s.explainCache }, "{}", 400, "question"},
		{"not JSON", s, func(s *Server) http.HandlerFunc { return s.explainCache }, "?", 400, "JSON"},
	} {
		w := httptest.NewRecorder()
		c.call(c.server)(w, httptest.NewRequest(http.MethodPost, "/", strings.NewReader(c.body)))
		var said failure
		if err := json.Unmarshal(w.Body.Bytes(), &said); err != nil || w.Code != c.status || !strings.Contains(said.Error, c.want) {
			t.Errorf("%s: %d %s", c.name, w.Code, w.Body)
		}
	}
}
