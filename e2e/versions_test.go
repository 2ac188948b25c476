package e2e

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/redistest"
)

// TestTheBotIsTaughtWithoutARestart changes bot.yaml under customers who greet: on one process, and on two of which the one that answers
// has no file.
func TestTheBotIsTaughtWithoutARestart(t *testing.T) {
	t.Run("one process", func(t *testing.T) {
		in := newInstallation(t, "QUEUE_DEBOUNCE_MS=0")
		s := newSchool(t, in)
		s.answers = in.tania
		s.teach(t)
	})
	t.Run("a worker without the file", func(t *testing.T) {
		in := newInstallation(t, "QUEUE_DEBOUNCE_MS=0", "REDIS_URL="+redistest.Start(t).URL())
		s := newSchool(t, in)
		in.tania.args = []string{"serve", "--worker=false", "--env", ""}
		s.answers = newProcess(t)
		s.answers.args = []string{"worker", "--env", ""}
		s.answers.env = append(s.answers.env, in.settings...)
		s.answers.launch()
		s.teach(t)
	})
}

// school is an installation whose bot is taught by a file.
type school struct {
	*installation
	file string
	// answers is the process that answers customers.
	answers *process
}

func newSchool(t *testing.T, in *installation) *school {
	t.Helper()
	s := &school{installation: in, file: filepath.Join(t.TempDir(), "bot.yaml")}
	in.tania.env = append(in.tania.env, "TANIA_BOT="+s.file)
	s.write(t, "texts:\n  greeting: Uno\n")
	return s
}

func (s *school) write(t *testing.T, text string) {
	t.Helper()
	if err := os.WriteFile(s.file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// greets waits until the process that answers has a version, and has a customer greet.
func (s *school) greets(t *testing.T, version int, want string) {
	t.Helper()
	s.answers.output.await(t, time.Minute, "the version", regexp.MustCompile(fmt.Sprintf(`the bot answers by a version"? version=%d`, version)))
	m, err := s.sim.CustomerWrites(chatwootsim.CustomerMessage{Text: "Hola"})
	if err != nil {
		t.Fatal(err)
	}
	s.await(t, time.Minute, "a greeting", func() bool { return len(s.sim.BotMessages(m.Conversation)) > 0 })
	if got := s.sim.BotMessages(m.Conversation)[0].Content; got != want {
		t.Errorf("the bot greets with %q, want %q by version %d", got, want, version)
	}
}

// run runs a command of the process that has the file.
func (s *school) run(args ...string) (string, error) {
	cmd := exec.Command(binary, append(args, "--env", "")...)
	cmd.Env = s.tania.env
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// operatesBesideAWrongFile runs commands while bot.yaml has a mistake and the version before answers.
func (s *school) operatesBesideAWrongFile(t *testing.T) {
	t.Helper()
	for command, want := range map[string]string{
		"health": "healthy", "dashboard": "/sign-in?", "bot versions": "the file changed", "bot diff 1 2": "+  greeting: Dos",
		"bot pauses": "No bot is paused", "queue stats": "waiting", "cache stats": "entries", "audit": "bot.yaml", "users list": "",
		"questions": "", "dead list": "",
	} {
		if out, err := s.run(strings.Fields(command)...); err != nil || !strings.Contains(out, want) {
			t.Errorf("tania %s beside a wrong file: %v, %s; want %q in it", command, err, out, want)
		}
	}
	out, err := s.run("doctor")
	for _, want := range []string{"did you mean greeting?", "every variable is valid", "the token"} {
		if err == nil || !strings.Contains(out, want) {
			t.Errorf("tania doctor beside a wrong file: %v, %s; want %q in it", err, out, want)
		}
	}
}

func (s *school) teach(t *testing.T) {
	s.tania.start()
	s.greets(t, 1, "Uno")
	s.write(t, "texts:\n  greeting: Dos\n")
	s.greets(t, 2, "Dos")
	s.write(t, "texts:\n  greting: Tres, with a mistake\n")
	if out, err := s.run("bot", "reload"); err == nil || !strings.Contains(out, "did you mean greeting?") {
		t.Errorf("a wrong file is reloaded: %v %s", err, out)
	}
	s.operatesBesideAWrongFile(t)
	s.write(t, "texts:\n  greeting: Tres\n")
	s.tania.signal(syscall.SIGHUP)
	s.greets(t, 3, "Tres")
	if out, err := s.run("bot", "rollback", "1", "--why", "for the test"); err != nil || !strings.Contains(out, "Version 4") {
		t.Errorf("going back: %v %s", err, out)
	}
	s.greets(t, 4, "Uno")
	for _, x := range []struct {
		args []string
		want string
	}{
		{[]string{"bot", "versions"}, "back to version 1: for the test"},
		{[]string{"bot", "diff", "1", "2"}, "-  greeting: Uno\n+  greeting: Dos\n"},
		{[]string{"bot", "diff", "1", "4"}, "Versions 1 and 4 have the same files."},
	} {
		if out, err := s.run(x.args...); err != nil || !strings.Contains(out, x.want) {
			t.Errorf("tania %s: %v %q, want %q in it", strings.Join(x.args, " "), err, out, x.want)
		}
	}
}
