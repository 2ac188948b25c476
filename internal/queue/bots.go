package queue

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// ErrNotCurrent means that somebody published another version since the caller looked: nothing was published.
var ErrNotCurrent = errors.New("queue: another version has been published since")

// BotVersionsKept is how many versions of a bot are kept; with each one published beyond it the one with the lowest number goes.
const BotVersionsKept = 200

// Bots are the versions of bots' configurations. The last one published is current. Contents are opaque to the store.
type Bots interface {
	// PublishBot makes a version current, and gives it with its number, counted from 1 in each bot, and the time, by the store's clock. after
	// is the number of the version that it was made from, 0 where there is none; when another is current, ErrNotCurrent. By and Why are stored
	// as Brief gives them.
	PublishBot(ctx context.Context, after int, v BotVersion) (BotVersion, error)
	// BotVersion gives a version, the current one for number 0. ErrNotFound when there is none.
	BotVersion(ctx context.Context, bot string, number int) (BotVersion, error)
	// BotVersions lists the versions of a bot, the newest first, without their contents.
	BotVersions(ctx context.Context, bot string) ([]BotVersion, error)
	// BotNames lists the bots that have versions, sorted.
	BotNames(ctx context.Context) ([]string, error)
	// AwaitBot gives the current version as soon as its number is another than known (0: none is known), whichever process published it. It
	// outlasts outages of the store, and ends with ctx's error, or ErrClosed.
	AwaitBot(ctx context.Context, bot string, known int) (BotVersion, error)
}

// BotVersion is one version of a bot's configuration.
type BotVersion struct {
	// Bot names the bot.
	Bot    string    `json:"bot"`
	Number int       `json:"number"`
	At     time.Time `json:"at"`
	// By is who published it, Why what for, both in words for people.
	By  string `json:"by"`
	Why string `json:"why,omitempty"`
	// Of is the number of the earlier version whose content it has; 0 for new content.
	Of      int    `json:"of,omitempty"`
	Content []byte `json:"content,omitempty"`
	// Replaces are the numbers of earlier versions that go when this one is published. They are not stored.
	Replaces []int `json:"-"`
}

// LongestReason is how much of a reason, or of a name, that somebody gives is kept, in characters.
const LongestReason = 500

// Brief gives a reason or a name as it is kept: at most LongestReason characters, the last of them … where there were more.
func Brief(text string) string {
	if len(text) <= LongestReason {
		return text
	}
	if runes := []rune(text); len(runes) > LongestReason {
		return string(runes[:LongestReason-1]) + "…"
	}
	return text
}

// Valid gives an error where a version cannot be published.
func (v BotVersion) Valid() error {
	switch {
	case v.Bot == "":
		return errors.New("queue: publish: the bot has no name")
	case len(v.Content) == 0:
		return fmt.Errorf("queue: publish %s: the version is empty", v.Bot)
	}
	return nil
}

// RollBackBot publishes the content of an earlier version again. after is the version that is current for the caller, as for PublishBot.
func RollBackBot(ctx context.Context, bots Bots, bot string, after, to int, by, why string) (BotVersion, error) {
	if to < 1 {
		return BotVersion{}, ErrNotFound
	}
	old, err := bots.BotVersion(ctx, bot, to)
	if err != nil {
		return BotVersion{}, err
	}
	return bots.PublishBot(ctx, after, BotVersion{Bot: bot, By: by, Why: why, Of: to, Content: old.Content})
}
