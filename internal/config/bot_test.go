package config

import (
	"errors"
	"os"
	"strings"
	"testing"

	"tania/internal/setting"
)

func TestLoadReadsTheBotOfTheWorkingDirectory(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("bot.yaml", []byte("name: Ana\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := Load(nil, "")
	if err != nil || c.BuiltinBot || c.Bot.Name != "Ana" || len(c.Warnings) != 0 {
		t.Errorf("%v %+v", err, c)
	}
	if err := os.WriteFile("bot.yaml", []byte("nmae: Ana\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err = Load([]string{"PORT=x"}, "")
	if problems, _ := errors.AsType[setting.Problems](err); len(problems) != 2 || c.Bot == nil || !c.BuiltinBot {
		t.Errorf("%v", err)
	}
}

// TestWhatIsStrangeInTheBotIsSaidAtTheStart: the bot's warnings are the configuration's.
func TestWhatIsStrangeInTheBotIsSaidAtTheStart(t *testing.T) {
	if c, err := Load([]string{"TANIA_BOT=" + write(t, "bot.yaml", "name: C\ntexts:\n  thanks: \"De nada, {nombre}\"\n")}, ""); err != nil ||
		!strings.Contains(strings.Join(c.Warnings, "\n"), "{nombre}") {
		t.Errorf("the start says %v, %v", c.Warnings, err)
	}
}
