package versions_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"tania/internal/bot"
	"tania/internal/bots/versions"
	"tania/internal/queue"
	"tania/internal/setting"
)

// publish publishes a draft.
func (w *town) publish(t *testing.T, d versions.Draft, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := d.Publish(t.Context(), w.engine, "ines", ""); err != nil {
		t.Fatal(err)
	}
}

// taught are the ids of what the bots were taught.
func (w *town) taught(t *testing.T) map[string][]string {
	t.Helper()
	_, all, err := versions.Lessons(t.Context(), w.engine)
	if err != nil {
		t.Fatal(err)
	}
	ids := map[string][]string{}
	for _, b := range all {
		for _, l := range b.Lessons {
			ids[b.Bot] = append(ids[b.Bot], l.ID)
		}
	}
	return ids
}

func (w *town) wantTaught(t *testing.T, what string, want map[string][]string) {
	t.Helper()
	if diff := cmp.Diff(want, w.taught(t)); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func lesson(id, question string) bot.Lesson {
	return bot.Lesson{ID: id, Questions: []string{question}, Answer: "Sí."}
}

func TestLessonsAreListedChangedAndTakenBack(t *testing.T) {
	w := newTown(t)
	w.write("bot.yaml", "name: Ana\nbots: [{name: a-team, when: {inboxes: [2]}, file: a.yaml}]\n")
	w.write("a.yaml", "name: Luz\n")
	w.follow(w.engine, w.dir)
	w.wantTaught(t, "nothing", map[string][]string{})
	teach := func(name string, l bot.Lesson) {
		t.Helper()
		d, err := versions.DraftOf(t.Context(), w.engine, name, l)
		w.publish(t, d, err)
	}
	teach("a-team", lesson("", "boletas"))
	teach(bot.Main, lesson("", "parqueadero"))
	teach(bot.Main, lesson("", "envios"))
	w.wantTaught(t, "three", map[string][]string{"a-team": {"boletas"}, bot.Main: {"parqueadero", "envios"}})
	if _, all, _ := versions.Lessons(t.Context(), w.engine); all[0].Bot != bot.Main {
		t.Errorf("the main bot's are not first: %+v", all)
	}
	d, err := versions.DraftOf(t.Context(), w.engine, bot.Main, lesson("parqueadero", "¿Hay parqueadero?"))
	if err != nil {
		t.Fatal(err)
	}
	other, err := versions.DraftWithout(t.Context(), w.engine, bot.Main, "parqueadero")
	w.publish(t, other, err)
	if _, err := d.Publish(t.Context(), w.engine, "luis", ""); !errors.Is(err, queue.ErrNotCurrent) {
		t.Errorf("a change of what was taken back meanwhile: %v", err)
	}
	if _, err := versions.DraftOf(t.Context(), w.engine, bot.Main, lesson("parqueadero", "x")); !errors.Is(err, bot.ErrNoLesson) {
		t.Errorf("a change of what is not there: %v", err)
	}
	d, err = versions.DraftWithout(t.Context(), w.engine, "a-team", "boletas")
	w.publish(t, d, err)
	w.wantTaught(t, "one", map[string][]string{bot.Main: {"envios"}})
}

// TestLessonsFollowABotThatIsRenamed: by its file, or by its places where the file is renamed too; not where that may be another bot.
func TestLessonsFollowABotThatIsRenamed(t *testing.T) {
	w := newTown(t)
	bots := func(list string) { w.write("bot.yaml", "name: Ana\nbots: ["+list+"]\n") }
	bots("{name: support, when: {inboxes: [2]}, file: support.yaml}")
	for _, file := range []string{"support.yaml", "service.yaml", "sales.yaml"} {
		w.write(file, "name: Luz\n")
	}
	p := w.follow(w.engine, w.dir)
	reload := func() {
		t.Helper()
		if _, err := p.Reload(t.Context(), "asked for"); err != nil {
			t.Fatal(err)
		}
	}
	d, err := versions.DraftOf(t.Context(), w.engine, "support", lesson("", "boletas"))
	w.publish(t, d, err)
	bots("{name: help, when: {inboxes: [2, 3]}, file: support.yaml}")
	reload()
	w.wantTaught(t, "another name and other places", map[string][]string{"help": {"boletas"}})
	bots("{name: service, when: {inboxes: [2, 3]}, file: service.yaml}")
	reload()
	w.wantTaught(t, "another name and file", map[string][]string{"service": {"boletas"}})
	bots("{name: one, when: {inboxes: [2]}, file: service.yaml}, {name: two, when: {inboxes: [3]}, file: service.yaml}")
	reload()
	w.wantTaught(t, "two bots that it may be", map[string][]string{"service": {"boletas"}})
	bots("{name: service, when: {inboxes: [2]}, file: service.yaml}, {name: sales, when: {inboxes: [3]}, file: sales.yaml}")
	reload()
	d, err = versions.DraftOf(t.Context(), w.engine, "sales", lesson("", "precios"))
	w.publish(t, d, err)
	bots("{name: sales, when: {inboxes: [3]}, file: service.yaml}")
	reload()
	w.wantTaught(t, "the name of a bot that is there", map[string][]string{"sales": {"precios"}, "service": {"boletas"}})
}

// TestARenamedBotOverwritesNoLessons: those of a bot that is gone stay, and so do its own by its old name; a file without a lesson is none.
func TestARenamedBotOverwritesNoLessons(t *testing.T) {
	w := newTown(t)
	for _, file := range []string{"support.yaml", "help.yaml"} {
		w.write(file, "name: Luz\n")
	}
	const first, second = "{name: %s, when: {inboxes: [2]}, file: support.yaml}", "{name: help, when: {inboxes: [3]}, file: help.yaml}"
	bots := func(list ...string) { w.write("bot.yaml", "name: Ana\nbots: ["+strings.Join(list, ", ")+"]\n") }
	bots(fmt.Sprintf(first, "support"), second)
	p := w.follow(w.engine, w.dir)
	become := func(list ...string) {
		t.Helper()
		bots(list...)
		if _, err := p.Reload(t.Context(), "asked for"); err != nil {
			t.Fatal(err)
		}
	}
	for name, question := range map[string]string{"support": "boletas", "help": "precios"} {
		d, err := versions.DraftOf(t.Context(), w.engine, name, lesson("", question))
		w.publish(t, d, err)
	}
	both := map[string][]string{"help": {"precios"}, "support": {"boletas"}}
	become(fmt.Sprintf(first, "support"))
	w.wantTaught(t, "one bot is gone", both)
	become(fmt.Sprintf(first, "help"))
	w.wantTaught(t, "the other has its name", both)
	become(fmt.Sprintf(first, "support"), second)
	w.wantTaught(t, "both are there again", both)

	d, err := versions.DraftWithout(t.Context(), w.engine, "help", "precios")
	w.publish(t, d, err)
	become(fmt.Sprintf(first, "support"))
	become(fmt.Sprintf(first, "help"))
	w.wantTaught(t, "a name whose lessons were taken back", map[string][]string{"help": {"boletas"}})
}

// TestWhatABotThatIsGoneWasTaughtIsTakenBack, and what one was taught that now says what the main bot does: by its own name.
func TestWhatABotThatIsGoneWasTaughtIsTakenBack(t *testing.T) {
	for name, after := range map[string]string{"gone": "", "without a file": "{name: a-team, when: {inboxes: [2]}}"} {
		w := newTown(t)
		w.write("bot.yaml", "name: Ana\nbots: [{name: a-team, when: {inboxes: [2]}, file: a.yaml}]\n")
		w.write("a.yaml", "name: Luz\n")
		p := w.follow(w.engine, w.dir)
		for _, to := range []string{"a-team", bot.Main} {
			d, err := versions.DraftOf(t.Context(), w.engine, to, lesson("", "boletas"))
			w.publish(t, d, err)
		}
		w.write("bot.yaml", "name: Ana\nbots: ["+after+"]\n")
		if _, err := p.Reload(t.Context(), "asked for"); err != nil {
			t.Fatal(err)
		}
		w.wantTaught(t, name, map[string][]string{"a-team": {"boletas"}, bot.Main: {"boletas"}})
		d, err := versions.DraftWithout(t.Context(), w.engine, "a-team", "boletas")
		w.publish(t, d, err)
		w.wantTaught(t, name+": taken back", map[string][]string{bot.Main: {"boletas"}})
		if _, err := versions.DraftWithout(t.Context(), w.engine, "b-team", "boletas"); !errors.Is(err, versions.ErrNoBot) {
			t.Errorf("of a bot that never was: %v", err)
		}
	}
}

// TestWhatIsMarkedIsNotPublished, whoever teaches it: a mark stands for what a person is to write.
func TestWhatIsMarkedIsNotPublished(t *testing.T) {
	w := newTown(t)
	w.write("bot.yaml", "name: Ana\n")
	w.follow(w.engine, w.dir)
	for name, l := range map[string]bot.Lesson{
		"question": {Questions: []string{"¿Soy [nombre]?"}, Answer: "Sí."},
		"keyword":  {Questions: []string{"x"}, Keywords: []string{"[link]"}, Answer: "Sí."},
		"answer":   {Questions: []string{"x"}, Answer: "Llame al [número]."},
	} {
		d, err := versions.DraftOf(t.Context(), w.engine, bot.Main, l)
		if err != nil || d.Bot == nil {
			t.Fatalf("%s: a draft is not there to be tried: %v", name, err)
		}
		if _, err := d.Publish(t.Context(), w.engine, "ines", ""); !errors.As(err, new(setting.Problems)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	w.wantTaught(t, "nothing", map[string][]string{})
}
