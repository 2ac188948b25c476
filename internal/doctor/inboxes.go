package doctor

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
)

// inboxesAndTeams looks whether the inboxes and teams named in the configuration exist. Only a user may list them.
func (x *examination) inboxesAndTeams(ctx context.Context) {
	var inboxes, teams []int64
	for _, id := range x.config.Governor.Inboxes {
		inboxes = append(inboxes, int64(id))
	}
	for inbox, team := range maps.All(x.config.Handoff.Teams) {
		inboxes, teams = append(inboxes, int64(inbox)), append(teams, int64(team))
	}
	x.exist(ctx, "inboxes", "CHATWOOT_INBOX_ALLOWLIST and CHATWOOT_INBOX_TO_TEAM", inboxes)
	x.exist(ctx, "teams", "CHATWOOT_INBOX_TO_TEAM", teams)
}

// exist looks for ids in one of the account's lists.
func (x *examination) exist(ctx context.Context, list, setting string, ids []int64) {
	if len(ids) == 0 {
		return
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	a, err := x.api(ctx, fmt.Sprintf("/api/v1/accounts/%d/%s", x.config.Chatwoot.Account, list))
	var there []struct {
		ID   int64  `json:"id"`
		Name string `json:"name"`
	}
	if err != nil || a.status != http.StatusOK || !listIn(a.body, &there) {
		x.info(list, "not checked: Chatwoot does not list them to this token")
		return
	}
	names := map[int64]string{}
	var choices []string
	for _, t := range there {
		names[t.ID] = t.Name
		choices = append(choices, fmt.Sprintf("%d (%s)", t.ID, t.Name))
	}
	missing := slices.DeleteFunc(slices.Clone(ids), func(id int64) bool { _, ok := names[id]; return ok })
	if len(missing) > 0 {
		x.fail(list, fmt.Sprintf("%s names %v, which the account does not have", setting, missing), fmt.Sprintf("choose among: %v", choices))
		return
	}
	x.ok(list, "those of %s exist", setting)
}

// listIn decodes Chatwoot's lists: an array, or one under payload, or one under a name under payload.
func listIn[T any](body []byte, into *[]T) bool {
	if json.Unmarshal(body, into) == nil {
		return true
	}
	var wrapped map[string]json.RawMessage
	if json.Unmarshal(body, &wrapped) != nil {
		return false
	}
	for _, key := range []string{"payload", "webhooks"} {
		if inner, ok := wrapped[key]; ok && listIn(inner, into) {
			return true
		}
	}
	return false
}
