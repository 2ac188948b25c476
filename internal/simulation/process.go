package simulation

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"tania/internal/answer"
	"tania/internal/answer/llm"
	"tania/internal/bot"
	"tania/internal/bots"
	"tania/internal/chatwoot"
	"tania/internal/dispatcher"
	"tania/internal/governor"
	"tania/internal/handoff"
	"tania/internal/intake"
	"tania/internal/outage"
	"tania/internal/outage/guarded"
	"tania/internal/queue/sqlitequeue"
	"tania/internal/sqlitetest"
	"tania/internal/tania"
	"tania/internal/web"
	"tania/internal/worker"
)

// errDead is what a dead process gets of the world.
var errDead = errors.New("the process is dead")

// process is one life of Tania: the web side and a worker over SQLite, wired as serve does.
type process struct {
	city   *city
	disk   *sqlitetest.Disk
	engine *sqlitequeue.Engine
	web    http.Handler
	stop   context.CancelFunc
	ended  chan struct{}
	peers  worker.Peers

	mu    sync.Mutex
	death death
	dying bool
	dead  bool
	calls int
}

func newProcess(c *city, disk *sqlitetest.Disk, path string) (*process, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	engine, err := sqlitequeue.OpenOn(context.Background(), disk.VFS(), path, c.queue())
	if err != nil {
		return nil, err
	}
	p := &process{city: c, disk: disk, engine: engine, ended: make(chan struct{})}
	clock := &chatwoot.Clock{}
	client := chatwoot.NewClient(chatwoot.ClientOptions{
		BaseURL: "http://chatwoot.test", Token: botToken, Transport: roundTrip(p.call), Timeout: 5 * time.Second, MaxRetries: -1, Clock: clock,
		Observe: func(call tania.ChatwootCall) {
			if call.Err == nil {
				p.peers.Chatwoot.Succeeded(call.Op)
			}
		},
	})
	p.peers = worker.Peers{
		Chatwoot: outage.New(outage.Options{Name: outage.Chatwoot, Probe: client.Ping, Log: c.log}),
		Model: outage.New(outage.Options{Name: outage.Model, Most: outage.ModelProbes, Log: c.log, Probe: func(ctx context.Context) error {
			_, err := p.Respond(ctx, llm.Prompt{Text: "OK?"})
			return err
		}}),
	}
	bot, gov := bot.Default(), governor.New(c.governor())
	o := c.worker()
	o.Engine, o.Chatwoot, o.Peers, o.Log = engine, client, p.peers, c.log
	o.Bots = bots.NewRegistry(&bots.Runtime{
		Bot: bot, Governor: gov, Dispatcher: dispatcher.New(dispatcher.Options{}),
		Answerer: answer.New(answer.Options{Bot: bot, Responder: guarded.Responder(p, p.peers.Model)}),
		Handoff: handoff.New(handoff.Options{
			Chatwoot: client, Memory: engine, Teams: map[tania.InboxID]tania.TeamID{11: 5}, Label: "handoff", Bot: bot,
		}),
	})
	p.web = web.New(web.Options{
		Engine: engine, Intake: intake.New(intake.Options{Engine: engine, Governor: gov, Clock: clock}), Log: c.log,
		Verifier: chatwoot.NewVerifier("secret"), Clock: clock, ReadClock: client.ReadClock,
	})
	ctx, stop := context.WithCancel(context.Background())
	p.stop = stop
	work := worker.New(o)
	go func() {
		defer close(p.ended)
		_ = work.Run(ctx)
	}()
	return p, nil
}

// close ends what is left of the process in this world.
func (p *process) close() {
	p.stop()
	<-p.ended
	_ = p.engine.Close()
}

// dieAt makes the process die as d says.
func (p *process) dieAt(d death) {
	p.mu.Lock()
	p.death, p.dying = d, true
	p.mu.Unlock()
	if d.atCall == 0 {
		from := p.disk.Writes()
		p.disk.OnWrite(func(n int) {
			if n-from == d.atWrite {
				p.die()
			}
		})
	}
}

// die leaves the disk as it is at this instant and cuts the process off from the world.
func (p *process) die() {
	p.mu.Lock()
	if p.dead {
		p.mu.Unlock()
		return
	}
	p.dead = true
	d := p.death
	left := p.disk.Copy
	if d.power {
		left = func() *sqlitetest.Disk {
			p.city.mu.Lock()
			defer p.city.mu.Unlock()
			return p.disk.PowerCut(p.city.random)
		}
	}
	image := left()
	p.mu.Unlock()
	p.city.died(p, image, d)
}

// finish does what the world sees of the process, unless it is dead.
func (p *process) finish(do func()) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.dead {
		return false
	}
	do()
	return true
}

// reaches counts a call to the world and lets the process die at it. It reports whether the call has its effect, and whether its answer
// arrives.
func (p *process) reaches(effect func()) bool {
	p.mu.Lock()
	p.calls++
	now := p.dying && p.death.atCall == p.calls
	before := now && !p.death.after
	p.mu.Unlock()
	if before {
		p.die()
	}
	if !p.finish(func() {}) {
		return false
	}
	effect()
	if now && !before {
		p.die()
	}
	return p.finish(func() {})
}

// call is a request to Chatwoot.
func (p *process) call(q *http.Request) (answer *http.Response, err error) {
	if p.city.away(p.city.plan.chatwootAway) {
		answer = answered(q, http.StatusBadGateway, "text/html", "<html><body><h1>Bad Gateway</h1></body></html>")
	}
	if !p.reaches(func() {
		if answer == nil {
			answer, err = inProcess{p.city.sim.Handler()}.RoundTrip(q) //nolint:bodyclose // the client closes it
		}
	}) {
		return nil, errDead
	}
	return answer, err
}

var mark = regexp.MustCompile(`q\d+-\d+`)

// Respond is the model: it names the questions that it answers.
func (p *process) Respond(ctx context.Context, prompt llm.Prompt) (llm.Response, error) {
	if p.city.away(p.city.plan.modelAway) {
		return llm.Response{}, llm.ErrUnavailable
	}
	think := time.NewTimer(time.Duration(1 + p.city.chance(int(p.city.plan.modelTime))))
	defer think.Stop()
	select {
	case <-think.C:
	case <-ctx.Done():
		return llm.Response{}, ctx.Err()
	}
	if !p.reaches(func() {}) {
		return llm.Response{}, errDead
	}
	return llm.Response{Text: "respuesta a " + strings.Join(mark.FindAllString(prompt.Text, -1), ", "), Known: true}, nil
}
