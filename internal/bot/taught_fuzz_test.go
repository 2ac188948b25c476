package bot_test

import (
	"strings"
	"testing"

	"tania/internal/bot"
)

// FuzzWhatIsTaughtIsReadBack: whatever characters a lesson has, it is refused or said as it was written, and so is the one after it.
func FuzzWhatIsTaughtIsReadBack(f *testing.F) {
	for _, text := range []string{
		"Sí.", "- x: |\n  y", "a\n  b\n c", "a\n\n\tb", "#no\n---\n...\nb", "'\"\\ %TAG &a *a !x", "a\r\nb", "x: {a: [b", "null", "0x1F", "true",
		"a \n b ", "👍\n\u00a0b", "uno\u2028dos", "\ufeffa", "a\u0085b", "{{x}} {% raw %}", "? a\n: b", "|\n", ">-\n  a", "\ta\n\tb", "~", "a\n#b",
		"  a\n b\n   c", "a: b\nc: d", "@a", "`a`", "a\n\n\nb", "12:30:45", "1e3", "=", "<<", "a #b", "a\n \nb",
	} {
		f.Add(text, text)
	}
	written := strings.NewReplacer("\r\n", "\n", "\r", "\n", "\t", " ")
	b := bot.Default()
	f.Fuzz(func(t *testing.T, question, answer string) {
		lesson := bot.Lesson{Questions: []string{question}, Answer: answer}
		first, err := b.Teach(bot.Main, nil, lesson)
		if err != nil {
			return
		}
		files := map[string]string{bot.TaughtFile(bot.Main): first}
		second, err := b.Teach(bot.Main, files, bot.Lesson{Questions: []string{"another"}, Answer: "x"})
		if err != nil {
			t.Fatalf("what was written is not read: %v\n%s", err, first)
		}
		for _, file := range []string{first, second} {
			list, err := bot.Lessons(bot.Main, map[string]string{bot.TaughtFile(bot.Main): file})
			if err != nil || len(list) == 0 {
				t.Fatalf("%v\n%s", err, file)
			}
			asked, want := strings.TrimSpace(written.Replace(question)), strings.TrimSpace(written.Replace(answer))
			if got := list[0]; len(got.Questions) != 1 || got.Questions[0] != asked || got.Answer != want {
				t.Fatalf("%q, %q is read back as %q, %q from\n%s", question, answer, got.Questions, got.Answer, file)
			}
		}
	})
}
