package bot_test

import (
	"errors"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"tania/internal/bot"
	"tania/internal/setting"
)

func shop(t *testing.T, faq string) *bot.Bot {
	t.Helper()
	b, err := bot.LoadFS(fstest.MapFS{"bot.yaml": {Data: []byte("name: Ana\nbusiness: Shop\n" + faq)}}, "bot.yaml")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// inMain is what the main bot was taught.
func inMain(source string) map[string]string {
	return map[string]string{bot.TaughtFile(bot.Main): source}
}

const hours = "faq:\n  - id: hours\n    questions: [When are you open?]\n    keywords: [hours]\n    answer: From 9 to 5.\n"

func TestWhatWasTaughtIsKnown(t *testing.T) {
	b := shop(t, hours)
	parking := bot.Lesson{
		Questions: []string{" ¿Tienen parqueadero? ", "", "hay parqueadero"}, Keywords: []string{"parqueadero"},
		Answer: "Sí, en el sótano.\nEs gratis: \"siempre\" # de verdad\n", Language: "es",
	}
	first, err := b.Teach(bot.Main, nil, parking)
	if err != nil {
		t.Fatal(err)
	}
	second, err := b.Teach(bot.Main, inMain(first), bot.Lesson{Questions: []string{"¿Tienen parqueadero?"}, Answer: "Yes, we do."})
	if err != nil {
		t.Fatal(err)
	}
	with, err := b.Taught(inMain(second))
	if err != nil {
		t.Fatal(err)
	}
	want := []bot.FAQ{
		b.FAQ[0],
		{
			ID: "tienen-parqueadero", Questions: []string{"¿Tienen parqueadero?", "hay parqueadero"}, Keywords: []string{"parqueadero"},
			Answer: bot.Text{"es": "Sí, en el sótano.\nEs gratis: \"siempre\" # de verdad"}, Category: "faq",
		},
		{ID: "tienen-parqueadero-2", Questions: []string{"¿Tienen parqueadero?"}, Answer: bot.Text{"": "Yes, we do."}, Category: "faq"},
	}
	if diff := cmp.Diff(want, with.FAQ); diff != "" {
		t.Errorf("-want +got:\n%s\n%s", diff, second)
	}
	if with.Version == b.Version || len(b.FAQ) != 1 {
		t.Error("the bot that was taught is the one before, or that one changed")
	}
}

// TestBotYAMLCountsBeforeWhatWasTaught: who writes an entry into bot.yaml takes it over.
func TestBotYAMLCountsBeforeWhatWasTaught(t *testing.T) {
	taught, err := shop(t, "").Teach(bot.Main, nil, bot.Lesson{
		Questions: []string{"hours"}, Keywords: []string{"Hours", "opening"}, Answer: "From 8.",
	})
	if err != nil {
		t.Fatal(err)
	}
	with, err := shop(t, hours).Taught(inMain(taught))
	if err != nil || len(with.FAQ) != 1 || with.FAQ[0].Answer.In("en", "en") != "From 9 to 5." {
		t.Errorf("%+v, %v", with.FAQ, err)
	}
	with, err = shop(t, strings.ReplaceAll(hours, "id: hours", "id: other")).Taught(inMain(taught))
	if err != nil || len(with.FAQ) != 2 || !cmp.Equal(with.FAQ[1].Keywords, []string{"opening"}) {
		t.Errorf("%+v, %v", with.FAQ, err)
	}
}

func TestALessonThatCannotBeTakenSaysWhy(t *testing.T) {
	for name, l := range map[string]bot.Lesson{
		"no question":        {Questions: []string{" "}, Answer: "x"},
		"no answer":          {Questions: []string{"x"}, Answer: " "},
		"an endless answer":  {Questions: []string{"x"}, Answer: strings.Repeat("x", 4001)},
		"no language at all": {Questions: []string{"x"}, Answer: "x", Language: "espanol"},
		"another language":   {Questions: []string{"x"}, Answer: "x", Language: "zz"},
		"two lines":          {Questions: []string{"x\ny"}, Answer: "x"},
		"a keyword's lines":  {Questions: []string{"x"}, Keywords: []string{"x\ry"}, Answer: "x"},
		"a NUL":              {Questions: []string{"x\x00y"}, Answer: "x"},
		"a NUL in an answer": {Questions: []string{"x"}, Answer: "x\x00y"},
		"a placeholder":      {Questions: []string{"x"}, Answer: "Hola, {nombre}."},
		"spoilt letters":     {Questions: []string{"AdiÃ³s"}, Answer: "x"},
		"no letters":         {Questions: []string{"x"}, Keywords: []string{"\xff"}, Answer: "x"},
	} {
		_, err := shop(t, "").Teach(bot.Main, nil, l)
		if problems := (setting.Problems{}); !errors.As(err, &problems) || name != "an endless answer" && problems[0].Name != "taught.yaml" {
			t.Errorf("%s: %v; the lesson is in no line of a file that its author can see", name, err)
		}
	}
	if _, err := shop(t, "").Taught(inMain("fqa: []\n")); !errors.As(err, new(setting.Problems)) {
		t.Errorf("a file that is none: %v", err)
	}
}

// TestEachBotIsTaughtApart: what one that is assigned was taught the main one does not know; one without a file is the main one.
func TestEachBotIsTaughtApart(t *testing.T) {
	b, err := bot.LoadFS(fstest.MapFS{
		"bot.yaml":     {Data: []byte("name: Ana\nbots:\n  - {name: support, when: {inboxes: [2]}, file: support.yaml}\n  - {name: late, when: {inboxes: [3]}}\n")},
		"support.yaml": {Data: []byte("name: Luz\n" + hours)},
	}, "bot.yaml")
	if err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{bot.Main: "Ana", "late": "Ana", "support": "Luz"} {
		as, of := b.Named(name)
		if of == nil || of.Name != want || as != map[string]string{"Ana": bot.Main, "Luz": "support"}[want] {
			t.Errorf("%s is taught as %q, %+v", name, as, of)
		}
	}
	if as, of := b.Named("sales"); as != "" || of != nil {
		t.Errorf("a bot that is not there is %q, %+v", as, of)
	}
	_, support := b.Named("support")
	file, err := support.Teach("support", nil, bot.Lesson{Questions: []string{"hours"}, Answer: "Ask."})
	if err != nil || !strings.Contains(file, "id: hours-2") {
		t.Fatalf("%v\n%s", err, file)
	}
	with, err := b.Taught(map[string]string{bot.TaughtFile("support"): file, bot.TaughtFile("gone"): file})
	if err != nil {
		t.Fatal(err)
	}
	_, taught := with.Named("support")
	if len(taught.FAQ) != 2 || len(with.FAQ) != 0 || len(support.FAQ) != 1 {
		t.Errorf("support knows %+v, the main bot %+v", taught.FAQ, with.FAQ)
	}
	with, err = b.Taught(map[string]string{bot.TaughtFile(bot.Main): file})
	if err != nil {
		t.Fatal(err)
	}
	if as, late := with.Named("late"); as != bot.Main || len(late.FAQ) != 1 {
		t.Errorf("the one without a file is taught as %q and knows %+v", as, late.FAQ)
	}
}

func TestWhichFilesAreTaught(t *testing.T) {
	for name, want := range map[string]bool{
		"taught.yaml": true, "taught.support.yaml": true, "taught..yaml": false, "taught.md": false, "x/taught.yaml": false, "bot.yaml": false,
	} {
		if got := bot.IsTaught(name); got != want {
			t.Errorf("%s: %t", name, got)
		}
	}
	_, err := bot.LoadFS(fstest.MapFS{"taught.yaml": {Data: []byte("name: Ana\n")}}, "taught.yaml")
	if !errors.As(err, new(setting.Problems)) {
		t.Errorf("a bot.yaml of that name: %v", err)
	}
}

func TestWhatWasTaughtIsChangedAndTakenBack(t *testing.T) {
	b := shop(t, hours)
	file, err := b.Teach(bot.Main, nil, bot.Lesson{Questions: []string{"¿Tienen parqueadero?"}, Answer: "Sí.", Language: "es"})
	if err != nil {
		t.Fatal(err)
	}
	if file, err = b.Teach(bot.Main, inMain(file), bot.Lesson{Questions: []string{"Gift cards?"}, Answer: "Yes."}); err != nil {
		t.Fatal(err)
	}
	changed := bot.Lesson{
		ID: "tienen-parqueadero", Questions: []string{"¿Hay parqueadero?"}, Keywords: []string{"parqueo"}, Answer: "Sí, gratis.", Language: "es",
	}
	if file, err = b.Teach(bot.Main, inMain(file), changed); err != nil {
		t.Fatal(err)
	}
	got, err := bot.Lessons(bot.Main, inMain(file))
	want := []bot.Lesson{changed, {ID: "gift-cards", Questions: []string{"Gift cards?"}, Answer: "Yes."}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("%v (-want +got):\n%s", err, diff)
	}
	for _, id := range []string{"hours", "nothing"} {
		gone := bot.Lesson{ID: id, Questions: []string{"x"}, Answer: "y"}
		if _, err := b.Teach(bot.Main, inMain(file), gone); !errors.Is(err, bot.ErrNoLesson) {
			t.Errorf("changing %s: %v", id, err)
		}
		if _, err := bot.Unteach(bot.Main, inMain(file), id); !errors.Is(err, bot.ErrNoLesson) {
			t.Errorf("taking back %s: %v", id, err)
		}
	}
	if _, err := b.Teach(bot.Main, inMain(file), bot.Lesson{ID: "gift-cards", Answer: "y"}); !errors.As(err, new(setting.Problems)) {
		t.Errorf("without a question: %v", err)
	}
	if file, err = bot.Unteach(bot.Main, inMain(file), "tienen-parqueadero"); err != nil {
		t.Fatal(err)
	}
	if got, err = bot.Lessons(bot.Main, inMain(file)); err != nil || len(got) != 1 || got[0].ID != "gift-cards" {
		t.Errorf("left is %+v, %v", got, err)
	}
	if file, err = bot.Unteach(bot.Main, inMain(file), "gift-cards"); err != nil || file != "" {
		t.Errorf("the last leaves %q, %v", file, err)
	}
}
