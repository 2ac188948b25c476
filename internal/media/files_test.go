package media_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"tania/internal/tania"
)

// place serves a voice note, and counts how often it was asked for.
func place(t *testing.T) (*httptest.Server, *atomic.Int32) {
	t.Helper()
	note, asked := voice(t), &atomic.Int32{}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		_, _ = w.Write(note)
	}))
	t.Cleanup(s.Close)
	return s, asked
}

// sends is a server that redirects everything.
func sends(t *testing.T, to string) *httptest.Server {
	t.Helper()
	s := httptest.NewServer(http.RedirectHandler(to, http.StatusFound))
	t.Cleanup(s.Close)
	return s
}

const someFile = "https://chat.example/rails/active_storage/blobs/redirect/eyJf--ab12/voz.ogg"

func TestOnlyChatwootIsAskedForFiles(t *testing.T) {
	elsewhere, asked := place(t)
	base, here := place(t)
	server, _ := speech(t, says("hola"))
	r, _ := reader(t, parsed(t, base.URL), server)
	for _, address := range []string{
		elsewhere.URL + "/v.ogg", "http://169.254.169.254/latest/meta-data", "file:///etc/passwd", "://", "",
		elsewhere.URL + "/rails/active_storage/../../api/v1/profile", elsewhere.URL + "/rails/active_storage/%2e%2e/%2e%2e/admin",
	} {
		if _, err := r.Read(t.Context(), tania.Attachment{Type: "audio", URL: address}, ""); err == nil {
			t.Errorf("%s was read", address)
		}
	}
	if asked.Load() != 0 || here.Load() != 0 {
		t.Errorf("another server was asked %d times, Chatwoot %d times", asked.Load(), here.Load())
	}
	// Whatever host an address names, it is Chatwoot that is asked.
	named := tania.Attachment{Type: "audio", URL: elsewhere.URL + "/rails/active_storage/blobs/1/v.ogg"}
	if _, err := r.Read(t.Context(), named, ""); err != nil {
		t.Error(err)
	}
	if asked.Load() != 0 || here.Load() != 1 {
		t.Errorf("another server was asked %d times, Chatwoot %d times", asked.Load(), here.Load())
	}
}

func TestChatwootsStorageIsFollowed(t *testing.T) {
	storage, asked := place(t)
	base := sends(t, storage.URL+"/bucket/key?signature=1")
	server, _ := speech(t, says("hola"))
	a := tania.Attachment{Type: "audio", URL: someFile}

	r, waits := reader(t, parsed(t, base.URL), server)
	if _, err := r.Read(t.Context(), a, ""); err == nil || asked.Load() != 0 || *waits != 0 {
		t.Errorf("a private address that nobody named was asked %d times: %v", asked.Load(), err)
	}
	r, _ = reader(t, parsed(t, base.URL), server, storage.Listener.Addr().String())
	if read, err := r.Read(t.Context(), a, ""); err != nil || read.Transcript != "hola" {
		t.Errorf("the storage that was named was not read: %v", err)
	}
}

// TestTheStorageSendsNobodyOn: it may redirect to itself, and nowhere else.
func TestTheStorageSendsNobodyOn(t *testing.T) {
	elsewhere, asked := place(t)
	storage := sends(t, elsewhere.URL+"/secret")
	base := sends(t, storage.URL+"/bucket/key")
	server, _ := speech(t, says("hola"))
	r, waits := reader(t, parsed(t, base.URL), server, "127.0.0.1")
	_, err := r.Read(t.Context(), tania.Attachment{Type: "audio", URL: someFile}, "")
	if err == nil || !strings.Contains(err.Error(), "redirects") || asked.Load() != 0 || *waits != 0 {
		t.Errorf("%v; asked %d times", err, asked.Load())
	}
}

func TestAFileThatIsMissingForSomeSecondsIsWaitedFor(t *testing.T) {
	note := voice(t)
	var asked atomic.Int32
	base := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if asked.Add(1) < 3 {
			http.NotFound(w, r)
			return
		}
		_, _ = w.Write(note)
	}))
	defer base.Close()
	server, _ := speech(t, says("hola"))
	r, waits := reader(t, parsed(t, base.URL), server)
	read, err := r.Read(t.Context(), tania.Attachment{Type: "audio", URL: someFile}, "")
	if err != nil || read.Transcript != "hola" || *waits != 2 {
		t.Errorf("%+v, %v after %d waits", read, err, *waits)
	}
}

func TestAFileWithoutEndIsNotRead(t *testing.T) {
	base := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = fmt.Fprint(w, "OggS")
		chunk := make([]byte, 1<<20)
		for range 64 {
			if _, err := w.Write(chunk); err != nil {
				return
			}
		}
	}))
	defer base.Close()
	server, questions := speech(t, says("hola"))
	r, waits := reader(t, parsed(t, base.URL), server)
	_, err := r.Read(t.Context(), tania.Attachment{Type: "audio", URL: someFile}, "")
	if err == nil || !strings.Contains(err.Error(), "larger") || *waits != 0 || len(questions()) != 0 {
		t.Errorf("%v after %d waits", err, *waits)
	}
}
