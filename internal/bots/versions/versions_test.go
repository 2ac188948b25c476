package versions_test

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"tania/internal/bot"
	"tania/internal/bots/versions"
	"tania/internal/logtest"
	"tania/internal/queue"
	"tania/internal/queue/enginetest"
	"tania/internal/queue/sqlitequeue"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// town is a store, and the folder of a bot.yaml.
type town struct {
	t      *testing.T
	engine *sqlitequeue.Engine
	dir    string
}

func newTown(t *testing.T) *town {
	t.Helper()
	return &town{t, enginetest.SQLite(t, queue.Options{}), t.TempDir()}
}

// write writes a file beside bot.yaml.
func (w *town) write(name, text string) {
	w.t.Helper()
	path := filepath.Join(w.dir, name)
	if err := errors.Join(os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(text), 0o600)); err != nil {
		w.t.Fatal(err)
	}
}

// process is one that follows the store.
type process struct {
	*versions.Follower
	log    logtest.Buffer
	reload chan struct{}
	mu     sync.Mutex
	names  []string
	bot    *bot.Bot
	number int
	// published are the numbers of the versions that it published from files.
	published []int
}

// follow starts a process over a folder, and ends it with the test.
func (w *town) follow(store queue.Bots, dir string) *process {
	w.t.Helper()
	p := &process{reload: make(chan struct{})}
	p.Follower = &versions.Follower{
		Store: store, Source: versions.Source{FS: os.DirFS(dir), Name: "bot.yaml", Optional: true},
		Log: slog.New(slog.NewTextHandler(&p.log, nil)),
		Adopt: func(b *bot.Bot, number int) {
			p.mu.Lock()
			defer p.mu.Unlock()
			p.names, p.bot, p.number = append(p.names, b.Name), b, number
		},
	}
	p.Published = func(_ context.Context, v queue.BotVersion) {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.published = append(p.published, v.Number)
	}
	_ = p.Settle(w.t.Context()) // as a start does; Run goes on
	ctx, stop := context.WithCancel(w.t.Context())
	ended := make(chan error, 1)
	go func() { ended <- p.Run(ctx, p.reload) }()
	w.t.Cleanup(func() {
		stop()
		if err := <-ended; err != nil {
			w.t.Error(err)
		}
	})
	return p
}

// answersAs checks whom a process answers as, and by which version.
func (p *process) answersAs(t *testing.T, name string, number int) {
	t.Helper()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bot == nil || p.bot.Name != name || p.number != number {
		t.Fatalf("adopted %v, the last as version %d; want %s as version %d; the log: %s", p.names, p.number, name, number, p.log.String())
	}
}

// looks lets a number of looks at the files pass, in the bubble's time.
func looks(n int) {
	time.Sleep(time.Duration(n)*versions.Every + versions.Every/2)
	synctest.Wait()
}

func TestAChangedFileIsTakenInAndOneThatIsWrongIsNot(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.write("bot.yaml", "name: Ana\n")
		p := w.follow(w.engine, w.dir)
		p.answersAs(t, "Ana", 1)
		w.write("bot.yaml", "name: Berta\n")
		looks(3)
		p.answersAs(t, "Berta", 2)
		w.write("bot.yaml", "nmae: Carla the second\n")
		looks(3)
		p.answersAs(t, "Berta", 2)
		if log := p.log.String(); strings.Count(log, "level=ERROR") != 1 || !strings.Contains(log, "bot.yaml:1:1") ||
			!strings.Contains(log, "did you mean name?") {
			t.Errorf("the log of the wrong file: %s", log)
		}
		w.write("bot.yaml", "name: Carla\n")
		looks(3)
		p.answersAs(t, "Carla", 3)
		looks(3)
		p.mu.Lock()
		if !slices.Equal(p.published, []int{1, 2, 3}) {
			t.Errorf("told of the versions %v", p.published)
		}
		p.mu.Unlock()
		v, err := w.engine.BotVersion(t.Context(), versions.Name, 3)
		if err != nil || v.By != versions.FromFile || v.Why != "the file changed" {
			t.Errorf("%+v, %v", v, err)
		}
	})
}

func TestAFileThatIsOnlyTouchedMakesNoVersion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.write("bot.yaml", "name: Ana\n")
		p := w.follow(w.engine, w.dir)
		old := time.Unix(1, 0)
		if err := os.Chtimes(filepath.Join(w.dir, "bot.yaml"), old, old); err != nil {
			t.Fatal(err)
		}
		looks(3)
		p.reload <- struct{}{}
		looks(1)
		p.answersAs(t, "Ana", 1)
		if list, err := w.engine.BotVersions(t.Context(), versions.Name); err != nil || len(list) != 1 {
			t.Errorf("%d versions, %v; want one", len(list), err)
		}
	})
}

func TestAFileThatIsStillWrittenIsWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.write("bot.yaml", "name: Ana\n")
		p := w.follow(w.engine, w.dir)
		text := "name: B\n"
		for range 5 {
			text += "# more\n"
			w.write("bot.yaml", text)
			time.Sleep(versions.Every)
			synctest.Wait()
			p.answersAs(t, "Ana", 1)
		}
		looks(2)
		p.answersAs(t, "B", 2)
	})
}

func TestWhatIsBesideTheFileBelongsToTheVersion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.write("bot.yaml", "name: Ana\nknowledge: [knowledge]\n")
		w.write("knowledge/hours.md", "# Hours\nNine to five.\n")
		p := w.follow(w.engine, w.dir)
		elsewhere := w.follow(w.engine, t.TempDir())
		w.write("knowledge/parking.md", "# Parking\nBehind the house.\n")
		looks(3)
		for name, q := range map[string]*process{"the one with the files": p, "one without": elsewhere} {
			q.answersAs(t, "Ana", 2)
			if n := len(q.bot.Knowledge); n != 2 {
				t.Errorf("%s knows %d passages, want both", name, n)
			}
		}
		v, err := w.engine.BotVersion(t.Context(), versions.Name, 0)
		if err != nil {
			t.Fatal(err)
		}
		files, err := versions.Unpack(v.Content)
		if err != nil || len(files) != 3 || files["knowledge/parking.md"] != "# Parking\nBehind the house.\n" {
			t.Errorf("%v, %v", files, err)
		}
	})
}

// TestWhoWentBackStaysThereUntilTheFileChanges: a start does not undo what somebody decided since.
func TestWhoWentBackStaysThereUntilTheFileChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.write("bot.yaml", "name: Ana\n")
		p := w.follow(w.engine, w.dir)
		w.write("bot.yaml", "name: Berta\n")
		looks(3)
		p.answersAs(t, "Berta", 2)
		if _, err := queue.RollBackBot(t.Context(), w.engine, versions.Name, 2, 1, "me", "she was rude"); err != nil {
			t.Fatal(err)
		}
		looks(2)
		p.answersAs(t, "Ana", 3)
		again := w.follow(w.engine, w.dir)
		again.answersAs(t, "Ana", 3)
		w.write("bot.yaml", "name: Carla\n")
		looks(3)
		p.answersAs(t, "Carla", 4)
		again.answersAs(t, "Carla", 4)
	})
}

func TestAFileThatChangedWhileNobodyRanIsTakenInAtTheStart(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.write("bot.yaml", "name: Ana\n")
		w.follow(w.engine, w.dir).answersAs(t, "Ana", 1)
		other := t.TempDir()
		if err := os.WriteFile(filepath.Join(other, "bot.yaml"), []byte("name: Berta\n"), 0o600); err != nil {
			t.Fatal(err)
		}
		w.follow(w.engine, other).answersAs(t, "Berta", 2)
		w.follow(w.engine, other).answersAs(t, "Berta", 2)
	})
}

// away is a store that can be away.
type away struct {
	queue.Bots
	is atomic.Bool
}

var errAway = errors.New("the store is away")

func (a *away) BotVersion(ctx context.Context, name string, number int) (queue.BotVersion, error) {
	if a.is.Load() {
		return queue.BotVersion{}, errAway
	}
	return a.Bots.BotVersion(ctx, name, number)
}

func (a *away) AwaitBot(ctx context.Context, name string, known int) (queue.BotVersion, error) {
	if a.is.Load() {
		return queue.BotVersion{}, errAway
	}
	return a.Bots.AwaitBot(ctx, name, known)
}

func TestTheStoreIsFollowedAfterAnErrorOfIts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		store := &away{Bots: w.engine}
		p := w.follow(store, t.TempDir())
		store.is.Store(true)
		w.write("bot.yaml", "name: Ana\n")
		w.follow(w.engine, w.dir) // wakes the other, which then meets the error
		w.write("bot.yaml", "name: Berta\n")
		looks(3)
		store.is.Store(false)
		looks(2)
		p.answersAs(t, "Berta", 2)
		if n := strings.Count(p.log.String(), "will be tried again"); n == 0 || n > 5 {
			t.Errorf("said %d times: %s", n, p.log.String())
		}
	})
}

func TestTheStoreIsAwayAtTheStartOrWhenTheFileChanges(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		store := &away{Bots: w.engine}
		store.is.Store(true)
		w.write("bot.yaml", "name: Ana\n")
		p := w.follow(store, w.dir)
		looks(3)
		if p.bot != nil {
			t.Fatalf("adopted %v without a store", p.names)
		}
		store.is.Store(false)
		looks(1)
		p.answersAs(t, "Ana", 1)
		store.is.Store(true)
		w.write("bot.yaml", "name: Berta\n")
		looks(3)
		p.answersAs(t, "Ana", 1)
		store.is.Store(false)
		looks(2)
		p.answersAs(t, "Berta", 2)
	})
}

func TestAVersionThatCannotBeReadLeavesTheOneBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.write("bot.yaml", "name: Ana\n")
		p := w.follow(w.engine, w.dir)
		for n, content := range [][]byte{[]byte("no archive"), {0}} {
			if _, err := w.engine.PublishBot(t.Context(), n+1, queue.BotVersion{Bot: versions.Name, By: "x", Content: content}); err != nil {
				t.Fatal(err)
			}
			looks(2)
			p.answersAs(t, "Ana", 1)
		}
		if !strings.Contains(p.log.String(), "cannot be read here") {
			t.Error(p.log.String())
		}
		w.write("bot.yaml", "name: Berta\n")
		looks(3)
		p.answersAs(t, "Berta", 4)
	})
}

func TestWithoutAFileTheStoreIsFollowed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		p := w.follow(w.engine, w.dir)
		if p.bot != nil {
			t.Fatalf("adopted %v, though there is nothing", p.names)
		}
		if _, err := p.Reload(t.Context(), "for the test"); err == nil || !errors.Is(err, versions.ErrNoFile) {
			t.Errorf("%v", err)
		}
		w.write("bot.yaml", "name: Ana\n")
		looks(3)
		p.answersAs(t, "Ana", 1)
		if err := os.Remove(filepath.Join(w.dir, "bot.yaml")); err != nil {
			t.Fatal(err)
		}
		looks(3)
		p.answersAs(t, "Ana", 1)
		if !slices.Equal(p.names, []string{"Ana"}) {
			t.Errorf("adopted %v", p.names)
		}
	})
}

var tickets = bot.Lesson{Questions: []string{"Do you sell tickets?"}, Answer: "At the door."}

// TestWhatWasTaughtOutlivesTheFiles: a changed bot.yaml keeps what was taught, going back to before gives it up, and a restart changes
// nothing.
func TestWhatWasTaughtOutlivesTheFiles(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newTown(t)
		w.write("bot.yaml", "name: Ana\n# the team's comment\n")
		p := w.follow(w.engine, w.dir)
		draft, err := versions.DraftOf(t.Context(), w.engine, bot.Main, tickets)
		if err != nil || draft.Of != 1 {
			t.Fatalf("a draft of %d, %v", draft.Of, err)
		}
		knows := func(want bool) {
			t.Helper()
			p.mu.Lock()
			defer p.mu.Unlock()
			if got := len(p.bot.FAQ) == 1 && p.bot.FAQ[0].Answer.In("en", "en") == "At the door."; got != want {
				t.Errorf("it knows %+v; that it was taught is %t", p.bot.FAQ, want)
			}
		}
		if _, err := draft.Publish(t.Context(), w.engine, "ines", "asked a lot"); err != nil {
			t.Fatal(err)
		}
		if _, err := draft.Publish(t.Context(), w.engine, "luis", ""); !errors.Is(err, queue.ErrNotCurrent) {
			t.Errorf("the same draft once more: %v", err)
		}
		looks(2)
		p.answersAs(t, "Ana", 2)
		knows(true)
		w.write("bot.yaml", "name: Berta\n")
		looks(3)
		p.answersAs(t, "Berta", 3)
		knows(true)
		p = w.follow(w.engine, w.dir)
		p.answersAs(t, "Berta", 3)
		knows(true)
		if _, err := queue.RollBackBot(t.Context(), w.engine, versions.Name, 3, 1, "ines", ""); err != nil {
			t.Fatal(err)
		}
		looks(2)
		p.answersAs(t, "Ana", 4)
		knows(false)
	})
}

// TestALessonForABotWithoutFiles: the built-in bot can be taught too.
func TestALessonForABotWithoutFiles(t *testing.T) {
	w := newTown(t)
	draft, err := versions.DraftOf(t.Context(), w.engine, bot.Main, tickets)
	if err != nil {
		t.Fatal(err)
	}
	if v, err := draft.Publish(t.Context(), w.engine, "ines", ""); err != nil || v.Number != 1 {
		t.Fatalf("version %d, %v", v.Number, err)
	}
	p := w.follow(w.engine, w.dir)
	p.answersAs(t, "Tania", 1)
	if len(p.bot.FAQ) != 1 {
		t.Errorf("it knows %+v", p.bot.FAQ)
	}
}

// TestAnAssignedBotIsTaught, and no other: its lessons outlive its files, and its place in bot.yaml.
func TestAnAssignedBotIsTaught(t *testing.T) {
	w := newTown(t)
	const both = "name: Ana\nbots: [{name: support, when: {inboxes: [2]}, file: support.yaml}]\n"
	w.write("bot.yaml", both)
	w.write("support.yaml", "name: Luz\n")
	p := w.follow(w.engine, w.dir)
	if _, err := versions.DraftOf(t.Context(), w.engine, "sales", tickets); !errors.Is(err, versions.ErrNoBot) {
		t.Errorf("a bot that is not there: %v", err)
	}
	draft, err := versions.DraftOf(t.Context(), w.engine, "support", tickets)
	if err != nil || draft.Name != "support" {
		t.Fatalf("a draft for %q, %v", draft.Name, err)
	}
	if _, err := draft.Publish(t.Context(), w.engine, "ines", ""); err != nil {
		t.Fatal(err)
	}
	knows := func(number, want int) {
		t.Helper()
		if v, err := p.Reload(t.Context(), "asked for"); err != nil || v.Number != number {
			t.Fatalf("version %d, %v", v.Number, err)
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		_, support := p.bot.Named("support")
		if support == nil {
			if want >= 0 {
				t.Error("there is no support")
			}
			return
		}
		if len(support.FAQ) != want || len(p.bot.FAQ) != 0 {
			t.Errorf("support knows %+v, the main bot %+v", support.FAQ, p.bot.FAQ)
		}
	}
	knows(2, 1)
	w.write("support.yaml", "name: Sol\n")
	knows(3, 1)
	w.write("bot.yaml", "name: Ana\n")
	knows(4, -1)
	w.write("bot.yaml", both)
	knows(5, 1)
}
