package assembly

import (
	"tania/internal/bots"
	"tania/internal/chatwoot"
	"tania/internal/config"
	"tania/internal/intake"
	"tania/internal/questions/proposal"
	"tania/internal/rating"
	"tania/internal/tania"
)

// takeRatings has agents' ratings taken, and confirmed by the bot that answers there, in its team's language.
func takeRatings(in *intake.Options, c *config.Config, registry *bots.Registry, client *chatwoot.Client, confirmer *rating.Confirmer) {
	in.RatingLabels = rating.Labels{tania.RatedBad: c.Ratings.Bad, tania.RatedGood: c.Ratings.Good, tania.RatedFAQ: c.Ratings.FAQ}
	in.Rated = func(event *chatwoot.Event, r intake.StoredRating) {
		there := registry.For(bots.PlaceOfEvent(&event.Conversation))
		text := rating.Confirmation(there.Bot.Language, r.Verdict, r.Marked, !c.Server.PrivacyMask && drafted(r))
		note := rating.Note{Key: event.Conversation.Key, Step: r.Step, Text: text, By: client}
		if there.Chatwoot != nil {
			note.By = there.Chatwoot
		}
		confirmer.Confirm(note)
	}
}

// drafted reports whether Teach has a draft for the question that was rated: a human of the team has answered it.
func drafted(r intake.StoredRating) bool {
	if len(r.Marked) == 0 {
		return false
	}
	last := &r.Marked[len(r.Marked)-1]
	return proposal.Answer(r.Conversation, last.Message, last.Language, nil) != ""
}
