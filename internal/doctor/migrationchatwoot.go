package doctor

import (
	"context"
	"fmt"
	"net/http"
	"slices"

	"tania/internal/chatwoot"
	"tania/internal/tania"
)

func (x *examination) chatwootClient() *chatwoot.Client {
	c := x.config.Chatwoot
	if c.BaseURL == nil || c.Token == "" {
		return nil
	}
	return chatwoot.NewClient(chatwoot.ClientOptions{
		BaseURL: c.BaseURL.String(), Token: c.Token.Reveal(), Transport: x.client.Transport,
		Timeout: x.client.Timeout, MaxRetries: -1,
	})
}

// recent gives the newest decisions of the running system.
func (x *examination) recent(ctx context.Context) []tania.Record {
	var list struct{ Records []tania.Record }
	if a, err := x.own(ctx, "/admin/records?limit=500"); err != nil || a.status != http.StatusOK || !a.into(&list) {
		return nil // what reads them says that there are none
	}
	return list.Records
}

// looks is how many conversations are looked at in Chatwoot at most.
const looks = 10

// newest gives the newest record of each conversation that has one which want takes, at most looks.
func newest(records []tania.Record, want func(*tania.Record) bool) (list []tania.Record) {
	seen := map[tania.ConversationKey]bool{}
	for i := range records {
		if r := &records[i]; want(r) && !seen[r.Key] && len(list) < looks {
			seen[r.Key] = true
			list = append(list, *r)
		}
	}
	return list
}

// answersArrive looks for a reply that Tania noted as sent among the messages that Chatwoot shows to agents. A bot's token may see a
// conversation's last message only, so several conversations are looked at.
func (x *examination) answersArrive(ctx context.Context, client *chatwoot.Client, records []tania.Record) {
	answered := newest(records, func(r *tania.Record) bool { return len(r.Replies) > 0 })
	if len(answered) == 0 {
		x.warn(lineAnswers, "no answer was sent yet", "write to an inbox of the bot, and repeat this")
		return
	}
	var last error
	there := 0
	for _, r := range answered {
		found, err := shows(ctx, client, r)
		switch {
		case err != nil:
			last = err
			continue
		case found:
			x.ok(lineAnswers, "Chatwoot shows message %d, the answer to %d, in conversation %s", r.Replies[0], r.Message, r.Key)
			return
		}
		there++
	}
	if there > 0 {
		x.warn(lineAnswers, fmt.Sprintf("of %d conversations the last message is another than the bot's answer, and this token may not see those before", there),
			"write to an inbox of the bot, wait for the answer, and repeat this")
		return
	}
	x.fail(lineAnswers, fmt.Sprintf("Chatwoot shows none of %d conversations: %v", len(answered), last),
		"tania doctor checks the token and the address")
}

// shows reports whether Chatwoot has a record's reply.
func shows(ctx context.Context, client *chatwoot.Client, r tania.Record) (bool, error) {
	list, err := client.Messages(ctx, r.Key, chatwoot.MessageQuery{After: r.Message})
	if err == nil {
		return slices.ContainsFunc(list, func(m chatwoot.Message) bool { return slices.Contains(r.Replies, m.ID) }), nil
	}
	if !chatwoot.IsStatus(err, http.StatusUnauthorized) {
		return false, err
	}
	c, err := client.Conversation(ctx, r.Key)
	if err != nil {
		return false, err
	}
	return c.Last != nil && slices.Contains(r.Replies, c.Last.ID), nil
}

// handoffsWork looks at a conversation that was handed over: it must be open to humans, and in its team.
func (x *examination) handoffsWork(ctx context.Context, client *chatwoot.Client, records []tania.Record) {
	handed := newest(records, func(r *tania.Record) bool { return r.Outcome == tania.OutcomeHandedOver })
	if len(handed) == 0 {
		x.warn(lineHandoff, "no conversation was handed over yet",
			"write «quiero hablar con una persona» to an inbox of the bot, and repeat this")
		return
	}
	var last error
	for _, r := range handed {
		c, err := client.Conversation(ctx, r.Key)
		if err != nil {
			last = err
			continue
		}
		want := x.config.Handoff.Teams[c.Inbox]
		switch {
		case c.Status == tania.StatusPending:
			last = fmt.Errorf("conversation %s is pending: not handed over, or given back to the bot", r.Key)
			continue
		case want != 0 && c.Team != want:
			x.warn(lineHandoff, fmt.Sprintf("conversation %s is %s, but in team %d, not %d", r.Key, c.Status, c.Team, want),
				"correct CHATWOOT_INBOX_TO_TEAM, unless somebody moved it")
		default:
			x.ok(lineHandoff, "conversation %s (%s) is %s in Chatwoot, so agents have it", r.Key, r.Handoff, c.Status)
		}
		return
	}
	x.warn(lineHandoff, fmt.Sprintf("none of %d handed-over conversations could be seen with humans: %v", len(handed), last),
		"hand one over, and repeat this; tania doctor checks what the token may do")
}
