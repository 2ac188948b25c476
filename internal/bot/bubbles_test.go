package bot_test

import (
	"strings"
	"testing"
	"testing/fstest"

	"tania/internal/bot"
)

func TestBubblesOfABot(t *testing.T) {
	load := func(value string) (*bot.Bot, error) {
		return bot.LoadFS(fstest.MapFS{"bot.yaml": {Data: []byte("name: Ana\nbubbles: " + value + "\n")}}, "bot.yaml")
	}
	for value, want := range map[string]int{"true": 4, "false": 0, "2": 2, "8": 8} {
		if b, err := load(value); err != nil || b.Bubbles != want {
			t.Errorf("%s: %+v, %v; want %d", value, b, err, want)
		}
	}
	for _, value := range []string{"1", "9", "-1"} {
		if _, err := load(value); err == nil || !strings.Contains(err.Error(), "bot.yaml:2:") || !strings.Contains(err.Error(), "2 to 8") {
			t.Errorf("%s: %v", value, err)
		}
	}
	if _, err := load("[a]"); err == nil || !strings.Contains(err.Error(), "bot.yaml:2:") {
		t.Errorf("a list: %v", err)
	}
}
