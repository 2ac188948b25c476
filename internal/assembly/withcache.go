package assembly

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"tania/internal/bot"
	"tania/internal/bots"
	"tania/internal/bots/versions"
	"tania/internal/config"
	"tania/internal/operator"
	"tania/internal/queue"
	"tania/internal/store"
	"tania/internal/telemetry"
)

// published makes the runtimes of the version that is current in a store, and those of the bot's files where none is or it cannot be read.
func published(ctx context.Context, m maker, store queue.Bots) (main *bots.Runtime, assigned []*bots.Runtime, err error) {
	current, err := store.BotVersion(ctx, versions.Name, 0)
	if err == nil {
		var b *bot.Bot
		if b, err = versions.Bot(current.Content); err == nil {
			return m.runtimes(b, current.Number)
		}
	}
	return m.runtimes(m.settings.Bot, 0)
}

// WithCache runs a command of operators on the cache that processes share, without one of them: it is on while the command runs, whatever
// CACHE_ENABLED says.
func WithCache(ctx context.Context, c *config.Config, run func(operator.Cache) error) error {
	kind := store.KindOf(c)
	log := telemetry.NewLogger(io.Discard, c.LogLevel, c.LogFormat)
	opened, err := store.Open(ctx, c, log)
	if err != nil {
		return err
	}
	engine := opened.Queue
	c.Cache.Enabled = true
	watched := watch{metrics: telemetry.NewMetrics("")}
	model, _ := newModel(c, engine, watched, log)
	var registry *bots.Registry
	vectors, err := newVectors(c, func() *bots.Registry { return registry }, model, payer("", engine, log), watched, log)
	if err != nil {
		return errors.Join(err, engine.Close())
	}
	defer func() { _ = vectors.close() }()
	finding, found := context.WithTimeout(ctx, 2*time.Second)
	vectors.vectors().Find(finding)
	found()
	known := newLibraries(c.DataDir, log)
	defer func() { _ = known.close() }()
	main, assigned, err := published(ctx, maker{settings: c, model: model, vectors: vectors.vectors(), libraries: known}, engine)
	if err != nil {
		return errors.Join(err, engine.Close())
	}
	registry = bots.NewRegistry(main, assigned...)
	parts, err := newCache(ctx, c, engine, registry, model, vectors.vectors(), log)
	if err != nil {
		return errors.Join(err, engine.Close())
	}
	following, stop := context.WithCancel(ctx)
	ended := make(chan error, 1)
	go func() { ended <- parts.run(following) }()
	starting, done := context.WithTimeout(ctx, 5*time.Second)
	if err = parts.cache.Started(starting); err != nil {
		err = fmt.Errorf("%s: the cache could not be read in five seconds; is %s there?", kind.Settings, kind.Name)
	} else {
		err = run(parts.operated())
	}
	done()
	stop()
	return errors.Join(err, <-ended, engine.Close())
}
