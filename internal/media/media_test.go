package media_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"go.uber.org/goleak"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/installation"
	"tania/internal/knowledge/source/pdftext"
	"tania/internal/media"
	"tania/internal/tania"
)

func TestMain(m *testing.M) {
	if pdftext.Asked(os.Args[1:]) {
		os.Exit(pdftext.Serve(os.Stdin, os.Stdout))
	}
	goleak.VerifyTestMain(m)
}

// asked is what a transcription server was asked.
type asked struct{ model, language, name, key, body string }

// speech is a transcription server that answers by a handler, and what it was asked.
func speech(t *testing.T, answer http.HandlerFunc) (server *media.Speech, questions func() []asked) {
	t.Helper()
	var mu sync.Mutex
	var all []asked
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/v1/audio/transcriptions" {
			http.NotFound(w, r)
			return
		}
		file, header, err := r.FormFile("file")
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		body, err := io.ReadAll(file)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		mu.Lock()
		all = append(all, asked{r.FormValue("model"), r.FormValue("language"), header.Filename, r.Header.Get("Authorization"), string(body)})
		mu.Unlock()
		answer(w, r)
	}))
	t.Cleanup(s.Close)
	return media.NewSpeech(media.SpeechOptions{BaseURL: s.URL + "/v1/", Key: "speech-key", Timeout: 5 * time.Second}), func() []asked {
		mu.Lock()
		defer mu.Unlock()
		return slices.Clone(all)
	}
}

func says(text string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(map[string]any{"text": text, "usage": map[string]any{"seconds": 4}})
	}
}

// chatwoot is a simulated Chatwoot with a file in it, which it calls by another name than the one that it is reached by.
func chatwoot(t *testing.T, name, kind string, data []byte) (*url.URL, tania.Attachment) {
	t.Helper()
	sim, err := installation.New(chatwootsim.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(sim.Close)
	s := httptest.NewServer(sim.Handler())
	t.Cleanup(s.Close)
	a := sim.Upload("https://chat.customers.example", name, kind, data)
	return parsed(t, s.URL), tania.Attachment{Type: a.Type, URL: a.URL}
}

func parsed(t *testing.T, address string) *url.URL {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// reader waits for nothing, and counts how often it would have.
func reader(t *testing.T, base *url.URL, s *media.Speech, storage ...string) (*media.Reader, *int) {
	t.Helper()
	waits := new(int)
	r, err := media.New(media.Options{Chatwoot: base, Speech: s, Storage: storage, Sleep: func(context.Context, time.Duration) error {
		*waits++
		return nil
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return r, waits
}

// voice is a note of a few seconds in OGG/Opus, as WhatsApp sends it.
func voice(t *testing.T) []byte {
	t.Helper()
	data, err := os.ReadFile("testdata/voice-es.ogg")
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestAVoiceNoteIsHeard(t *testing.T) {
	const said = "Hola, ¿cuánto cuesta el plan de quinientos megas?"
	note := voice(t)
	base, a := chatwoot(t, "audio-de-ana.oga", "audio/ogg", note)
	server, questions := speech(t, says("  "+said+"\n"))
	r, _ := reader(t, base, server)
	if !r.Reads(a) {
		t.Fatal("a voice note is not read")
	}
	read, err := r.Read(t.Context(), a, tania.Spanish)
	if err != nil {
		t.Fatal(err)
	}
	if read.Transcript != said || !read.Own || read.URL != a.URL || r.Reads(read) {
		t.Errorf("read %+v", read)
	}
	want := asked{media.DefaultSpeechModel, "es", "voice.ogg", "Bearer speech-key", string(note)}
	if len(questions()) != 1 || questions()[0] != want {
		t.Errorf("the server was asked %d times; model, language, name or file are others", len(questions()))
	}
	if _, err = r.Read(t.Context(), a, ""); err != nil || questions()[1].language != "" {
		t.Errorf("a language that nobody told was sent, or %v", err)
	}
}

// TestWhatIsNoRecordingIsNotSent: what a sender calls a file decides nothing.
func TestWhatIsNoRecordingIsNotSent(t *testing.T) {
	for name, data := range map[string]string{
		"a page": "<html>hello</html>", "nothing": "", "a program": "\x7fELF\x02\x01\x01", "a picture": "\x89PNG\r\n\x1a\n",
	} {
		base, a := chatwoot(t, "v.ogg", "audio/ogg", []byte(data))
		server, questions := speech(t, says("hola"))
		r, waits := reader(t, base, server)
		if _, err := r.Read(t.Context(), a, ""); err == nil || len(questions()) != 0 || *waits != 0 {
			t.Errorf("%s: %v after %d questions and %d waits", name, err, len(questions()), *waits)
		}
	}
}

func TestAServerThatFails(t *testing.T) {
	for name, x := range map[string]struct {
		answer http.HandlerFunc
		// tries is how often it is asked, words what the error says.
		tries int
		words string
	}{
		"overloaded": {status(http.StatusServiceUnavailable), 4, "503"},
		"busy":       {status(http.StatusTooManyRequests), 4, "429"},
		"refuses":    {status(http.StatusBadRequest), 1, "400"},
		"no text":    {func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "<html>") }, 1, "no text"},
		"silence":    {says(" \n"), 1, "nothing was heard"},
	} {
		base, a := chatwoot(t, "v.ogg", "audio/ogg", voice(t))
		server, questions := speech(t, x.answer)
		r, _ := reader(t, base, server)
		read, err := r.Read(t.Context(), a, "")
		if err == nil || !strings.Contains(err.Error(), x.words) || strings.Contains(err.Error(), "speech-key") || len(questions()) != x.tries {
			t.Errorf("%s: %v after %d tries, want %q after %d", name, err, len(questions()), x.words, x.tries)
		}
		if read != a {
			t.Errorf("%s: %+v", name, read)
		}
	}
}

func TestAServerThatIsBackIsHeard(t *testing.T) {
	base, a := chatwoot(t, "v.ogg", "audio/ogg", voice(t))
	var calls atomic.Int32
	server, _ := speech(t, func(w http.ResponseWriter, r *http.Request) {
		if calls.Add(1) < 3 {
			status(http.StatusBadGateway)(w, r)
			return
		}
		says("hola")(w, r)
	})
	r, waits := reader(t, base, server)
	if read, err := r.Read(t.Context(), a, ""); err != nil || read.Transcript != "hola" || *waits != 2 {
		t.Errorf("%+v, %v after %d waits", read, err, *waits)
	}
}

func TestASlowServerIsGivenUp(t *testing.T) {
	base, a := chatwoot(t, "v.ogg", "audio/ogg", voice(t))
	stop := make(chan struct{})
	s := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		select {
		case <-stop:
		case <-r.Context().Done():
		}
	}))
	defer s.Close()
	defer close(stop)
	r, _ := reader(t, base, media.NewSpeech(media.SpeechOptions{BaseURL: s.URL, Timeout: 20 * time.Millisecond}))
	if _, err := r.Read(t.Context(), a, ""); err == nil || !strings.Contains(err.Error(), "does not answer") {
		t.Errorf("error %v", err)
	}
}

func TestALongTranscriptIsCut(t *testing.T) {
	base, a := chatwoot(t, "v.ogg", "audio/ogg", voice(t))
	server, _ := speech(t, says(strings.Repeat("ñandú ", 5000)))
	r, _ := reader(t, base, server)
	read, err := r.Read(t.Context(), a, "")
	if n := len([]rune(read.Transcript)); err != nil || n > 12_100 || n < 11_900 {
		t.Errorf("%d characters, %v", n, err)
	}
}

func TestWhatIsReadAtAll(t *testing.T) {
	base, a := chatwoot(t, "v.ogg", "audio/ogg", voice(t))
	server, _ := speech(t, says("hola"))
	r, _ := reader(t, base, server)
	deaf, _ := reader(t, base, nil)
	var none *media.Reader
	told := a
	told.Transcript = "what Chatwoot heard"
	for name, x := range map[string]struct {
		r    *media.Reader
		a    tania.Attachment
		want bool
	}{
		"a voice note": {r, a, true}, "one that Chatwoot heard": {r, told, false}, "without a server": {deaf, a, false},
		"without a reader": {none, a, false}, "a place": {r, tania.Attachment{Type: "location"}, false},
		"no address": {r, tania.Attachment{Type: "audio"}, false},
	} {
		if got := x.r.Reads(x.a); got != x.want {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func status(code int) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { http.Error(w, "quotes speech-key", code) }
}
