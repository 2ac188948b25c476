package dashboard

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"

	"tania/internal/tania"
)

// recentLimit is how many conversations the list of the latest holds.
const recentLimit = 100

// recent holds the newest decision of the latest conversations that this process worked on.
type recent struct {
	mu   sync.Mutex
	list []tania.Record // newest last, one per conversation
}

func (l *recent) add(r tania.Record) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if i := slices.IndexFunc(l.list, func(x tania.Record) bool { return x.Key == r.Key }); i >= 0 {
		l.list = slices.Delete(l.list, i, i+1)
	} else if len(l.list) == recentLimit {
		l.list = slices.Delete(l.list, 0, 1)
	}
	// What is listed is a line; the whole is in the store.
	r.Steps, r.Unchecked, r.Sources, r.Reply = nil, nil, nil, ""
	if runes := []rune(r.Content); len(runes) > 140 {
		r.Content = string(runes[:140]) + "…"
	}
	l.list = append(l.list, r)
}

// newest gives them, newest first.
func (l *recent) newest() []tania.Record {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := slices.Clone(l.list)
	slices.Reverse(list)
	return list
}

// searchView is the data of the search page.
type searchView struct {
	Query string
	// Problem is a text's key.
	Problem string
	Account tania.AccountID
	Recent  []tania.Record
}

func (d *Dashboard) findConversation(w http.ResponseWriter, r *http.Request) {
	v := searchView{Query: strings.TrimSpace(r.URL.Query().Get("q")), Account: d.Account, Recent: d.Mask.Records(d.recent.newest())}
	status := http.StatusOK
	if v.Query != "" {
		key, problem := d.keyOf(v.Query)
		if problem == "" {
			http.Redirect(w, r, conversationPath(key), http.StatusSeeOther)
			return
		}
		status, v.Problem = http.StatusUnprocessableEntity, problem
	}
	d.render(w, r, status, page{Title: "conversations.title", Here: "/conversations", Content: v})
}

func conversationPath(k tania.ConversationKey) string {
	return "/conversations/" + strconv.FormatInt(int64(k.Account), 10) + "/" + strconv.FormatInt(int64(k.Conversation), 10)
}

// address is a conversation's in Chatwoot's own pages.
var address = regexp.MustCompile(`accounts/(\d+)/.*?conversations/(\d+)`)

// keyOf reads what people search by: 1287, #1287, 3:1287, 3/1287, or an address in Chatwoot.
func (d *Dashboard) keyOf(query string) (key tania.ConversationKey, problem string) {
	account, id := "", strings.TrimPrefix(query, "#")
	if found := address.FindStringSubmatch(query); found != nil {
		account, id = found[1], found[2]
	} else if before, after, ok := strings.Cut(strings.ReplaceAll(query, "/", ":"), ":"); ok {
		account, id = strings.TrimSpace(before), strings.TrimSpace(after)
	} else if d.Account != 0 {
		account = strconv.FormatInt(int64(d.Account), 10)
	} else if one := d.onlyAccount(); one != 0 {
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

// onlyAccount is the account of all conversations seen lately, 0 where there are several or none.
func (d *Dashboard) onlyAccount() (one tania.AccountID) {
	for _, r := range d.recent.newest() {
		if one != 0 && one != r.Key.Account {
			return 0
		}
		one = r.Key.Account
	}
	return one
}

// conversationView is the data of a conversation's page.
type conversationView struct {
	tania.Conversation
	Known  bool
	Events []timelineEvent
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
	if err != nil {
		d.failed(w, r, err)
		return
	}
	v := conversationView{
		Conversation: d.Mask.Conversation(conversation), Events: timeline(conversation.History, records, d.Mask),
		Known: len(records) > 0 || len(conversation.History) > 0 || !conversation.Updated.IsZero(),
	}
	status := http.StatusOK
	if !v.Known {
		status = http.StatusNotFound
	}
	d.render(w, r, status, page{Title: "conversation.title", Subtitle: key.String(), Here: "/conversations", Content: v})
}
