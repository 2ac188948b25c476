package sources

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// centre is a help centre of so many articles, of which each page of the list is made when it is asked for.
type centre struct {
	articles atomic.Int64
	// asked counts pages of the list.
	asked atomic.Int64
	// slow has the end of each page but the first not come.
	slow atomic.Bool
	// whole has all articles in each answer, as versions of Chatwoot without pages do.
	whole atomic.Bool
}

func articlesOf(count int64) *centre {
	l := &centre{}
	l.articles.Store(count)
	return l
}

func (l *centre) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !strings.HasSuffix(r.URL.Path, "/articles") {
		_, _ = fmt.Fprint(w, `{"categories": [{"locale": "en"}], "meta": {"default_locale": "en"}}`)
		return
	}
	l.asked.Add(1)
	articles := int(l.articles.Load())
	page, _ := strconv.Atoi(r.URL.Query().Get("page"))
	size, _ := strconv.Atoi(r.URL.Query().Get("per_page"))
	first, last := (page-1)*size+1, min(page*size, articles)
	if l.whole.Load() {
		first, last = 1, articles
	}
	_, err := fmt.Fprintf(w, `{"meta": {"articles_count": %d}, "payload": [`, articles)
	if l.slow.Load() && page > 1 {
		w.(http.Flusher).Flush()
		<-r.Context().Done() // who asked gives up
		return
	}
	for id := first; id <= last && err == nil; id++ {
		if id > first {
			_, _ = fmt.Fprint(w, ",")
		}
		_, err = fmt.Fprintf(w, `{"id": %d, "title": "Article %d", "status": "published", "slug": "a%d", "content": %q}`, id, id, id,
			strings.Repeat("What it says. ", 300))
	}
	_, _ = fmt.Fprint(w, "]}")
}

// opened has a help centre as the one source of a town.
func (w *town) opened(l *centre) {
	w.t.Helper()
	server := httptest.NewServer(l)
	w.t.Cleanup(server.Close)
	w.url = server.URL + "/hc/help"
}

// TestAHelpCentreOfAHundredThousandArticlesIsBounded: the first 2,000 are read, in as many requests as they need, and whoever looks at the
// sources is told that there are more. A second reading removes nothing, since it saw a part alone.
func TestAHelpCentreOfAHundredThousandArticlesIsBounded(t *testing.T) {
	w, l := newTown(t), articlesOf(100_000)
	w.opened(l)
	p := w.process("a", w.machine(""))
	p.look(t.Context())
	s := w.status(0)
	if s.Error != "" || s.Documents != 2000 || s.Passages < 2000 || p.Failing() != "" {
		t.Fatalf("%+v; log: %s", s, p.log.String())
	}
	if len(s.Notes) == 0 || !strings.Contains(strings.Join(s.Notes, " "), "more than 2000 articles") {
		t.Errorf("nobody is told that the first are read alone: %q", s.Notes)
	}
	if n := l.asked.Load(); n > 21 {
		t.Errorf("%d pages of the list were asked for", n)
	}
	if files, _ := filepath.Glob(filepath.Join(p.Dir, "learned", "*", "*.md")); len(files) != 2000 {
		t.Errorf("%d files were learned", len(files))
	}
	if !strings.Contains(w.knows(), "What it says.") {
		t.Error("what was read is not published")
	}
	w.pass(2 * time.Hour)
	p.look(t.Context())
	if s := w.status(0); s.Error != "" || s.Documents != 2000 {
		t.Errorf("read again: %+v", s)
	}
}

// TestASlowHelpCentreIsGivenUpAndItsCopyStays: a page whose end does not come is tried three times, and no longer than a try may take. What
// was learned stays, the alert says which source it is, and another source is read all the same.
func TestASlowHelpCentreIsGivenUpAndItsCopyStays(t *testing.T) {
	w, l := newTown(t), articlesOf(150)
	w.opened(l)
	dir := w.machine("  - policies\n")
	p := w.process("a", dir)
	if err := os.Mkdir(filepath.Join(dir, "policies"), 0o700); err != nil {
		t.Fatal(err)
	}
	write := func(text string) {
		if err := os.WriteFile(filepath.Join(dir, "policies", "a.md"), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("# Smoking\n\nNot indoors.")
	p.look(t.Context())
	if s := w.status(0); s.Documents != 150 || s.Error != "" {
		t.Fatalf("%+v", s)
	}
	l.slow.Store(true)
	l.asked.Store(0)
	p.Fetch.Timeout = 50 * time.Millisecond
	write("# Smoking\n\nNowhere.")
	w.pass(24 * time.Hour)
	p.look(t.Context())
	s := w.status(0)
	if !strings.Contains(s.Error, "deadline exceeded") || s.Failures != 1 || s.Documents != 150 || !s.Next.After(w.now) {
		t.Errorf("%+v", s)
	}
	if n := l.asked.Load(); n != 1+3 {
		t.Errorf("%d pages were asked for, want the first, and the second three times", n)
	}
	if !strings.Contains(p.Failing(), w.url) {
		t.Errorf("the alert says %q", p.Failing())
	}
	if known := w.knows(); strings.Count(known, "What it says.") < 150 || !strings.Contains(known, "Nowhere.") {
		t.Errorf("knows %.200q of the slow source's copy and the other source", known)
	}
	l.slow.Store(false)
	p.Fetch.Timeout = 0
	w.pass(24 * time.Hour)
	p.look(t.Context())
	if s := w.status(0); s.Error != "" || s.Failures != 0 || p.Failing() != "" {
		t.Errorf("when it is quick again: %+v, %q", s, p.Failing())
	}
}

// TestAHelpCentreWithoutPagesIsNotReadWithoutEnd: an answer with all articles is given up where it is larger than one may be, and the copy
// of what was read before stays.
func TestAHelpCentreWithoutPagesIsNotReadWithoutEnd(t *testing.T) {
	w, l := newTown(t), articlesOf(1000)
	l.whole.Store(true)
	w.opened(l)
	p := w.process("a", w.machine(""))
	p.look(t.Context())
	if s := w.status(0); s.Documents != 1000 || s.Error != "" {
		t.Fatalf("%+v", s)
	}
	l.articles.Store(100_000)
	w.pass(2 * time.Hour)
	p.look(t.Context())
	if s := w.status(0); !strings.Contains(s.Error, "larger than what is read") || s.Documents != 1000 {
		t.Errorf("%+v", s)
	}
	if !strings.Contains(p.Failing(), "larger than what is read") || !strings.Contains(w.knows(), "What it says.") {
		t.Errorf("the alert says %q", p.Failing())
	}
}
