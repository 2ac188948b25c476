// Package connect finds what an operator's command works on: the store, where processes share it; else the running process that has the
// file, by its address and admin token. What comes in is the command's settings.
package connect

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"os"
	"slices"
	"time"

	"tania/internal/assembly"
	"tania/internal/bot"
	"tania/internal/bots/pauses"
	"tania/internal/bots/versions"
	"tania/internal/config"
	"tania/internal/operator"
	"tania/internal/privacy"
	"tania/internal/queue"
	"tania/internal/scrub"
	"tania/internal/store"
	"tania/internal/tania"
	"tania/internal/telemetry"
	"tania/internal/users"
)

// Target says which Tania is meant.
type Target struct {
	// Env is the file of settings, beside the environment.
	Env string
	// URL is the address of a process that is asked whatever the settings say; empty: it is found by them.
	URL string
}

// Queue runs a command on the queue.
func (t Target) Queue(ctx context.Context, run func(operator.Queue) error) error {
	return t.choose(func(c *config.Config) error {
		return recorded(ctx, c, func(s *store.Store, r *recorder) error {
			return run(recordedQueue{privacy.Scrubbed(s.Queue, scrub.New(c.Secrets()...).Text), r.did})
		})
	}, func(address, token string) error { return run(operator.Remote(address, token)) })
}

// Cache runs a command on the cache.
func (t Target) Cache(ctx context.Context, run func(operator.Cache) error) error {
	return t.choose(func(c *config.Config) error {
		r := &recorder{}
		err := assembly.WithCache(ctx, c, func(o operator.Cache) error { return run(recordedCache{o, r.did}) })
		if len(r.done) == 0 {
			return err
		}
		return errors.Join(err, withStore(ctx, c, func(s *store.Store) error { return r.keep(ctx, c, s.Queue) }))
	}, func(address, token string) error { return run(operator.RemoteCache(address, token)) })
}

// Bots runs a command on the versions of the bot.
func (t Target) Bots(ctx context.Context, run func(operator.Bots) error) error {
	return t.choose(func(c *config.Config) error {
		return recorded(ctx, c, func(s *store.Store, r *recorder) error {
			follower := &versions.Follower{
				Store: s.Queue, Source: assembly.BotFiles(c), Adopt: func(*bot.Bot, int) {}, Log: quiet(c), Shared: s.Many,
			}
			return run(recordedBots{operator.LocalBots(s.Queue, follower), r.did})
		})
	}, func(address, token string) error { return run(operator.RemoteBots(address, token)) })
}

// Users runs something on those who sign in by name.
func (t Target) Users(ctx context.Context, run func(operator.Users) error) error {
	return t.choose(func(c *config.Config) error {
		return recorded(ctx, c, func(s *store.Store, r *recorder) error {
			return run(recordedUsers{users.New(s.Queue, time.Now), r.did})
		})
	}, func(address, token string) error { return run(operator.RemoteUsers(address, token)) })
}

// Pauses runs a command on where bots are paused.
func (t Target) Pauses(ctx context.Context, run func(operator.Pauses) error) error {
	return t.choose(func(c *config.Config) error {
		return recorded(ctx, c, func(s *store.Store, r *recorder) error {
			board := &pauses.Board{Store: s.Queue, Account: c.Chatwoot.Account, Known: published(ctx, s.Queue), Log: quiet(c)}
			return run(recordedPauses{board, r.did})
		})
	}, func(address, token string) error { return run(operator.RemotePauses(address, token)) })
}

// Approvals runs a command on the calls that wait for the team's word.
func (t Target) Approvals(ctx context.Context, run func(operator.Approvals) error) error {
	return t.choose(func(c *config.Config) error {
		return recorded(ctx, c, func(s *store.Store, r *recorder) error {
			engine := privacy.Scrubbed(s.Queue, scrub.New(c.Secrets()...).Text)
			all := operator.LocalApprovals(engine, privacy.Mask(c.Server.PrivacyMask), tania.RuledByCommand)
			return run(recordedApprovals{all, r.did})
		})
	}, func(address, token string) error { return run(operator.RemoteApprovals(address, token)) })
}

// published reports which names of bots the current version has; where there is none that can be read, any may be one.
func published(ctx context.Context, all queue.Bots) func(string) bool {
	return func(name string) bool {
		current, err := all.BotVersion(ctx, versions.Name, 0)
		if err != nil {
			return true
		}
		b, err := versions.Bot(current.Content)
		return err != nil || name == bot.Main ||
			slices.ContainsFunc(b.Assignments, func(a bot.Assignment) bool { return a.Name == name })
	}
}

// Questions runs a command on what the bot missed.
func (t Target) Questions(ctx context.Context, run func(operator.Questions) error) error {
	return t.choose(func(c *config.Config) error {
		return withStore(ctx, c, func(s *store.Store) error {
			engine := privacy.Scrubbed(s.Queue, scrub.New(c.Secrets()...).Text)
			return run(operator.LocalQuestions(engine, privacy.Mask(c.Server.PrivacyMask)))
		})
	}, func(address, token string) error { return run(operator.RemoteQuestions(address, token)) })
}

// Conversations runs a command that finds conversations.
func (t Target) Conversations(ctx context.Context, run func(operator.Conversations) error) error {
	return t.choose(func(c *config.Config) error {
		return withStore(ctx, c, func(s *store.Store) error {
			engine := privacy.Scrubbed(s.Queue, scrub.New(c.Secrets()...).Text)
			return run(operator.LocalConversations(engine, privacy.Mask(c.Server.PrivacyMask)))
		})
	}, func(address, token string) error { return run(operator.RemoteConversations(address, token)) })
}

// EraseCache empties the cache that processes share, which does not know who asked what. Where a process has the file, that process does it
// when it erases a contact, and this does nothing.
func (t Target) EraseCache(ctx context.Context) error {
	return t.choose(func(c *config.Config) error {
		shared, err := store.OpenCache(ctx, c, slog.New(slog.DiscardHandler))
		if err != nil {
			return err
		}
		_, _, err = shared.Erase(ctx)
		return errors.Join(err, shared.Close())
	}, func(string, string) error { return nil })
}

// choose reads the settings, whatever is wrong with bot.yaml, and takes the store where processes share it and no address is given, else a
// process.
func (t Target) choose(onStore func(*config.Config) error, onProcess func(address, token string) error) error {
	c, err := config.LoadSettings(os.Environ(), t.Env)
	if err != nil {
		return err
	}
	if t.URL == "" && store.KindOf(c).Many {
		return onStore(c)
	}
	token, err := AdminToken(c, t.Address(c))
	if err != nil {
		return err
	}
	return onProcess(t.Address(c), token)
}

// Address is that of the process.
func (t Target) Address(c *config.Config) string {
	if t.URL == "" {
		return LocalURL(c, c.Server.Port)
	}
	return t.URL
}

func withStore(ctx context.Context, c *config.Config, run func(*store.Store) error) error {
	opened, err := store.Open(ctx, c, quiet(c))
	if err != nil {
		return err
	}
	return errors.Join(run(opened), opened.Close())
}

// quiet is the log of a command, whose result and errors are all that is shown.
func quiet(c *config.Config) *slog.Logger {
	return telemetry.NewLogger(io.Discard, c.LogLevel, c.LogFormat)
}
