// Package doctor checks a configuration against the machine, the live Chatwoot and the live model. It changes nothing
// and prints no secret.
package doctor

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"

	"tania/internal/config"
	"tania/internal/scrub"
)

// Status is how a check ended.
type Status string

// The statuses. Info is something to know that is neither right nor wrong, or that could not be checked.
const (
	OK   Status = "ok"
	Info Status = "info"
	Warn Status = "warn"
	Fail Status = "fail"
)

// Check is one thing looked at.
type Check struct {
	Name   string `json:"name"`
	Status Status `json:"status"`
	Text   string `json:"text"`
	// Fix says what to do; empty where nothing is to be done.
	Fix string `json:"fix,omitempty"`
}

// Deps are what Run needs beside the configuration.
type Deps struct {
	// ConfigError is what config.Load gave with the configuration, nil if it is right.
	ConfigError error
	// Transport makes the requests; nil is the standard one.
	Transport http.RoundTripper
	// Now is the machine's time; nil is time.Now.
	Now func() time.Time
	// Timeout bounds each request, 10 s when 0.
	Timeout time.Duration
	// Tania is the address of the process that Migration looks at.
	Tania string
}

// Run makes all checks that the configuration allows, in the order of the way a message goes. It takes a few seconds,
// up to Deps.Timeout for each server that does not answer.
func Run(ctx context.Context, c *config.Config, d Deps) []Check {
	x := begin(c, d)
	x.configuration(d.ConfigError)
	x.bot()
	x.sources()
	x.storage(diskOf)
	x.redis(ctx)
	x.listening(ctx)
	x.operators()
	x.serviceHours()
	if x.chatwoot(ctx) {
		x.token(ctx)
	}
	x.webhookProtection()
	x.webhookAddress(ctx)
	x.model(ctx)
	x.vectors(ctx)
	return x.checks
}

func begin(c *config.Config, d Deps) *examination {
	if d.Now == nil {
		d.Now = time.Now
	}
	if d.Timeout == 0 {
		d.Timeout = 10 * time.Second
	}
	return &examination{config: c, hidden: scrub.New(c.Secrets()...), now: d.Now, tania: strings.TrimRight(d.Tania, "/"), client: &http.Client{
		Transport: d.Transport, Timeout: d.Timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}}
}

// Failed counts the checks that failed.
func Failed(checks []Check) (n int) {
	for _, c := range checks {
		if c.Status == Fail {
			n++
		}
	}
	return n
}

// examination is one run and what it learnt on its way.
type examination struct {
	config *config.Config
	now    func() time.Time
	client *http.Client
	checks []Check
	hidden *scrub.Scrubber
	// tania is the address of a running Tania.
	tania string

	// version is Chatwoot's, zero if it does not tell.
	version version
	// kind is whose the token is; the rest is known of a user only.
	kind          tokenKind
	administrator bool
}

// tokenKind is whose token Chatwoot's REST API was asked with.
type tokenKind int

const (
	tokenUnknown tokenKind = iota
	tokenBot
	tokenUser
)

func (x *examination) add(s Status, name, text, fix string) {
	x.checks = append(x.checks, Check{Name: name, Status: s, Text: x.safe(text), Fix: x.safe(fix)})
}

func (x *examination) ok(name, format string, args ...any) {
	x.add(OK, name, fmt.Sprintf(format, args...), "")
}

func (x *examination) info(name, format string, args ...any) {
	x.add(Info, name, fmt.Sprintf(format, args...), "")
}

func (x *examination) warn(name, text, fix string) { x.add(Warn, name, text, fix) }

func (x *examination) fail(name, text, fix string) { x.add(Fail, name, text, fix) }
