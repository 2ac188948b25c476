package dashboard

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"tania/internal/conversations"
	"tania/internal/dashboard/element"
	"tania/internal/dashboard/pages"
	"tania/internal/lazyregexp"
	"tania/internal/reply"
	"tania/internal/tania"
)

// longestShown is how much of a message the list shows, in characters.
const longestShown = 140

func (d *Dashboard) findConversation(w http.ResponseWriter, r *http.Request) {
	f, unread := conversations.FilterOf(r.URL.Query())
	found, err := conversations.Find(r.Context(), d.Engine, f, d.Mask)
	if err != nil {
		d.failed(w, r, err)
		return
	}
	for i := range found.Conversations {
		c := &found.Conversations[i]
		if runes := []rune(c.Content); len(runes) > longestShown {
			c.Content = string(runes[:longestShown]) + "…"
		}
	}
	v := pages.Search{Query: strings.TrimSpace(r.URL.Query().Get("q")), Account: d.Account, Filter: f, Found: found}
	status := http.StatusOK
	if wrong := (*tania.FilterError)(nil); errors.As(unread, &wrong) {
		status, v.Wrong = http.StatusUnprocessableEntity, wrong.Fields
	}
	if v.Query != "" {
		key, problem := keyOf(v.Query, cmp.Or(d.Account, onlyAccount(found.Conversations)))
		if problem == "" {
			http.Redirect(w, r, element.ConversationPath(key), http.StatusSeeOther)
			return
		}
		status, v.Problem = http.StatusUnprocessableEntity, problem
	}
	d.render(w, r, status, element.Page{Title: "conversations.title", Here: "/conversations", Content: v})
}

// address is a conversation's in Chatwoot's own pages.
var address = lazyregexp.New(`accounts/(\d+)/.*?conversations/(\d+)`)

// keyOf reads what people search by: 1287, #1287, 3:1287, 3/1287, or an address in Chatwoot. One is the account where none is named; 0:
// it must be.
func keyOf(query string, one tania.AccountID) (key tania.ConversationKey, problem string) {
	account, id := "", strings.TrimPrefix(query, "#")
	if found := address.FindStringSubmatch(query); found != nil {
		account, id = found[1], found[2]
	} else if before, after, ok := strings.Cut(strings.ReplaceAll(query, "/", ":"), ":"); ok {
		account, id = strings.TrimSpace(before), strings.TrimSpace(after)
	} else if one != 0 {
		account = strconv.FormatInt(int64(one), 10)
	}
	if account == "" {
		if _, err := strconv.ParseInt(id, 10, 64); err == nil {
			return key, "conversations.which_account"
		}
	}
	key, err := tania.ParseConversationKey(account + ":" + id)
	if err != nil {
		return key, "conversations.not_an_id"
	}
	return key, ""
}

// onlyAccount is the account of all these decisions, 0 where there are several or none.
func onlyAccount(all []conversations.Conversation) (one tania.AccountID) {
	for _, r := range all {
		if one != 0 && one != r.Key.Account {
			return 0
		}
		one = r.Key.Account
	}
	return one
}

func (d *Dashboard) conversation(w http.ResponseWriter, r *http.Request) {
	key, err := tania.ParseConversationKey(r.PathValue("account") + ":" + r.PathValue("id"))
	if err != nil {
		http.Redirect(w, r, "/conversations?q="+url.QueryEscape(r.PathValue("account")+":"+r.PathValue("id")), http.StatusSeeOther)
		return
	}
	conversation, err := d.Engine.Conversation(r.Context(), key)
	var records []tania.Record
	if err == nil {
		records, err = d.Engine.Records(r.Context(), key)
	}
	var recalled []tania.Recollection
	if err == nil {
		recalled, err = reply.Recollections(r.Context(), d.Engine, key.Account, conversation.Contact.ID, time.Now())
	}
	if err != nil {
		d.failed(w, r, err)
		return
	}
	v := pages.Conversation{
		Conversation: d.Mask.Conversation(conversation), Events: pages.Timeline(conversation.History, records, d.Mask),
		Chatwoot: d.Chatwoot, Recalled: d.Mask.Recollections(recalled),
		Known: len(records) > 0 || len(conversation.History) > 0 || !conversation.Updated.IsZero(),
	}
	d.showPauses(r.Context(), &v)
	status := http.StatusOK
	if !v.Known {
		status = http.StatusNotFound
	}
	page := element.Page{Title: "conversation.title", Subtitle: key.String(), Here: "/conversations", Content: v}
	page.Done, page.DoneCount = doneOf(r, "bot_paused", "bot_resumed", "unchanged")
	d.render(w, r, status, page)
}
