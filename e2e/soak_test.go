package e2e

import (
	"bufio"
	"fmt"
	"math"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/redistest"
	"tania/internal/tania"
)

// soakFor and soakRate are those of make test; make soak sets TANIA_SOAK_TIME, TANIA_SOAK_RATE and TANIA_SOAK_PLOT.
const soakFor, soakRate = 25 * time.Second, 30

// samples is how many points a soak is looked at.
const samples = 120

// TestSoak has customers write at a steady rate to one process that takes webhooks and two that answer, and looks whether what they use
// stays flat: the line through the second half of the samples must not rise.
func TestSoak(t *testing.T) {
	long, rate := soakFor, soakRate
	if s := os.Getenv("TANIA_SOAK_TIME"); s != "" {
		var err error
		if long, err = time.ParseDuration(s); err != nil {
			t.Fatal(err)
		}
	}
	if s := os.Getenv("TANIA_SOAK_RATE"); s != "" {
		var err error
		if rate, err = strconv.Atoi(s); err != nil || rate < 1 {
			t.Fatalf("TANIA_SOAK_RATE=%s", s)
		}
	}
	redis := redistest.Start(t, "--appendonly", "yes")
	in := newInstallation(t, "REDIS_URL="+redis.URL())
	in.tania.args = []string{"serve", "--worker=false", "--env", ""}
	in.tania.start()
	processes, addresses := []*process{in.tania}, map[string]string{"api": in.tania.address}
	for n := 1; n <= 2; n++ {
		address := freeAddress(t)
		w := newProcess(t)
		w.args = []string{"worker", "--env", ""}
		w.env = append(append([]string(nil), in.tania.env...), "METRICS_PORT="+address[strings.LastIndexByte(address, ':')+1:])
		w.address = address
		w.start()
		processes, addresses[fmt.Sprintf("worker %d", n)] = append(processes, w), address
	}

	// Each customer writes every ten seconds.
	customers := 10 * rate
	conversations := make([]tania.ConversationID, customers)
	series := &soakSeries{}
	began := time.Now()
	tick := time.NewTicker(max(time.Second/time.Duration(rate), time.Millisecond))
	defer tick.Stop()
	written, sampled := 0, 0
	for now := began; now.Sub(began) < long; now = <-tick.C {
		for ; written < int(now.Sub(began).Seconds()*float64(rate)); written++ {
			c := written % customers
			m, err := in.sim.CustomerWrites(chatwootsim.CustomerMessage{Conversation: conversations[c], Text: question(c, written/customers)})
			if err != nil {
				t.Fatal(err)
			}
			conversations[c] = m.Conversation
		}
		if now.Sub(began) >= time.Duration(sampled)*long/samples {
			sampled++
			series.sample(t, now.Sub(began), written, redis, addresses)
		}
	}
	if written < rate*int(long.Seconds())*9/10 {
		t.Errorf("%d messages in %s: the machine is too slow for this rate", written, long)
	}
	in.check(t, conversations, processes...)
	series.judge(t)
	if path := os.Getenv("TANIA_SOAK_PLOT"); path != "" {
		title := fmt.Sprintf("%s at %d messages a second", long, rate)
		if err := os.WriteFile(path, []byte(series.plot(title)), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

// soakSeries are values over time, by what they are of and whose.
type soakSeries struct {
	at     []float64 // seconds
	values map[string]map[string][]float64
	// written is how many messages had come at each sample, used what Redis's memory was, in bytes.
	written, used []float64
}

func (s *soakSeries) add(what, whose string, v float64) {
	if s.values == nil {
		s.values = map[string]map[string][]float64{}
	}
	if s.values[what] == nil {
		s.values[what] = map[string][]float64{}
	}
	s.values[what][whose] = append(s.values[what][whose], v)
}

func (s *soakSeries) sample(t *testing.T, at time.Duration, written int, redis *redistest.Server, addresses map[string]string) {
	t.Helper()
	s.at, s.written = append(s.at, at.Seconds()), append(s.written, float64(written))
	for whose, address := range addresses {
		m := metricsOf(t, address)
		// How many connections clients hold open is theirs to say; each is a file handle and a goroutine.
		held := m["tania_http_connections"]
		s.add("memory, MB", whose, m["process_resident_memory_bytes"]/1e6)
		s.add("goroutines", whose, m["go_goroutines"]-held)
		s.add("file handles", whose, m["process_open_fds"]-held)
		if whose == "api" {
			s.add("connections of clients", whose, held)
		}
	}
	keys, err := strconv.ParseFloat(redis.Do(t, "DBSIZE"), 64)
	if err != nil {
		t.Fatal(err)
	}
	s.add("Redis keys", "Redis", keys)
	used, err := strconv.ParseFloat(redis.Info(t, "used_memory"), 64)
	if err != nil {
		t.Fatal(err)
	}
	s.used = append(s.used, used)
	s.add("Redis memory, MB", "Redis", used/1e6)
}

// metricsOf reads the metrics without labels.
func metricsOf(t *testing.T, address string) map[string]float64 {
	t.Helper()
	resp, err := http.Get("http://" + address + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	all := map[string]float64{}
	for lines := bufio.NewScanner(resp.Body); lines.Scan(); {
		if name, value, ok := strings.Cut(lines.Text(), " "); ok {
			if v, err := strconv.ParseFloat(value, 64); err == nil {
				all[name] = v
			}
		}
	}
	for _, name := range []string{"process_resident_memory_bytes", "go_goroutines", "process_open_fds"} {
		if _, ok := all[name]; !ok {
			t.Fatalf("%s has no %s", address, name)
		}
	}
	return all
}

// allowed is how much a line may rise over the second half: a part of its mean, and what chance brings.
var allowed = map[string]struct{ part, more float64 }{
	"memory, MB": {0.05, 10}, "goroutines": {0.05, 10}, "file handles": {0.05, 10}, "Redis keys": {0.02, 30},
}

// mostPerMessage bounds what Redis may keep of a message, in bytes: its decision record, for RETENTION_DAYS, and its dedup mark, for a
// day. These grow with the messages, and only they do.
const mostPerMessage = 3000

// warmUp is how long a process's heap grows to what it then stays at (it is collected when it is five times what lives in it), and
// growing how much a shorter run may see of that, in MB.
const warmUp, growing = 2 * time.Minute, 40

func (s *soakSeries) judge(t *testing.T) {
	t.Helper()
	half := len(s.at) / 2
	span := s.at[len(s.at)-1] - s.at[half]
	for what, limit := range allowed {
		for whose, values := range s.values[what] {
			slope, mean := regression(s.at[half:], values[half:])
			rise := slope * span
			if what == "memory, MB" && s.at[len(s.at)-1] < warmUp.Seconds() {
				limit.more = growing
			}
			t.Logf("%-13s %-9s mean %8.1f, over the second half %+.2f", what, whose, mean, rise)
			if rise > limit.part*mean+limit.more {
				t.Errorf("%s of %s is not flat: %+.1f over %.0f s, at a mean of %.1f", what, whose, rise, span, mean)
			}
		}
	}
	each, _ := regression(s.written[half:], s.used[half:])
	t.Logf("Redis keeps %.0f bytes of a message", each)
	if each > mostPerMessage {
		t.Errorf("Redis keeps %.0f bytes of a message, want %d at most", each, mostPerMessage)
	}
}

// regression gives the slope of the line through the points, by least squares, and the mean of y.
func regression(x, y []float64) (slope, mean float64) {
	var sx, sy, sxx, sxy float64
	n := float64(len(x))
	for i := range x {
		sx, sy, sxx, sxy = sx+x[i], sy+y[i], sxx+x[i]*x[i], sxy+x[i]*y[i]
	}
	return (n*sxy - sx*sy) / (n*sxx - sx*sx), sy / n
}

// plot draws each of what was sampled in a frame of its own, from zero.
func (s *soakSeries) plot(title string) string {
	const width, height, left, top = 760, 130, 70, 40
	frames := []string{"memory, MB", "goroutines", "file handles", "connections of clients", "Redis keys", "Redis memory, MB"}
	colours := map[string]string{"api": "#c0392b", "worker 1": "#2471a3", "worker 2": "#229954", "Redis": "#7d3c98"}
	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12" role="img">`+"\n",
		width, top+height*len(frames))
	fmt.Fprintf(&b, "<title>%s</title>\n<rect width=\"100%%\" height=\"100%%\" fill=\"#fff\"/>\n<text x=\"%d\" y=\"20\" fill=\"#333\">%s:",
		title, left, title)
	for _, whose := range []string{"api", "worker 1", "worker 2", "Redis"} {
		fmt.Fprintf(&b, ` <tspan fill="%s">%s</tspan>`, colours[whose], whose)
	}
	b.WriteString("</text>\n")
	end := s.at[len(s.at)-1]
	for i, what := range frames {
		most := 1.0
		for _, values := range s.values[what] {
			for _, v := range values {
				most = math.Max(most, v)
			}
		}
		floor := float64(top + height*(i+1) - 30)
		y := func(v float64) float64 { return floor - v/most*(height-50) }
		fmt.Fprintf(&b, `<path d="M%d %.1fH%d" stroke="#999"/><text x="%d" y="%.1f" text-anchor="end" fill="#333">0</text><text x="%d" y="%.1f" text-anchor="end" fill="#333">%.0f</text><text x="%d" y="%.1f" fill="#333">%s</text>`+"\n",
			left, floor, width-20, left-6, floor+4, left-6, y(most)+4, most, left, floor+18, what)
		for whose, values := range s.values[what] {
			var points []string
			for j, v := range values {
				points = append(points, fmt.Sprintf("%.1f,%.1f", left+s.at[j]/end*(width-20-left), y(v)))
			}
			fmt.Fprintf(&b, `<polyline points="%s" fill="none" stroke="%s" stroke-width="1.5"/>`+"\n", strings.Join(points, " "), colours[whose])
		}
	}
	b.WriteString("</svg>\n")
	return b.String()
}
