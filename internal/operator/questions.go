package operator

import (
	"context"
	"net/http"
	"net/url"
	"strconv"

	"tania/internal/privacy"
	"tania/internal/questions"
	"tania/internal/tania"
)

// mostQuestions is of how many of the newest misses questions are made.
const mostQuestions = 1000

// Asked is what customers wanted and the bot missed, of the newest misses.
type Asked struct {
	Groups []questions.Group `json:"groups"`
	// Of counts the questions from which the groups were chosen, More reports whether there are older ones.
	Of   int  `json:"of"`
	More bool `json:"more,omitempty"`
	// Inboxes are those in which any of them was asked.
	Inboxes []tania.InboxID `json:"inboxes,omitempty"`
}

// Questions gives what customers wanted and the bot missed.
type Questions interface {
	Questions(ctx context.Context, f questions.Filter) (Asked, error)
}

type localQuestions struct {
	store interface {
		MissedRecords(ctx context.Context, limit int) ([]tania.Record, error)
	}
	mask privacy.Mask
}

// LocalQuestions reads the records of a store, with what is to be hidden hidden.
func LocalQuestions(store interface {
	MissedRecords(ctx context.Context, limit int) ([]tania.Record, error)
}, mask privacy.Mask,
) Questions {
	return localQuestions{store, mask}
}

// Questions implements Questions.
func (l localQuestions) Questions(ctx context.Context, f questions.Filter) (Asked, error) {
	records, err := l.store.MissedRecords(ctx, mostQuestions)
	if err != nil {
		return Asked{}, err
	}
	all := questions.Read(records)
	return Asked{
		Groups: questions.List(all, f, l.mask), Of: len(all), More: len(records) == mostQuestions, Inboxes: questions.Inboxes(all),
	}, nil
}

type remoteQuestions struct{ *remote }

// RemoteQuestions speaks to the process at an address; token is its ADMIN_TOKEN, if it has one.
func RemoteQuestions(base, token string) Questions { return remoteQuestions{newRemote(base, token)} }

// Questions implements Questions.
func (r remoteQuestions) Questions(ctx context.Context, f questions.Filter) (asked Asked, err error) {
	err = r.call(ctx, http.MethodGet, "/admin/questions?"+questionsQuery(f).Encode(), nil, &asked)
	return asked, err
}

// questionsQuery is a filter as the route takes it.
func questionsQuery(f questions.Filter) url.Values {
	q := url.Values{}
	for name, value := range map[string]string{"miss": string(f.Miss), "day": f.Day, "words": f.Words} {
		if value != "" {
			q.Set(name, value)
		}
	}
	if f.Inbox != 0 {
		q.Set("inbox", strconv.FormatInt(int64(f.Inbox), 10))
	}
	if f.Most {
		q.Set("sort", "most")
	}
	return q
}
