package worker

import (
	"context"

	"tania/internal/tania"
)

// read reads what the customer attached, as reading.Attempt.Read does.
func (r *run) read(ctx context.Context) (unread []string, err error) {
	return r.reading.Read(ctx, r.log)
}

// spoken is the one language that the bot's customers speak, empty where there are several.
func (r *run) spoken() tania.Language {
	if len(r.Bot.Languages) == 1 {
		return r.Bot.Languages[0]
	}
	return ""
}

// restarts counts how often the turn started over for what the customer wrote after the quiet time.
func (r *run) restarts() int { return max(0, r.t.Restarts-r.reading.Restarts()-r.quiet.Early()) }
