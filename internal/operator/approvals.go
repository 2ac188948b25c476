package operator

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"time"

	"tania/internal/approval"
	"tania/internal/privacy"
	"tania/internal/queue"
	"tania/internal/tania"
)

// Waiting is a call of a tool that waits for the team's word.
type Waiting struct {
	Key  tania.ConversationKey `json:"key"`
	Turn tania.TurnID          `json:"turn"`
	// Number names it within its conversation.
	Number    int             `json:"number"`
	Tool      string          `json:"tool"`
	About     string          `json:"about,omitempty"`
	Arguments json.RawMessage `json:"arguments,omitempty"`
	Customer  string          `json:"customer,omitempty"`
	Since     time.Time       `json:"since"`
	Until     time.Time       `json:"until"`
}

// Word is what somebody decides on a call that waits.
type Word struct {
	Key    tania.ConversationKey `json:"key"`
	Number int                   `json:"number"`
	// Reject decides against it, for a reason.
	Reject bool   `json:"reject,omitempty"`
	Reason string `json:"reason,omitempty"`
	By     string `json:"by,omitempty"`
}

// Verdict is what the word decides.
func (w Word) Verdict() tania.Approved {
	if w.Reject {
		return tania.ApprovalRejected
	}
	return tania.ApprovalGiven
}

// Approvals are the calls that wait for the team's word: those of this process's store, or through a running one.
type Approvals interface {
	// List gives them, what is due first at the head, at most limit (0: all).
	List(ctx context.Context, limit int) ([]Waiting, error)
	// Decide decides on one, and gives what that came to.
	Decide(ctx context.Context, w Word) (approval.Came, error)
}

type localApprovals struct {
	store queue.Engine
	mask  privacy.Mask
	way   tania.RuledBy
}

// LocalApprovals are those of a store, with what is to be hidden hidden. way is how what is decided by them is.
func LocalApprovals(store queue.Engine, mask privacy.Mask, way tania.RuledBy) Approvals {
	return localApprovals{store, mask, way}
}

// List implements Approvals.
func (l localApprovals) List(ctx context.Context, limit int) ([]Waiting, error) {
	parked, err := l.store.ParkedTurns(ctx, limit)
	if err != nil {
		return nil, err
	}
	keys := make([]tania.ConversationKey, len(parked))
	for i := range parked {
		keys[i] = parked[i].Key
	}
	known, err := l.store.Conversations(ctx, keys)
	if err != nil {
		return nil, err
	}
	list := []Waiting{}
	for _, turn := range parked {
		c := l.mask.Conversation(known[turn.Key])
		a := c.Approval
		if !a.Open() || !a.Of(turn.ID) {
			continue
		}
		list = append(list, Waiting{
			Key: turn.Key, Turn: turn.ID, Number: a.Number, Tool: a.Tool, About: a.About, Arguments: a.Arguments, Customer: c.Contact.Name,
			Since: a.At, Until: a.Until,
		})
	}
	return list, nil
}

// Decide implements Approvals.
func (l localApprovals) Decide(ctx context.Context, w Word) (approval.Came, error) {
	ruling := tania.Ruling{Verdict: w.Verdict(), Reason: approval.Reason(w.Reason), By: w.By, Way: l.way, At: time.Now().UTC()}
	// Without a number none is meant: what is decided here was read on a list, and may have changed since.
	came, _, err := approval.Decide(ctx, l.store, w.Key, approval.Meant{Number: cmp.Or(w.Number, noNumber)}, ruling)
	return came, err
}

// noNumber is that of no request.
const noNumber = 1 << 40

type remoteApprovals struct{ *remote }

// RemoteApprovals speaks to the process at an address; token is its ADMIN_TOKEN, if it has one.
func RemoteApprovals(base, token string) Approvals { return remoteApprovals{newRemote(base, token)} }

// List implements Approvals.
func (r remoteApprovals) List(ctx context.Context, _ int) ([]Waiting, error) {
	var answer struct{ Approvals []Waiting }
	err := r.call(ctx, http.MethodGet, "/admin/approvals", nil, &answer)
	return answer.Approvals, err
}

// Decide implements Approvals.
func (r remoteApprovals) Decide(ctx context.Context, w Word) (approval.Came, error) {
	var answer struct{ Came approval.Came }
	err := r.call(ctx, http.MethodPost, "/admin/approvals", w, &answer)
	return answer.Came, err
}
