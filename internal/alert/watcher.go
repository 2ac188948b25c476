package alert

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"tania/internal/outage"
	"tania/internal/queue"
	"tania/internal/tania"
)

// Every is how often readings are taken.
const Every = 15 * time.Second

// noteName is the note that gives a process the right to speak for all.
const noteName = "alerts"

// askTime bounds one question to the store.
const askTime = 2 * time.Second

// Options are a watcher's parts and settings.
type Options struct {
	Settings
	Board queue.Board
	// Ready reports nil when the store can be written. Stats are the queue's, Spent is this month's cost and Budget its limit (0: none), in
	// micro-USD.
	Ready  func(ctx context.Context) error
	Stats  func(ctx context.Context) (queue.Stats, error)
	Spent  func(ctx context.Context) (int64, error)
	Budget int64
	// Outages are the servers that answering depends on, as this process knows them; nil: it needs none.
	Outages func() []outage.State
	// Counts are this process's.
	Counts func() Counts
	// Process names this process; no other has the name. Worker and Web say what it does; only a process with a web side judges.
	Process     string
	Worker, Web bool
	// Shared reports whether other processes use the store too.
	Shared bool
	// Language is what is posted in, English when empty.
	Language tania.Language
	// URL takes the alerts; empty: they are shown only. Transport is nil for the usual one.
	URL       string
	Transport http.RoundTripper
	Log       *slog.Logger
	// Every is between two readings, Every when 0. Now is the clock, nil: the system's.
	Every time.Duration
	Now   func() time.Time
}

// Watcher takes readings. Make it with New.
type Watcher struct {
	Options
	rules    []rule
	store    rule
	receiver *receiver
	webhooks window
	refused  window
	cache    window
	// undelivered are the bot's messages that channels did not deliver.
	undelivered window

	// led reports whether this process spoke for all when the store was asked last, heard that the store ever answered it.
	led   bool
	heard atomic.Bool
	// own is what this process judges for itself: whether it has the store.
	own state

	mu     sync.Mutex
	shared state
	raised []Alert
	// reports are all processes', as they were told last.
	reports []Report
}

// New gives a watcher that Run starts.
func New(o Options) *Watcher {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Every <= 0 {
		o.Every = Every
	}
	w := &Watcher{
		Options: o, rules: rules(o.Settings), store: storeRule(o.Shared), webhooks: window{long: webhookWindow},
		refused: window{long: webhookWindow}, cache: window{long: cacheWindow},
		undelivered: window{long: undeliveredWindow},
	}
	if o.URL != "" {
		w.receiver = newReceiver(o.URL, o.Transport)
	}
	return w
}

// Run takes readings until ctx ends.
func (w *Watcher) Run(ctx context.Context) error {
	tick := time.NewTicker(w.Every)
	defer tick.Stop()
	for {
		w.read(ctx)
		select {
		case <-tick.C:
		case <-ctx.Done():
			if w.receiver != nil {
				w.receiver.close()
			}
			return nil
		}
	}
}

// List gives the alerts that are raised now, oldest first, in whichever process they were noticed. A process without a web side has none.
func (w *Watcher) List() []Alert {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.raised)
}

// Stopping names the alerts that are raised and keep customers from their answers.
func (w *Watcher) Stopping() []string {
	var names []string
	for _, a := range w.List() {
		if a.Stops() {
			names = append(names, a.Name)
		}
	}
	return names
}

// Past gives the newest alerts that are over, newest first.
func (w *Watcher) Past() []Alert {
	w.mu.Lock()
	defer w.mu.Unlock()
	list := slices.Concat(w.shared.Past, w.own.Past)
	slices.SortFunc(list, func(a, b Alert) int { return b.Ended.Compare(a.Ended) })
	return list
}

// Firing says of every alert whether it is raised.
func (w *Watcher) Firing() map[string]bool {
	firing := map[string]bool{w.store.name: false}
	for _, r := range w.rules {
		firing[r.name] = false
	}
	for _, a := range w.List() {
		firing[a.Name] = true
	}
	return firing
}

// read takes one reading: reports, judges what only this process knows, and, where it speaks for all, the rest.
func (w *Watcher) read(ctx context.Context) {
	f := w.facts(ctx)
	if !w.Web || ctx.Err() != nil {
		return
	}
	note, err := w.hold(ctx)
	if err != nil {
		f.queue = nil
	} else {
		w.led = note.Held
		w.heard.Store(true)
	}
	w.judgeStore(ctx, f)
	if err == nil && f.queue != nil {
		if note.Held {
			w.judgeShared(ctx, f, note.Body)
		} else {
			w.show(decode(note.Body, w.Log))
			return
		}
	}
	w.show(w.shared)
}

func (w *Watcher) facts(ctx context.Context) facts {
	f := facts{at: w.Now(), budget: w.Budget, spent: -1}
	ctx, done := context.WithTimeout(ctx, askTime)
	defer done()
	all, err := w.report(ctx)
	if err != nil {
		w.Log.Debug("reports not had", "error", err)
		return f
	}
	f.all = all
	if !w.Web || w.Ready(ctx) != nil {
		return f
	}
	if stats, err := w.Stats(ctx); err == nil {
		f.queue = &stats
	}
	if spent, err := w.Spent(ctx); err == nil {
		f.spent = spent
	}
	return f
}

func (w *Watcher) hold(ctx context.Context) (queue.Note, error) {
	ctx, done := context.WithTimeout(ctx, askTime)
	defer done()
	return w.Board.HoldNote(ctx, noteName, w.Process, w.lead())
}

// lead is how long a process speaks for all after it said so last.
func (w *Watcher) lead() time.Duration { return 3 * w.Every }

// judgeStore looks whether this process has its store. Where several lost it, the one that spoke for all tells, or one that never
// heard of another: without a store they cannot agree.
func (w *Watcher) judgeStore(ctx context.Context, f facts) {
	w.mu.Lock()
	w.own.judge([]rule{w.store}, f, w.Now().UTC())
	due := w.own.due()
	w.mu.Unlock()
	for _, i := range due {
		if i.Ended.IsZero() && i.Tries == 0 {
			i.Silent = w.heard.Load() && !w.led
		}
		if !i.Silent && w.tell(ctx, i) != nil {
			w.own.failed(i)
			continue
		}
		w.mu.Lock()
		w.own.alerted(i)
		w.mu.Unlock()
	}
}

// judgeShared judges for all processes, tells, and keeps what is known in the note: first what was judged, then each telling, so
// that whoever goes on tells nothing twice.
func (w *Watcher) judgeShared(ctx context.Context, f facts, body []byte) {
	s := decode(body, w.Log)
	s.judge(w.rules, f, w.Now().UTC())
	due := s.due()
	if !w.keep(ctx, s) {
		return
	}
	w.show(s)
	began := time.Now()
	for _, i := range due {
		if time.Since(began) > w.lead()/3 {
			return // the rest with the next reading, while the note is surely ours
		}
		if w.tell(ctx, i) == nil {
			s.alerted(i)
		} else {
			s.failed(i)
		}
		if !w.keep(ctx, s) {
			return
		}
	}
	w.show(s)
}

// keep writes the note; false when another process speaks now.
func (w *Watcher) keep(ctx context.Context, s state) bool {
	body, err := json.Marshal(s)
	if err == nil {
		ctx, done := context.WithTimeout(context.WithoutCancel(ctx), askTime)
		defer done()
		var written bool
		if written, err = w.Board.WriteNote(ctx, noteName, w.Process, body); err == nil {
			return written
		}
	}
	w.Log.Warn("the state of the alerts was not stored", "error", err)
	return false
}

func decode(body []byte, log *slog.Logger) (s state) {
	if len(body) == 0 {
		return s
	}
	if err := json.Unmarshal(body, &s); err != nil {
		log.Error("the state of the alerts cannot be read; starting from scratch", "error", err)
		return state{}
	}
	return s
}

// show makes what is known what List gives.
func (w *Watcher) show(s state) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.shared = s
	w.raised = append(s.raised(), w.own.raised()...)
	sortAlerts(w.raised)
}

// tell logs an incident's beginning or end, and posts it where there is a receiver.
func (w *Watcher) tell(ctx context.Context, i *incident) error {
	over := !i.Ended.IsZero()
	if i.Tries == 0 {
		w.Log.Warn("alert", "alert", i.Name, "over", over, "value", i.Value, "threshold", i.Threshold, "text", i.Text.In(tania.English))
	}
	if w.receiver == nil {
		return nil
	}
	if err := w.receiver.post(ctx, i.Alert, w.Process, w.Language); err != nil {
		w.Log.Error("alert not posted", "alert", i.Name, "over", over, "tries", i.Tries+1, "error", err)
		return fmt.Errorf("alert: %w", err)
	}
	return nil
}
