package e2e

import (
	"bytes"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"tania/internal/access"
	"tania/internal/chatwoot"
)

// operatorsRoutes are what nobody but an operator may use.
var operatorsRoutes = []string{
	"GET /chatwoot/stats", "POST /chatwoot/queue/pause", "POST /chatwoot/queue/resume", "POST /chatwoot/cache/clear",
	"GET /admin/cache", "GET /admin/cache/entries/x", "POST /admin/cache/explain", "POST /admin/cache/invalidate", "POST /admin/cache/warm",
	"GET /admin/dead", "GET /admin/dead/x", "POST /admin/dead/x/retry", "POST /admin/dead/retry-all", "DELETE /admin/dead/x",
	"GET /admin/bot/versions", "GET /admin/bot/versions/1", "POST /admin/bot/versions/1/rollback", "POST /admin/bot/reload",
	"GET /admin/conversations/1/1", "POST /admin/forget?account=1&contact=1", "GET /admin/records", "GET /admin/questions", "GET /metrics",
	"GET /conversations", "GET /questions", "GET /dead", "GET /bot", "GET /live", "POST /pause", "POST /dead",
}

// TestAStrangerIsNoOperator puts what Debian has before a Tania with neither an ADMIN_TOKEN nor a secret of its webhooks: nothing that
// comes through opens a route or is taken for a webhook, whoever runs the proxy; what a person at the machine asks by curl is answered.
func TestAStrangerIsNoOperator(t *testing.T) {
	t.Parallel() // a refusal takes Tania several looks, with a pause between
	in := newInstallation(t, "QUEUE_DEBOUNCE_MS=0")
	in.tania.env = without(in.tania.env, "CHATWOOT_WEBHOOK_SECRET")
	in.tania.start()
	upstream := in.tania.address
	webhook := forged(t)
	t.Run("through", func(t *testing.T) {
		for name, proxy := range map[string]func(t *testing.T, address string){
			"nginx":                 func(t *testing.T, address string) { nginx(t, address, upstream, "") },
			"nginx as Tania's user": func(t *testing.T, address string) { nginx(t, address, upstream, ownUser) },
			"HAProxy":               func(t *testing.T, address string) { haproxy(t, address, upstream, "http") },
			"HAProxy for bytes":     func(t *testing.T, address string) { haproxy(t, address, upstream, "tcp") },
			"a forwarder of bytes":  func(t *testing.T, address string) { socat(t, address, upstream) },
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				address := freeAddress(t)
				proxy(t, address)
				await(t, 20*time.Second, "the proxy to pass on", func() bool {
					return curl(t, "GET", address, "/healthz", upstream,
						nil) == http.StatusOK
				})
				for _, route := range operatorsRoutes {
					method, path, _ := strings.Cut(route, " ")
					if got := curl(t, method, address, path, upstream, nil); got != http.StatusUnauthorized && got != http.StatusSeeOther {
						t.Errorf("%s answers %d", route, got)
					}
				}
				if got := curl(t, "POST", address, "/chatwoot/webhook", upstream, webhook); got != http.StatusUnauthorized {
					t.Errorf("a forged webhook answers %d", got)
				}
			})
		}
	})
	for route, want := range map[string]int{
		"POST /chatwoot/queue/pause": 200, "POST /chatwoot/queue/resume": 200, "GET /chatwoot/stats": 200, "POST /chatwoot/cache/clear": 200,
		"GET /admin/dead": 200, "GET /conversations": 200,
	} {
		method, path, _ := strings.Cut(route, " ")
		if got := curl(t, method, upstream, path, upstream, nil); got != want {
			t.Errorf("%s of a person at the machine answers %d, want %d", route, got, want)
		}
	}
	if got := curl(t, "POST", upstream, "/chatwoot/webhook", upstream, webhook); got != http.StatusOK {
		t.Errorf("a webhook of this machine's own answers %d", got)
	}
	in.tania.stop()
	if log := in.tania.output.String(); !strings.Contains(log, "CHATWOOT_WEBHOOK_SECRET to the secret that Chatwoot shows") {
		t.Error("the log does not say how webhooks are told from forgeries")
	}
}

// TestTheTokenThatIsKept: it is made at the first start, is the same at the next, opens the routes, and is used by the commands.
func TestTheTokenThatIsKept(t *testing.T) {
	in := newInstallation(t, "QUEUE_DEBOUNCE_MS=0", "LOG_LEVEL=debug")
	data := setting(in.tania.env, "TANIA_DATA_DIR")
	in.tania.start()
	token, err := access.ReadToken(data)
	if err != nil {
		t.Fatal(err)
	}
	if info, err := os.Stat(access.TokenPath(data)); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file's mode is %v, %v", info.Mode(), err)
	}
	run := func(args ...string) string {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), binary, append(args, "--env", "")...)
		cmd.Env = in.tania.env
		out, err := cmd.CombinedOutput()
		if err != nil && args[0] != "doctor" {
			t.Errorf("tania %v: %v: %s", args, err, out)
		}
		return string(out)
	}
	said := run("queue", "pause") + run("queue", "resume") + run("dead", "list") + run("cache", "list") + run("doctor")
	if !strings.Contains(said, access.TokenPath(data)) {
		t.Errorf("doctor does not say where the token is: %s", said)
	}
	link := strings.TrimSpace(run("dashboard"))
	jar := filepath.Join(t.TempDir(), "cookies")
	// As a stranger would, by a connection that is nobody's at this machine.
	through := freeAddress(t)
	socat(t, through, in.tania.address)
	await(t, 20*time.Second, "the forwarder", func() bool { return curl(t, "GET", through, "/healthz", through, nil) == http.StatusOK })
	opened := strings.Replace(link, in.tania.address, through, 1)
	out, err := exec.CommandContext(t.Context(), "curl", "-sSL", "-c", jar, "-b", jar, "-o", "/dev/null", "-w",
		"%{http_code} %{url_effective}", opened).CombinedOutput()
	if err != nil || !strings.HasPrefix(string(out), "200 ") || strings.Contains(string(out), "sign-in") {
		t.Errorf("the link leads to %s, %v", out, err)
	}
	if out, _ := exec.CommandContext(t.Context(), "curl", "-sS", "-o", "/dev/null", "-w", "%{http_code}", "-H", "Authorization: Bearer "+token,
		"http://"+through+"/chatwoot/stats").Output(); string(out) != "200" {
		t.Errorf("the token through a forwarder: %s", out)
	}
	in.tania.stop()
	in.tania.start()
	in.tania.stop()
	if again, err := access.ReadToken(data); err != nil || again != token {
		t.Errorf("another token after a restart, %v", err)
	}
	for where, text := range map[string]string{"log": in.tania.output.String(), "commands": said + link} {
		if strings.Contains(text, token) {
			t.Errorf("the token is in the %s", where)
		}
	}
	if !strings.Contains(in.tania.output.String(), access.TokenPath(data)) {
		t.Error("the log does not say where the token is")
	}
}

// forged is a webhook as Chatwoot would post it, unsigned.
func forged(t *testing.T) []byte {
	t.Helper()
	body := []byte(`{"event":"message_created","id":901,"message_type":"incoming","content":"hola","content_type":"text","private":false,` +
		`"account":{"id":1},"inbox":{"id":1},"created_at":"` + time.Now().UTC().Format(time.RFC3339) + `","sender":{"id":77,"name":"Eve"},` +
		`"conversation":{"id":900,"inbox_id":1,"status":"pending","can_reply":true,"channel":"Channel::WebWidget"}}`)
	if _, err := chatwoot.Decode(body); err != nil {
		t.Fatal(err)
	}
	return body
}

// curl asks as a program of its own: the status, 0 without an answer.
func curl(t *testing.T, method, address, path, host string, body []byte) (status int) {
	t.Helper()
	args := []string{"-sS", "--max-time", "20", "-o", "/dev/null", "-w", "%{http_code}", "-X", method, "-H", "Host: " + host}
	if body != nil {
		args = append(args, "-H", "Content-Type: application/json", "--data-binary", "@-")
	}
	cmd := exec.CommandContext(t.Context(), "curl", append(args, "http://"+address+path)...)
	cmd.Stdin = bytes.NewReader(body)
	out, _ := cmd.Output() // what curl could not do has the status 000
	_, _ = fmt.Sscan(string(out), &status)
	return status
}

// ownUser has nginx's workers run as who runs the tests.
const ownUser = "user root;"

func nginx(t *testing.T, address, upstream, user string) {
	t.Helper()
	dir := t.TempDir()
	if os.Geteuid() != 0 {
		user = "" // the workers are the tests' user's anyway
	} else if err := os.Chmod(dir, 0o755); err != nil { //nolint:gosec // for www-data
		t.Fatal(err)
	}
	conf := filepath.Join(dir, "nginx.conf")
	text := fmt.Sprintf(`daemon off; pid %[1]s/pid; error_log %[1]s/error.log; worker_processes 1; %[2]s
events { }
http {
	access_log off; client_body_temp_path %[1]s/body; proxy_temp_path %[1]s/proxy;
	fastcgi_temp_path %[1]s/fastcgi; uwsgi_temp_path %[1]s/uwsgi; scgi_temp_path %[1]s/scgi;
	server { listen %[3]s; location / { proxy_pass http://%[4]s; } }
}
`, dir, user, address, upstream)
	background(t, conf, text, "nginx", "-e", filepath.Join(dir, "start.log"), "-c", conf)
}

func haproxy(t *testing.T, address, upstream, mode string) {
	t.Helper()
	conf := filepath.Join(t.TempDir(), "haproxy.cfg")
	text := fmt.Sprintf("defaults\n mode %s\n timeout connect 5s\n timeout client 20s\n timeout server 20s\nlisten tania\n bind %s\n server tania %s\n", mode, address, upstream)
	background(t, conf, text, "haproxy", "-db", "-f", conf)
}

func socat(t *testing.T, address, upstream string) {
	t.Helper()
	_, port, _ := net.SplitHostPort(address)
	background(t, "", "", "socat", "TCP-LISTEN:"+port+",bind=127.0.0.1,reuseaddr,fork", "TCP:"+upstream)
}

// background runs a program with a file of settings until the test ends, and ends it by its number, with what it started.
func background(t *testing.T, file, text string, program ...string) {
	t.Helper()
	if file != "" {
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var out lockedBuffer
	cmd := exec.Command(program[0], program[1:]...)
	cmd.Stdout, cmd.Stderr, cmd.SysProcAttr = &out, &out, &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatalf("%s (make prepare installs it): %v", program[0], err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL)
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("%s: %s", program[0], out.String())
		}
	})
}

// setting gives a variable of an environment; without leaves it out.
func setting(env []string, name string) (value string) {
	for _, line := range env {
		if v, ok := strings.CutPrefix(line, name+"="); ok {
			value = v
		}
	}
	return value
}

func without(env []string, name string) (rest []string) {
	for _, line := range env {
		if !strings.HasPrefix(line, name+"=") {
			rest = append(rest, line)
		}
	}
	return rest
}
