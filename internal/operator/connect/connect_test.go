package connect

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"tania/internal/access"
	"tania/internal/config"
	"tania/internal/operator"
)

// settings are those of a fresh machine with these variables.
func settings(t *testing.T, variables ...string) *config.Config {
	t.Helper()
	c, err := config.Load(append(variables, "TANIA_DATA_DIR="+t.TempDir()), "")
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestTheTokenOfTheDataDirectoryIsForThisMachineAlone(t *testing.T) {
	c := settings(t)
	if token, err := AdminToken(c, "http://127.0.0.1:8787"); token != "" || err != nil {
		t.Errorf("there is none yet: %q, %v", token, err)
	}
	kept, err := access.KeepToken(c.DataDir)
	if err != nil {
		t.Fatal(err)
	}
	for address, want := range map[string]string{
		"http://127.0.0.1:8787": kept, "http://localhost:1": kept, "http://[::1]:8787": kept, "http://[::ffff:127.0.0.1]:1": kept,
		LocalURL(c, c.Server.Port): kept,
		"http://10.0.0.5:8787":     "", "https://tania.example.com": "", "http://localhost.example.com": "", "%": "",
	} {
		if token, err := AdminToken(c, address); token != want || err != nil {
			t.Errorf("%s: %q, %v", address, token, err)
		}
	}
	c.Server.AdminToken = "set"
	if token, err := AdminToken(c, "https://tania.example.com"); token != "set" || err != nil {
		t.Errorf("ADMIN_TOKEN goes wherever it is told to: %q, %v", token, err)
	}
}

func TestTheProcessOfThisMachineIsFound(t *testing.T) {
	for host, want := range map[string]string{
		"": "http://127.0.0.1:7", "0.0.0.0": "http://127.0.0.1:7", "::": "http://127.0.0.1:7", "10.1.2.3": "http://10.1.2.3:7",
		"::1": "http://[::1]:7", "tania.internal": "http://tania.internal:7",
	} {
		c := settings(t)
		c.Server.Host = host
		if got := LocalURL(c, 7); got != want {
			t.Errorf("HOST %q: %s, want %s", host, got, want)
		}
	}
}

// TestAProcessIsAskedWhereItHasTheFile: by its address, or where --url says, with the token.
func TestAProcessIsAskedWhereItHasTheFile(t *testing.T) {
	var asked []string
	process := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.URL.Path+" "+r.Header.Get("Authorization"))
		_, _ = w.Write([]byte("{}"))
	}))
	t.Cleanup(process.Close)
	t.Setenv("TANIA_DATA_DIR", t.TempDir())
	t.Setenv("ADMIN_TOKEN", "secret")
	t.Setenv("REDIS_URL", "")
	target := Target{URL: process.URL}
	if err := target.Queue(t.Context(), func(q operator.Queue) error { _, err := q.Pause(t.Context(), "me"); return err }); err != nil {
		t.Fatal(err)
	}
	if err := target.Cache(t.Context(), func(c operator.Cache) error { _, err := c.Clear(t.Context()); return err }); err != nil {
		t.Fatal(err)
	}
	if err := target.Bots(t.Context(), func(b operator.Bots) error { _, err := b.Versions(t.Context()); return err }); err != nil {
		t.Fatal(err)
	}
	if err := target.Users(t.Context(), func(u operator.Users) error { return u.Remove(t.Context(), "Ana María") }); err != nil {
		t.Fatal(err)
	}
	if err := target.EraseCache(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(asked) != 4 || asked[3] != "DELETE /admin/users/Ana María Bearer secret" || asked[0] != "POST /chatwoot/queue/pause Bearer secret" {
		t.Errorf("the process was asked %q", asked)
	}
}

func TestWrongSettingsAreNamedAndNothingIsRun(t *testing.T) {
	env := filepath.Join(t.TempDir(), ".env")
	if err := os.WriteFile(env, []byte("PORT=many\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, target := t.Context(), Target{Env: env}
	for name, err := range map[string]error{
		"queue": target.Queue(ctx, func(operator.Queue) error { t.Error("the command is run"); return nil }),
		"cache": target.Cache(ctx, func(operator.Cache) error { t.Error("the command is run"); return nil }),
		"bots":  target.Bots(ctx, func(operator.Bots) error { t.Error("the command is run"); return nil }),
		"erase": target.EraseCache(ctx),
	} {
		if err == nil {
			t.Errorf("%s: PORT=many is taken", name)
		}
	}
}

// TestAWrongBotFileKeepsNoOperatorFromTheProcess which goes on by the version before.
func TestAWrongBotFileKeepsNoOperatorFromTheProcess(t *testing.T) {
	dir := t.TempDir()
	env, file := filepath.Join(dir, ".env"), filepath.Join(dir, "bot.yaml")
	write := func(path, text string) error { return os.WriteFile(path, []byte(text), 0o600) }
	if err := errors.Join(write(file, "nmae: Ana\n"), write(env, "TANIA_BOT="+file+"\n")); err != nil {
		t.Fatal(err)
	}
	run := 0
	err := Target{Env: env, URL: "http://127.0.0.1:1"}.Queue(t.Context(), func(operator.Queue) error { run++; return nil })
	if err != nil || run != 1 {
		t.Errorf("the command ran %d times, %v", run, err)
	}
}

func TestHealthIsWhatTheProcessSays(t *testing.T) {
	process := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/readyz" {
			w.WriteHeader(http.StatusServiceUnavailable)
		}
		_, _ = w.Write([]byte("of " + r.URL.Path))
	}))
	t.Setenv("HTTP_PROXY", "http://127.0.0.1:1") // is not asked
	for path, want := range map[string]int{"/readyz": http.StatusOK, "/healthz": http.StatusServiceUnavailable} {
		status, text, err := Health(t.Context(), process.URL+path)
		if status != want || text != "of "+path || err != nil {
			t.Errorf("%s: %d %q %v", path, status, text, err)
		}
	}
	process.Close()
	if status, _, err := Health(t.Context(), process.URL); err == nil || status != 0 {
		t.Errorf("a process that is not there: %d, %v", status, err)
	}
}
