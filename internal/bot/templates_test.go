package bot_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"tania/internal/bot"
	"tania/internal/chatwoot/template"
)

func TestTemplatesOfABot(t *testing.T) {
	load := func(source string) (*bot.Bot, error) {
		return bot.LoadFS(fstest.MapFS{"bot.yaml": {Data: []byte(source)}}, "bot.yaml")
	}
	const good = "name: Ana\ntemplates:\n  answer:\n    name: your_answer\n    language: es\n    text: 'Hola {name}: {answer}'\n    params: {'1': '{name}', '2': '{answer}'}\n"
	b, err := load(good)
	if err != nil || len(b.Templates[template.Answer]) != 1 || b.Templates[template.Answer][0].Params["2"] != "{answer}" {
		t.Fatalf("%+v, %v", b, err)
	}
	if plain, err := load("name: Ana\n"); err != nil || plain.Version != b.Version {
		t.Errorf("a template changes what answers are: %v", err)
	}
	for wrong, want := range map[string]string{
		strings.Replace(good, "answer:", "reminder:", 1):         "bot.yaml:4:",
		strings.Replace(good, "{answer}'}", "{order}'}", 1):      "bot.yaml:7:",
		strings.Replace(good, "your_answer", "your answer", 1):   "fix: write the name as it is in WhatsApp Manager",
		strings.Replace(good, "    language", "    lenguage", 1): "did you mean language?",
	} {
		if _, err := load(wrong); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v; want %s", wrong, err, want)
		}
	}
}
