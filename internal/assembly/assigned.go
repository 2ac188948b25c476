package assembly

import (
	"context"
	"log/slog"

	"tania/internal/answer/llm"
	"tania/internal/bots"
	"tania/internal/bots/meaning"
	"tania/internal/chatwoot"
	"tania/internal/config"
	"tania/internal/governor"
	"tania/internal/ledger"
	"tania/internal/queue"
)

// newMaker makes runtimes for a process that answers. main is who the main bot is in Chatwoot.
func newMaker(
	ctx context.Context, c *config.Config, engine queue.Engine, main account, model *llm.OpenAI, vectors *meaning.Vectors,
	watched watch, log *slog.Logger,
) maker {
	return maker{
		settings: c, engine: engine, main: main, model: model, vectors: vectors, libraries: newLibraries(c.DataDir, log),
		known: &known{accounts: map[config.Secret]account{}, models: map[string]ownModel{}},
		connect: func(own *config.Config) account {
			client := newClient(own, watched, log)
			return account{client, identify(ctx, client, log), newSelf(ctx, own, engine, log)}
		},
		connectModel: func(own *config.Config, bot string) *llm.OpenAI {
			spent := ledger.SpentThisMonth(engine)
			if own.Model.MonthlyBudget != c.Model.MonthlyBudget {
				spent = ledger.SpentThisMonthBy(engine, bot, own.Model.MonthlyBudget, c.Model.MonthlyBudget)
			}
			return connectModel(own, spent, watched, log)
		},
	}
}

// governorIn gives the governor of the bot that a conversation is assigned to.
func governorIn(registry *bots.Registry) func(*chatwoot.Conversation) *governor.Governor {
	return func(c *chatwoot.Conversation) *governor.Governor { return registry.For(bots.PlaceOfEvent(c)).Governor }
}
