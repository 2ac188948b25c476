package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"tania/internal/cache"
	"tania/internal/cache/cacheeval"
	"tania/internal/cache/same"
	cachestore "tania/internal/cache/store"
	"tania/internal/cli"
	"tania/internal/operator"
	"tania/internal/tania"
)

func cacheCommand(pick cli.Picker) *cobra.Command {
	return cli.Group("cache", "Look into the semantic cache, explain, clear and measure it",
		cacheListCommand(pick), cacheShowCommand(pick), cacheExplainCommand(pick), cacheStatsCommand(pick),
		cacheClearCommand(pick), cacheInvalidateCommand(pick), cacheWarmCommand(pick), cacheEvalCommand(pick))
}

// withCache runs a command on the cache.
func (f operatorFlags) withCache(ctx context.Context, run func(operator.Cache) error) error {
	return f.target().Cache(ctx, run)
}

type cacheListCmd struct {
	operatorFlags
	Limit int
}

func cacheListCommand(pick cli.Picker) *cobra.Command {
	var c cacheListCmd
	cmd := &cobra.Command{Use: "list", Short: "List entries, those with the most hits first", Args: cli.None, Run: pick(&c)}
	c.bind(cmd)
	cli.LimitFlag(cmd, &c.Limit)
	return cmd
}

// Run lists.
func (c cacheListCmd) Run(ctx context.Context) error {
	return c.withCache(ctx, func(shared operator.Cache) error {
		list, err := shared.List(ctx, c.Limit)
		if err != nil {
			return err
		}
		return cli.Table[cachestore.Entry]{
			None: "The cache is empty.", Head: "ENTRY\tHITS\tAGE\tLEFT\tCATEGORY\tSTATE\tINBOX\tLANG\tQUESTION",
			Row: func(e cachestore.Entry) string {
				return fmt.Sprintf("%s\t%d\t%s\t%s\t%s\t%s\t%d\t%s\t%s", e.ID, e.Hits, ago(e.Created), left(e.Expires), e.Category,
					stateText(e.State), e.Scope.Inbox, e.Scope.Language, oneLine(e.Question, 60))
			},
		}.Print(os.Stdout, c.JSON, list)
	})
}

func ago(t time.Time) string  { return time.Since(t).Round(time.Second).String() }
func left(t time.Time) string { return max(0, time.Until(t)).Round(time.Second).String() }

func stateText(s cachestore.State) string {
	if s == cachestore.StateActive {
		return "active"
	}
	return string(s)
}

type cacheShowCmd struct {
	operatorFlags
	Entry string
}

func cacheShowCommand(pick cli.Picker) *cobra.Command {
	var c cacheShowCmd
	cmd := &cobra.Command{
		Use: "show ENTRY", Short: "Show an entry with the other phrasings of its answer", Args: cli.One("ENTRY", &c.Entry), Run: pick(&c),
		Long: "Show an entry with the other phrasings of its answer. ENTRY is its id.",
	}
	c.bind(cmd)
	return cmd
}

// Run shows one.
func (c cacheShowCmd) Run(ctx context.Context) error {
	return c.withCache(ctx, func(shared operator.Cache) error {
		e, err := shared.Show(ctx, c.Entry)
		if errors.Is(err, cache.ErrUnknown) {
			return fmt.Errorf("there is no entry %s; tania cache list shows them", c.Entry)
		}
		if err != nil {
			return err
		}
		if c.JSON {
			return printJSON(e)
		}
		fmt.Printf("%s  %s, %d hits, made %s ago, expires in %s, %s\n", e.ID, e.Category, e.Hits, ago(e.Created), left(e.Expires),
			stateText(e.State))
		if !e.Used.IsZero() {
			fmt.Printf("last used %s ago\n", ago(e.Used))
		}
		fmt.Printf("scope %s: account %d, inbox %d, %s", e.Scope.Key(), e.Scope.Account, e.Scope.Inbox, e.Scope.Language)
		if e.Scope.Audience != "" {
			fmt.Printf(", audience %s", e.Scope.Audience)
		}
		fmt.Printf(", version %s\n\n%s\n\n%s\n", e.Scope.Version, e.Question, e.Answer)
		if len(e.Sources) > 0 {
			fmt.Printf("\nfrom %s\n", strings.Join(e.Sources, ", "))
		}
		for _, a := range e.Aliases {
			fmt.Printf("\nalso asked (%s, %d hits): %s", a.ID, a.Hits, oneLine(a.Question, 100))
		}
		if len(e.Aliases) > 0 {
			fmt.Println()
		}
		return nil
	})
}

type cacheExplainCmd struct {
	operatorFlags
	Question string
	Inbox    tania.InboxID
	Language tania.Language
	Audience string
}

func cacheExplainCommand(pick cli.Picker) *cobra.Command {
	var c cacheExplainCmd
	cmd := &cobra.Command{
		Use: "explain QUESTION", Short: "Show what the cache would do with a question, and why",
		Long: "Show what the cache would do with a question, and why. QUESTION is what a customer might write.",
		Args: cli.One("QUESTION", &c.Question), Run: pick(&c),
	}
	flags := cmd.Flags()
	c.bind(cmd)
	flags.Int64Var((*int64)(&c.Inbox), "inbox", 0, "Inbox `N`; default: the one with the most entries")
	flags.StringVar((*string)(&c.Language), "language", "", "`LANGUAGE`, two letters; default: recognised from the text")
	flags.StringVar(&c.Audience, "audience", "", "`AUDIENCE`, from CACHE_AUDIENCE_LABELS")
	return cmd
}

// Run explains.
func (c cacheExplainCmd) Run(ctx context.Context) error {
	return c.withCache(ctx, func(shared operator.Cache) error {
		x, err := shared.Explain(ctx, operator.Question{Text: c.Question, Inbox: c.Inbox, Language: c.Language, Audience: c.Audience})
		if err != nil {
			return err
		}
		if c.JSON {
			return printJSON(x)
		}
		return printExplanation(os.Stdout, x)
	})
}

func printExplanation(out io.Writer, x cache.Explanation) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	line := func(format string, values ...any) { _, _ = fmt.Fprintf(w, format+"\n", values...) }
	switch {
	case x.Refusal != "":
		line("gate\trefused: %s. The question goes to the model, and its answer is not kept.", x.Refusal)
	default:
		line("gate\tadmitted")
	}
	line("scope\t%s (account %d, inbox %d, %s)", x.ScopeKey, x.Scope.Account, x.Scope.Inbox, x.Scope.Language)
	line("read as\t%s", x.Exact)
	verdict := "miss"
	if x.Hit {
		verdict = "hit, " + string(x.Tier) + ", entry " + x.Entry
	}
	line("verdict\t%s", verdict)
	line("score\t%.4f of at least %.4f", x.Score, x.Threshold)
	if x.Answer != "" {
		line("answer\t%s", oneLine(x.Answer, 100))
	}
	line("took\t%d µs", x.Micros)
	if len(x.Candidates) > 0 {
		line("\nLIKENESS\tVETO\tENTRY\tQUESTION")
		for _, n := range x.Candidates {
			line("%.3f\t%s\t%s\t%s", n.Like, n.Veto, n.Entry, oneLine(n.Question, 70))
		}
	}
	if len(x.Features) > 0 {
		line("\nPART OF THE SCORE\tVALUE\tWEIGHT\tLOG ODDS")
		for _, f := range x.Features {
			line("%s\t%.3f\t%.2f\t%+.2f", f.Name, f.Value, f.Weight, f.Value*f.Weight)
		}
	}
	return w.Flush()
}

type cacheStatsCmd struct{ operatorFlags }

func cacheStatsCommand(pick cli.Picker) *cobra.Command {
	var c cacheStatsCmd
	cmd := &cobra.Command{
		Use: "stats", Short: "Count hits, misses, refusals, vetoes, savings and wrong hits",
		Args: cli.None, Run: pick(&c),
	}
	c.bind(cmd)
	return cmd
}

// Run counts.
func (c cacheStatsCmd) Run(ctx context.Context) error {
	return c.withCache(ctx, func(shared operator.Cache) error {
		s, err := shared.Stats(ctx)
		if err != nil {
			return err
		}
		if c.JSON {
			return printJSON(s)
		}
		w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
		line := func(name, format string, values ...any) { _, _ = fmt.Fprintf(w, name+"\t"+format+"\n", values...) }
		line("hit rate", "%.1f %% of %d questions that the gate admitted", s.HitRate, s.Hits+s.Misses)
		line("hits", "%d exact, %d semantic", s.ExactHits, s.SemanticHits)
		line("wrong hits", "%.2f %% of semantic hits (%.2f to %.2f with 90 %% probability; %d verified)", 100*s.WrongHits.Mean,
			100*s.WrongHits.Low, 100*s.WrongHits.High, s.Verified)
		line("entries", "%d, median age %s, %d doubted", s.Entries, time.Duration(s.MedianAgeSeconds*float64(time.Second)).Round(time.Second),
			s.Doubted)
		line("saved", "%d tokens, %.4f USD", s.SavedTokens, s.SavedUSD)
		for _, group := range []struct {
			name   string
			counts map[string]int64
		}{{"refusals", s.Refusals}, {"vetoes", s.Vetoes}, {"feedback", s.Feedback}, {"failures", s.Failures}} {
			for _, reason := range slices.Sorted(maps.Keys(group.counts)) {
				line(group.name+" "+reason, "%d", group.counts[reason])
			}
		}
		return w.Flush()
	})
}

type cacheClearCmd struct{ operatorFlags }

func cacheClearCommand(pick cli.Picker) *cobra.Command {
	var c cacheClearCmd
	cmd := &cobra.Command{Use: "clear", Short: "Drop all entries in every process", Args: cli.None, Run: pick(&c)}
	c.bind(cmd)
	return cmd
}

// Run clears.
func (c cacheClearCmd) Run(ctx context.Context) error {
	return c.withCache(ctx, func(shared operator.Cache) error {
		n, err := shared.Clear(ctx)
		if err != nil {
			return err
		}
		return c.say(map[string]any{"cleared": n}, fmt.Sprintf("%d entries are forgotten, in every process.", n))
	})
}

type cacheInvalidateCmd struct {
	operatorFlags
	Entry    string
	Pattern  string
	Category cachestore.Category
	Scope    string
}

func cacheInvalidateCommand(pick cli.Picker) *cobra.Command {
	var c cacheInvalidateCmd
	cmd := &cobra.Command{
		Use: "invalidate [ENTRY]", Short: "Drop some entries: by id, pattern, category or scope", Args: cli.Optional(&c.Entry), Run: pick(&c),
		Long: "Drop some entries: the one with the id ENTRY, or by pattern, category or scope.",
	}
	flags := cmd.Flags()
	c.bind(cmd)
	flags.StringVar(&c.Pattern, "pattern", "", "Questions that match `PATTERN`, with * and ?; accents and case are ignored")
	cli.ChoiceFlag(cmd, (*string)(&c.Category), "category", "`CATEGORY`: faq, general or transient", "faq", "general", "transient")
	flags.StringVar(&c.Scope, "scope", "", "`KEY` of a scope, as tania cache show prints it")
	return cmd
}

// Run removes entries.
func (c cacheInvalidateCmd) Run(ctx context.Context) error {
	return c.withCache(ctx, func(shared operator.Cache) error {
		n, err := shared.Invalidate(ctx, cache.Selection{ID: c.Entry, Pattern: c.Pattern, Category: c.Category, Scope: c.Scope})
		if err != nil {
			return err
		}
		return c.say(map[string]any{"invalidated": n}, fmt.Sprintf("%d entries are forgotten, in every process.", n))
	})
}

type cacheWarmCmd struct{ operatorFlags }

func cacheWarmCommand(pick cli.Picker) *cobra.Command {
	var c cacheWarmCmd
	cmd := &cobra.Command{Use: "warm", Short: "Put bot.yaml's FAQ into all scopes now", Args: cli.None, Run: pick(&c)}
	c.bind(cmd)
	return cmd
}

// Run warms.
func (c cacheWarmCmd) Run(ctx context.Context) error {
	return c.withCache(ctx, func(shared operator.Cache) error {
		w, err := shared.WarmUp(ctx)
		if err != nil {
			return err
		}
		return c.say(map[string]any{"scopes": w.Scopes, "stored": w.Stored, "refused": w.Refused},
			fmt.Sprintf("%d questions of the FAQ stored in %d scopes; the gate refuses %d. A scope is there from its first question on.", w.Stored,
				w.Scopes, w.Refused))
	})
}

type cacheEvalCmd struct {
	Dir    string
	N      int
	Seed   uint64
	JSON   bool
	Misses bool
}

func cacheEvalCommand(pick cli.Picker) *cobra.Command {
	var c cacheEvalCmd
	cmd := &cobra.Command{
		Use: "eval DIR", Short: "Measure the cache on a folder of labelled questions", Args: cli.Existing("DIR", &c.Dir, true), Run: pick(&c),
		Long:              "Measure the cache on labelled questions. DIR is a folder of .jsonl sets.",
		ValidArgsFunction: cobra.FixedCompletions(nil, cobra.ShellCompDirectiveFilterDirs),
	}
	flags := cmd.Flags()
	flags.IntVar(&c.N, "n", 2000, "Maximum number of queries per stream, `N`")
	flags.Uint64Var(&c.Seed, "seed", 100, "`SEED` of the random orders; the next seed is run too")
	cli.JSONFlag(cmd, &c.JSON)
	flags.BoolVar(&c.Misses, "misses", false, "List the pairs and messages whose result differs from their label")
	return cmd
}

// Run measures.
func (c cacheEvalCmd) Run(context.Context) error {
	if c.N < 1 {
		return errors.New("--n: want a number from 1")
	}
	model, err := same.ShippedModel()
	if err != nil {
		return err
	}
	data, err := cacheeval.Load(c.Dir)
	if err != nil {
		return err
	}
	report, err := cacheeval.Evaluate(model, data, cacheeval.Options{N: c.N, Seed: c.Seed})
	if err != nil {
		return err
	}
	if !c.Misses {
		report.Misses = nil
	}
	if c.JSON {
		return printJSON(report)
	}
	return report.Print(os.Stdout)
}
