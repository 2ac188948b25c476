// Command mutate puts deliberate faults into the heart of the program, one at a time, and tells which of them the tests of their own
// package do not notice. All faults of a package are built into one test binary, and an environment variable turns one on, so that trying
// one costs no more than the tests that run its code. The working tree is not touched.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"path"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
)

func main() {
	only := flag.String("room", "", "the one room to look at; empty: all")
	n := flag.Int("n", 30, "how many mutants of each room to try; 0: all")
	seed := flag.Uint64("seed", 0, "chooses the mutants; 0: by the time")
	side := flag.Int("j", 2, "how many to try side by side")
	files := flag.String("files", "", "the only files of the rooms to look at, as a pattern of their names; empty: all")
	list := flag.Bool("list", false, "list the mutants, and try none")
	flag.Parse()
	if *seed == 0 {
		*seed = uint64(time.Now().UnixNano())
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := mutate(ctx, os.Stdout, options{room: *only, files: *files, n: *n, seed: *seed, side: *side, list: *list}); err != nil {
		fmt.Fprintln(os.Stderr, "mutate:", err)
		os.Exit(1)
	}
}

type options struct {
	room  string
	files string
	n     int
	seed  uint64
	side  int
	list  bool
}

// counts reports whether the faults of a file are looked at.
func (o *options) counts(file string) bool {
	ok, err := path.Match(o.files, file)
	return o.files == "" || ok && err == nil
}

// tally counts a room's mutants by what became of them.
type tally struct {
	room       string
	all        int
	equivalent int
	by         map[verdict]int
}

// noticed is the share of those that could be, in percent.
func (t *tally) noticed() float64 {
	good := t.by[caught] + t.by[hung]
	return 100 * float64(good) / float64(max(1, good+t.by[survived]+t.by[unseen]))
}

func mutate(ctx context.Context, out io.Writer, o options) error {
	known, err := equivalents(equivalentText)
	if err != nil {
		return err
	}
	named := func(r room) bool { return r.name == o.room }
	if o.room != "" && !slices.ContainsFunc(rooms, named) {
		var names []string
		for _, r := range rooms {
			names = append(names, r.name)
		}
		return fmt.Errorf("no room is called %q; there are %s", o.room, strings.Join(names, ", "))
	}
	var tallies []*tally
	for _, r := range rooms {
		if o.room != "" && !named(r) {
			continue
		}
		t, err := r.mutate(ctx, out, o, known)
		if err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
		tallies = append(tallies, t)
	}
	if o.list {
		return nil
	}
	fmt.Fprintf(out, "\nseed %d\n\n| Room | Mutants | Tried | Caught | Hung | Survived | Not run | Equivalent | Noticed |\n|---|---|---|---|---|---|---|---|---|\n", o.seed)
	for _, t := range tallies {
		tried := t.by[caught] + t.by[hung] + t.by[survived] + t.by[unseen]
		fmt.Fprintf(out, "| %s | %d | %d | %d | %d | %d | %d | %d | %.0f %% |\n",
			t.room, t.all, tried, t.by[caught], t.by[hung], t.by[survived], t.by[unseen], t.equivalent, t.noticed())
	}
	return nil
}

// mutate tries a sample of a room's mutants.
func (r *room) mutate(ctx context.Context, out io.Writer, o options, known map[string]string) (*tally, error) {
	t := &tally{room: r.name, by: map[verdict]int{}}
	for i, of := range r.packages {
		s, err := load(of)
		if err != nil {
			return nil, err
		}
		all := s.mutants()
		sample := slices.DeleteFunc(slices.Clone(all), func(m *mutant) bool { return !o.counts(m.file) })
		t.all += len(sample)
		if len(sample) == 0 {
			continue
		}
		sample = choose(sample, o, r.name, i, len(r.packages))
		if o.list {
			for _, m := range sample {
				fmt.Fprintln(out, describe(s, m))
			}
			continue
		}
		sample = slices.DeleteFunc(sample, func(m *mutant) bool {
			_, equivalent := known[strings.TrimPrefix(s.path, "tania/")+"/"+m.key()]
			if equivalent {
				t.equivalent++
			}
			return equivalent
		})
		if err := try(ctx, out, s, all, sample, o.side, t); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// choose draws a package's share of the sample, in the order of the code.
func choose(all []*mutant, o options, room string, part, parts int) []*mutant {
	if o.n == 0 {
		return all
	}
	h := fnv.New64a()
	_, _ = fmt.Fprint(h, room, part)
	rng := rand.New(rand.NewPCG(o.seed, h.Sum64())) //nolint:gosec // a sample that can be drawn again
	rng.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	share := (o.n + parts - 1) / parts
	sample := all[:min(share, len(all))]
	slices.SortFunc(sample, func(a, b *mutant) int { return cmp.Compare(a.id, b.id) })
	return sample
}

// try builds a package's tests with all mutants and runs them with each of the sample.
func try(ctx context.Context, out io.Writer, s *source, all, sample []*mutant, side int, t *tally) error {
	work, err := os.MkdirTemp("", "mutate-")
	if err != nil {
		return err
	}
	defer func() { _ = os.RemoveAll(work) }()
	b, err := build(ctx, s, all, work)
	if err != nil {
		return err
	}
	if err := b.measure(ctx); err != nil {
		return err
	}
	for _, test := range b.leftOut {
		fmt.Fprintf(out, "left out: %s fails without a mutant\n", test)
	}
	var mu sync.Mutex
	var group errgroup.Group
	group.SetLimit(side)
	for _, m := range sample {
		group.Go(func() error {
			v, err := b.try(ctx, m.id)
			if err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			t.by[v]++
			if v == survived || v == unseen {
				fmt.Fprintf(out, "%s: %s\n", v, describe(s, m))
			}
			return nil
		})
	}
	return group.Wait()
}

// describe says where a mutant is and what it changes.
func describe(s *source, m *mutant) string {
	return fmt.Sprintf("%s/%s:%d: %s in %s\n\t- %s\n\t+ %s",
		strings.TrimPrefix(s.path, "tania/"), m.file, m.line, m.kind, m.in, m.old, m.want)
}
