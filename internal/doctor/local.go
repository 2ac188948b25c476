package doctor

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"tania/internal/access"
	"tania/internal/knowledge/source/learned"
	"tania/internal/queue/redisqueue"
	"tania/internal/queue/redisqueue/redisconn"
	"tania/internal/setting"
)

// configuration tells what config.Load found.
func (x *examination) configuration(err error) {
	problems, ok := errors.AsType[setting.Problems](err)
	if err != nil && !ok {
		x.fail("configuration", err.Error(), "correct it")
	}
	botFile := filepath.Base(x.config.BotPath)
	wrong := 0
	for _, p := range problems {
		name := "configuration"
		if p.Name == "TANIA_BOT" || p.Name == botFile || strings.HasPrefix(p.Name, botFile+":") {
			name = "bot.yaml"
		} else {
			wrong++
		}
		fix := p.Fix
		p.Fix = ""
		x.fail(name, p.String(), fix)
	}
	if wrong == 0 && (err == nil || ok) {
		x.ok("configuration", "every variable is valid")
	}
	for _, w := range x.config.Warnings {
		text, fix, _ := strings.Cut(w, "; ")
		x.warn("configuration", text, fix)
	}
}

// bot tells what the bot knows, unless its file could not be read.
func (x *examination) bot() {
	for _, c := range x.checks {
		if c.Name == "bot.yaml" && c.Status == Fail {
			return
		}
	}
	b := x.config.Bot
	if x.config.BuiltinBot {
		if len(b.Knowledge) > 0 {
			x.info("bot.yaml", "there is none; the built-in bot answers from %d passages that tania learn has read", len(b.Knowledge))
			return
		}
		x.info("bot.yaml", "there is none; the built-in bot greets, says that it does not know, and brings a human")
		return
	}
	if len(b.FAQ) == 0 && len(b.Knowledge) == 0 {
		x.warn("bot.yaml", "valid, but the bot knows nothing: it has neither faq nor knowledge",
			"add what customers ask, after examples/bot.yaml")
		return
	}
	var languages []string
	for _, l := range b.Languages {
		languages = append(languages, string(l))
	}
	x.ok("bot.yaml", "%s: %d FAQ entries and %d passages of knowledge, in %s", b.Name, len(b.FAQ), len(b.Knowledge),
		strings.Join(languages, ", "))
}

// sources tells whether what bot.yaml names to be read can be kept. How each source is, the running process knows.
func (x *examination) sources() {
	b := x.config.Bot
	if b == nil || len(b.Sources) == 0 {
		return
	}
	const name = "sources"
	store := learned.Store{Dir: filepath.Join(filepath.Dir(x.config.BotPath), learned.Folder), Now: time.Now}
	unlock, err := store.Lock("tania doctor")
	if held, ok := errors.AsType[learned.HeldError](err); ok {
		x.info(name, "%d are read on schedule; now %s (process %d on %s) reads", len(b.Sources), held.By.Name, held.By.Process, held.By.Host)
		return
	}
	if err == nil {
		err = unlock()
	}
	if err != nil {
		x.fail(name, err.Error(), "run Tania where the folder of bot.yaml can be written, or take sources out of bot.yaml and use tania learn")
		return
	}
	x.ok(name, "%d are read on schedule into %s; tania bot sources tells how each is", len(b.Sources), store.Dir)
}

// redis asks the Redis that turns are kept in, where one is configured.
func (x *examination) redis(ctx context.Context) {
	if !x.config.Redis.Configured() {
		return
	}
	connect, err := redisconn.ParseURL(x.config.Redis.Address().Reveal())
	if err != nil {
		x.fail("Redis", err.Error(), "correct REDIS_URL")
		return
	}
	server, err := redisqueue.Inspect(ctx, connect, x.config.Queue.Name)
	if err != nil {
		x.fail("Redis", err.Error(), "correct REDIS_URL, or REDIS_HOST, REDIS_PORT and REDIS_PASSWORD; start Redis; let this machine reach it")
		return
	}
	if mine := x.config.Queue.Partitions; server.Partitions != 0 && server.Partitions != mine {
		x.fail("Redis", fmt.Sprintf("the queue %s was begun with QUEUE_PARTITIONS=%d, and here it is %d", x.config.Queue.Name, server.Partitions,
			mine),
			fmt.Sprintf("set QUEUE_PARTITIONS=%d, or see \"Partitions\" in docs/capacity.md", server.Partitions))
	}
	risks := server.Risks()
	for _, risk := range risks {
		text, fix, _ := strings.Cut(risk, "; ")
		x.warn("Redis", text, fix)
	}
	if len(risks) == 0 {
		x.ok("Redis", "version %s answers and keeps what it is given", server.Version)
	}
}

// listening looks whether the port is free, or held by a running Tania.
func (x *examination) listening(ctx context.Context) {
	s := x.config.Server
	if s.Port == 0 {
		return
	}
	address := net.JoinHostPort(s.Host, strconv.Itoa(s.Port))
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", address)
	if err == nil {
		_ = listener.Close()
		x.ok("port", "%s is free to listen on", address)
		return
	}
	host := s.Host
	if ip := net.ParseIP(host); host == "" || ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	a, askErr := x.ask(ctx, http.MethodGet, "http://"+net.JoinHostPort(host, strconv.Itoa(s.Port))+"/chatwoot/health", nil, nil)
	var health struct{ Status, Version string }
	if askErr == nil && a.into(&health) && health.Status != "" {
		x.info("port", "a Tania (%s) runs on %s and is %s", health.Version, address, health.Status)
		return
	}
	x.fail("port", fmt.Sprintf("cannot listen on %s: %v", address, err), "stop what uses it, or change PORT or HOST")
}

// operators tells who may use the operators' routes.
func (x *examination) operators() {
	if x.config.Server.AdminToken != "" {
		x.ok("operators' routes", "open to whoever has the ADMIN_TOKEN")
		return
	}
	const name = "operators' routes"
	path := access.TokenPath(x.config.DataDir)
	_, err := access.ReadToken(x.config.DataDir)
	switch {
	case err == nil:
		x.info(name, "ADMIN_TOKEN is not set: open to whoever has the token in %s; the command line uses it by itself, and tania dashboard prints a link that signs in", path)
	case errors.Is(err, fs.ErrNotExist):
		x.info(name, "ADMIN_TOKEN is not set: tania serve makes a token at its first start, in %s", path)
	default:
		x.warn(name, err.Error(), "run this as Tania's user, or set ADMIN_TOKEN")
	}
}

// serviceHours tells the time where the service is, so that a wrong zone is seen.
func (x *examination) serviceHours() {
	g := x.config.Governor
	if !g.ServiceHours {
		return
	}
	here := x.now().In(g.Hours.Location)
	text := fmt.Sprintf("it is now %s in %s", here.Format("Mon 15:04"), g.Hours.Location)
	if g.Hours.Location == time.UTC && !x.config.Given("GOVERNOR_SERVICE_HOURS_TIMEZONE") {
		x.warn("service hours", text+", the default",
			"set GOVERNOR_SERVICE_HOURS_TIMEZONE to the zone of the team, America/Mexico_City for example")
		return
	}
	if g.Hours.Days == [7]bool{} {
		x.warn("service hours", text+", and no day has service", "set GOVERNOR_SERVICE_HOURS_DAYS")
		return
	}
	x.ok("service hours", "%s", text)
}
