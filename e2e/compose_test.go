package e2e

import (
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"tania/internal/redistest"
)

// composeFile is what is used here of docker-compose.yml; deploy/check reads it with Compose's own parser.
type composeFile struct {
	Services map[string]struct {
		Command     []string          `yaml:"command"`
		Environment map[string]string `yaml:"environment"`
		Healthcheck struct {
			Test []string `yaml:"test"`
		} `yaml:"healthcheck"`
	} `yaml:"services"`
}

func readCompose(t *testing.T) composeFile {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "docker-compose.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var c composeFile
	// A key beside a merged one of the same name wins.
	if err := yaml.UnmarshalWithOptions(text, &c, yaml.AllowDuplicateMapKey()); err != nil {
		t.Fatal(err)
	}
	return c
}

// service prepares a process of the compose file: its command and environment as written, with the addresses of the containers' network
// on loopback and /data a directory of its own.
func (c composeFile) service(t *testing.T, name, address string, redis *redistest.Server, env ...string) *process {
	t.Helper()
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		t.Fatal(err)
	}
	s := c.Services[name]
	p := newProcess(t)
	p.address, p.args = address, s.Command
	p.env = append([]string{"PATH=" + os.Getenv("PATH"), "GOVERNOR_LOOP_REPLIES=0"}, env...)
	here := strings.NewReplacer("redis:6379", redis.Addr(), "0.0.0.0", "127.0.0.1", "8787", port, "9464", ownPort(t), "/data", t.TempDir())
	for _, key := range slices.Sorted(maps.Keys(s.Environment)) {
		p.env = append(p.env, key+"="+here.Replace(s.Environment[key]))
	}
	return p
}

// TestTheComposeFile starts what docker-compose up --scale ai_worker=3 starts, and kills a worker under load.
func TestTheComposeFile(t *testing.T) {
	t.Parallel() // its customers read, and its processes start, most of the time
	c := readCompose(t)
	command := c.Services["redis"].Command
	if len(command) == 0 || command[0] != "redis-server" {
		t.Fatalf("redis runs %q", command)
	}
	redis := redistest.Start(t, command[1:]...)
	for setting, want := range map[string]string{"aof_enabled": "1", "maxmemory_policy": "noeviction"} {
		if got := redis.Info(t, setting); got != want {
			t.Errorf("Redis has %s %q, want %q", setting, got, want)
		}
	}
	address := freeAddress(t)
	in := install(t, "http://"+address, "GOVERNOR_RATE_LIMIT_ENABLED=false")
	api := c.service(t, "api", address, redis, in.settings...)
	api.start()
	in.tania = api
	var workers []*process
	for range 3 {
		w := c.service(t, "ai_worker", address, redis, in.settings...)
		w.launch()
		workers = append(workers, w)
	}
	for _, w := range workers {
		await(t, 20*time.Second, "a worker to be healthy", func() bool { return c.healthy(t, "ai_worker", w) })
	}
	health := healthCommand(t)
	run := exec.Command(binary, health...)
	run.Env = api.env
	if out, err := run.CombinedOutput(); err != nil || !strings.Contains(string(out), "healthy") {
		t.Errorf("tania %s: %v: %s", strings.Join(health, " "), err, out)
	}

	conversations, leave := in.customers(t)
	await(t, 30*time.Second, "turns to run", func() bool { return in.stats(t).Active > 3 })
	workers[0].kill()
	await(t, 60*time.Second, "load without that worker", func() bool { return in.stats(t).Messages > 300 })
	leave()
	in.check(t, conversations, append(workers[1:], api)...)
	if out, err := exec.Command(binary, health...).CombinedOutput(); err == nil {
		t.Errorf("when nobody listens, tania %s says %s", strings.Join(health, " "), out)
	}
}

func ownPort(t *testing.T) string {
	_, port, err := net.SplitHostPort(freeAddress(t))
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// healthy runs a service's health check of the compose file, with the port that the process was given instead of its own.
func (c composeFile) healthy(t *testing.T, name string, p *process) bool {
	t.Helper()
	test := slices.Clone(c.Services[name].Healthcheck.Test)
	if len(test) < 3 || test[0] != "CMD" || test[1] != "/tania" {
		t.Fatalf("the health check of %s: %q", name, test)
	}
	for _, v := range p.env {
		if port, ok := strings.CutPrefix(v, "METRICS_PORT="); ok {
			test[len(test)-1] = port
		}
	}
	cmd := exec.Command(binary, test[2:]...)
	cmd.Env = p.env
	return cmd.Run() == nil
}

var healthLine = regexp.MustCompile(`(?m)^HEALTHCHECK .*CMD \["/tania", (.*)\]$`)

// healthCommand gives the arguments of the image's health check.
func healthCommand(t *testing.T) (args []string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "deploy", "Dockerfile"))
	if err != nil {
		t.Fatal(err)
	}
	found := healthLine.FindSubmatch(text)
	if found == nil {
		t.Fatal("the Dockerfile has no health check")
	}
	for arg := range strings.SplitSeq(string(found[1]), ", ") {
		plain, err := strconv.Unquote(arg)
		if err != nil {
			t.Fatal(err)
		}
		args = append(args, plain)
	}
	return args
}
