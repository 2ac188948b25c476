package assembly

import (
	"tania/internal/bots"
	"tania/internal/chatwoot"
	"tania/internal/config"
	"tania/internal/intake"
	"tania/internal/rating"
	"tania/internal/tania"
)

// takeRatings has agents' ratings taken, and confirmed by the bot that answers there, in its team's language.
func takeRatings(in *intake.Options, c *config.Config, registry *bots.Registry, client *chatwoot.Client, confirmer *rating.Confirmer) {
	in.RatingLabels = rating.Labels{tania.RatedBad: c.Ratings.Bad, tania.RatedGood: c.Ratings.Good, tania.RatedFAQ: c.Ratings.FAQ}
	in.Rated = func(event *chatwoot.Event, step string, v tania.Verdict, marked []tania.Record) {
		there := registry.For(bots.PlaceOfEvent(&event.Conversation))
		note := rating.Note{Key: event.Conversation.Key, Step: step, Text: rating.Confirmation(there.Bot.Language, v, marked), By: client}
		if there.Chatwoot != nil {
			note.By = there.Chatwoot
		}
		confirmer.Confirm(note)
	}
}
