package assembly

import (
	"testing"

	"tania/internal/bot"
	"tania/internal/config"
	"tania/internal/tania"
)

// TestBotsShareNoCachedAnswers, even where two have the same file and the same settings.
func TestBotsShareNoCachedAnswers(t *testing.T) {
	b, m := bot.Default(), tania.Message{Key: tania.ConversationKey{Account: 3}, Inbox: 11}
	main, shop := newScoper(&config.Config{}, b, "", nil).of(m, "es"), newScoper(&config.Config{}, b, "shop", nil).of(m, "es")
	if main == shop || main.Account != 3 || shop.Inbox != 11 {
		t.Errorf("%+v, %+v", main, shop)
	}
}
