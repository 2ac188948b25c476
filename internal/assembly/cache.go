package assembly

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"time"

	"tania/internal/answer"
	"tania/internal/answer/llm"
	"tania/internal/bot"
	"tania/internal/bots"
	"tania/internal/bots/meaning"
	"tania/internal/bots/versions"
	"tania/internal/cache"
	"tania/internal/cache/index"
	"tania/internal/cache/same"
	"tania/internal/cache/shareable"
	cachestore "tania/internal/cache/store"
	"tania/internal/config"
	"tania/internal/embedding"
	"tania/internal/language"
	"tania/internal/operator"
	"tania/internal/queue"
	"tania/internal/reply"
	"tania/internal/store"
	"tania/internal/tania"
	"tania/internal/telemetry"
)

var _ telemetry.Cache = (*cacheParts)(nil)

// cacheParts are the semantic cache with its store.
type cacheParts struct {
	cache *cache.Cache
	store cachestore.Store
	// scope is what entries of the bot that is current are kept under.
	scope func(inbox tania.InboxID, lang tania.Language, audience string) cachestore.Scope
}

// run follows the store until ctx ends, and closes it.
func (p cacheParts) run(ctx context.Context) error {
	err := p.cache.Run(ctx)
	if closeErr := p.store.Close(); err == nil {
		err = closeErr
	}
	return err
}

// follow forgets what rested on what changed, whenever a version of the bot is adopted.
func (p *cacheParts) follow(f *versions.Follower) {
	if p == nil {
		return
	}
	adopt := f.Adopt
	f.Adopt = func(b *bot.Bot, number int) {
		adopt(b, number)
		p.cache.Recheck()
	}
}

// awaitLoaded lets the cache be read before the first turn is answered, for a moment: a worker that begins without pays the model for what
// is known.
func (p *cacheParts) awaitLoaded(ctx context.Context) {
	if p == nil {
		return
	}
	ctx, done := context.WithTimeout(ctx, 500*time.Millisecond)
	defer done()
	_ = p.cache.Started(ctx)
}

// newCache wires the semantic cache, nil where it is off. It is fed by the bots that are current, and asks online, where there is one,
// about two answers.
func newCache(
	ctx context.Context, c *config.Config, engine queue.Memory, registry *bots.Registry, online *llm.OpenAI, vectors *meaning.Vectors,
	log *slog.Logger,
) (*cacheParts, error) {
	if !c.Cache.Enabled {
		return nil, nil
	}
	model, err := same.ShippedModel()
	if err != nil {
		return nil, err
	}
	shared, err := store.OpenCache(ctx, c, log)
	if err != nil {
		return nil, err
	}
	o := cache.Options{
		Store: shared, Model: model, MaxEntries: c.Cache.MaxEntries, MaxFalseHits: c.Cache.MaxFalseHits, Patience: c.Cache.Patience, Log: log,
		Life: map[cachestore.Category]time.Duration{
			cachestore.CategoryFAQ: c.Cache.FAQLife, cachestore.CategoryGeneral: c.Cache.GeneralLife,
			cachestore.CategoryTransient: c.Cache.TransientLife,
		},
		Count: engine.Count, Counters: engine.Counters,
	}
	pay := payer("", engine, log)
	o.Knowledge = func(scope cachestore.Scope) shareable.Knowledge {
		if by := owner(registry, scope); by != nil {
			return by.Answerer
		}
		return nil
	}
	o.FAQ = func(scope cachestore.Scope) []cache.Warm {
		by := owner(registry, scope)
		if by == nil {
			return nil
		}
		return warmQuestions(ctx, by.Bot, by.Answerer, scope.Language)
	}
	o.Fresh = func(ctx context.Context, r shareable.Request) (shareable.Candidate, error) {
		by := owner(registry, r.Scope)
		if by == nil {
			return shareable.Candidate{}, errReplaced
		}
		pay := payer(by.Name, engine, log)
		return reply.Anew(ctx, r, reply.Deps{
			Personal: personal(c.Model.Hidden),
			Bot:      by.Bot, Dispatcher: by.Dispatcher, Answerer: reply.Paid{Answerer: by.Answerer, Pay: pay}, Knowledge: by.Answerer,
			Understands: by.Answerer.Understands(),
		})
	}
	if online != nil {
		o.Judge = func(ctx context.Context, question, x, y string) (bool, error) {
			same, usage, err := registry.Main().Answerer.Same(ctx, question, x, y)
			pay(ctx, usage)
			return same, err
		}
	}
	if vectors != nil {
		o.Embed = func(ctx context.Context, scope cachestore.Scope, text string) (embedding.Vector, error) {
			if by := owner(registry, scope); by == nil || !by.Meant {
				return embedding.Vector{}, meaning.ErrNone
			}
			return vectors.One(ctx, text)
		}
	}
	scope := func(inbox tania.InboxID, lang tania.Language, audience string) cachestore.Scope {
		by := registry.For(bots.Place{Account: c.Chatwoot.Account, Inbox: inbox})
		scope := by.Scope(tania.Message{Inbox: inbox, Key: tania.ConversationKey{Account: c.Chatwoot.Account}}, lang)
		scope.Audience = audience
		return scope
	}
	return &cacheParts{cache: cache.New(o), store: shared, scope: scope}, nil
}

// errReplaced is why an answer that an earlier version of the bot made is not made again.
var errReplaced = errors.New("assembly: the bot has been replaced since")

// owner is the bot that the entries of a scope are of, as it is now; nil where it has been replaced.
func owner(registry *bots.Registry, scope cachestore.Scope) *bots.Runtime {
	for _, by := range registry.All() {
		if by.Scope(tania.Message{Inbox: scope.Inbox}, scope.Language).Version == scope.Version {
			return by
		}
	}
	return nil
}

// scoper makes the scopes of a bot: what is the same for all of them, and what a message adds. Versions that differ in their knowledge
// alone have the same.
type scoper struct {
	// name is the bot's among several, parts what makes its answers another's.
	name  string
	parts []string
	// vectors are the process's: those of another model cannot be compared with theirs.
	vectors *meaning.Vectors
	labels  []string
}

// newScoper gives those of a bot; name is its own, empty for the main one.
func newScoper(c *config.Config, b *bot.Bot, name string, vectors *meaning.Vectors) scoper {
	model := "offline"
	if c.Model.Online() {
		model = strings.Join(append([]string{c.Model.Name}, c.Model.Fallbacks...), ",")
	}
	return scoper{name: name, parts: []string{b.Shape(), model}, vectors: vectors, labels: c.Cache.AudienceLabels}
}

// version is that of the entries that the bot shares.
func (s scoper) version() string {
	sum := sha256.Sum256([]byte(strings.Join(append(slices.Clone(s.parts), s.vectors.Name()), "\x00")))
	version := hex.EncodeToString(sum[:8])
	if s.name != "" {
		return s.name + "-" + version
	}
	return version
}

// of is the scope of a message in a language.
func (s scoper) of(m tania.Message, lang tania.Language) cachestore.Scope {
	var audience []string
	for _, label := range s.labels {
		if slices.Contains(m.Labels, label) {
			audience = append(audience, label)
		}
	}
	slices.Sort(audience)
	return cachestore.Scope{
		Account: m.Key.Account, Inbox: m.Inbox, Language: lang, Audience: strings.Join(audience, ","), Version: s.version(),
	}
}

// operated is the cache as operators have it, nil where it is off.
func (p *cacheParts) operated() operator.Cache {
	if p == nil {
		return nil
	}
	return operator.Local(p.cache, p.scope)
}

// CacheStats implements telemetry.Cache: what this process has counted, since metrics are summed over processes.
func (p *cacheParts) CacheStats(context.Context) (telemetry.CacheStats, error) {
	counts, entries := p.cache.Counted()
	s := telemetry.CacheStats{
		Hits: map[string]int64{string(index.TierExact): 0, string(index.TierSemantic): 0}, Refusals: map[string]int64{},
		Vetoes: map[string]int64{}, Misses: counts["misses"], Entries: int64(entries),
	}
	for name, n := range counts {
		group, of, _ := strings.Cut(name, "/")
		switch group {
		case "hits":
			s.Hits[of] = n
		case "refusals":
			s.Refusals[of] = n
		case "vetoes":
			s.Vetoes[of] = n
		}
	}
	return s, nil
}

// warmQuestions are the questions of bot.yaml's FAQ that are asked in a language, or in one that cannot be told, with the answer in that
// language. Answers that call the customer by name are left out.
func warmQuestions(ctx context.Context, bot *bot.Bot, answerer *answer.Answerer, lang tania.Language) []cache.Warm {
	var list []cache.Warm
	for _, f := range bot.FAQ {
		if strings.Contains(f.Answer.In(lang, bot.Language), "{name}") {
			continue
		}
		a, err := answerer.Answer(ctx, answer.Question{Route: tania.RouteFAQ, FAQ: f.ID, Language: lang})
		if err != nil || a.Usage.Calls > 0 || len(a.Sources) == 0 {
			continue
		}
		for _, q := range f.Questions {
			if spoken := language.Detect(q); spoken == lang || spoken == "" {
				list = append(list, cache.Warm{FAQ: f.ID, Question: q, Answer: a.Text, Category: cachestore.Category(f.Category), Knowledge: answerer})
			}
		}
	}
	return list
}
