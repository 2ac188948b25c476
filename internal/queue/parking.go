package queue

import (
	"context"
	"time"

	"tania/internal/tania"
)

// Parking is turns that wait for somebody's word: an approval, an answer from another department.
type Parking interface {
	// Park gives the turn back to wait until Unpark, for at most patience; then it is due. That is no failure, so the attempt does not count.
	// why is for who decides and for later attempts, which find it in Turn.Parked. The turn keeps its checkpoint and its journal. Refused
	// with ErrAmended where Checkpoint is: who decides would decide on an older text.
	//
	// A parked turn holds its conversation's place: no other turn of the conversation is claimed, not even one retried from the dead letters
	// that is older. Messages that arrive do not wake it; without a checkpoint they join it when it is claimed, else they form the next turn.
	// Who wants them heard sooner unparks the turn.
	Park(ctx context.Context, t *Turn, patience time.Duration, why []byte, records ...tania.Record) error
	// Unpark makes a parked turn due now, with what was decided and by whom. The first decision counts: for a turn that has one, whose
	// patience has ended, or that is not parked, it gives ErrNotFound.
	Unpark(ctx context.Context, id tania.TurnID, by string, decision []byte) error
	// ParkedTurns lists the turns that nobody has decided on yet, that whose patience ends first at the head, at most limit (0: all).
	ParkedTurns(ctx context.Context, limit int) ([]ParkedTurn, error)
}

// Parked is what a turn was parked for last, and what came of it.
type Parked struct {
	Why []byte `json:"why,omitempty"`
	// Since and Until are when it was parked and when its patience ends, by the store's clock.
	Since time.Time `json:"since"`
	Until time.Time `json:"until"`
	// Decided is when somebody decided; zero for nobody.
	Decided  time.Time `json:"decided,omitzero"`
	By       string    `json:"by,omitempty"`
	Decision []byte    `json:"decision,omitempty"`
}

// ParkedTurn is a turn that waits for somebody's word.
type ParkedTurn struct {
	ID  tania.TurnID          `json:"id"`
	Key tania.ConversationKey `json:"key"`
	// Messages are the turn's own; those that arrived since are not among them.
	Messages []tania.Message `json:"messages"`
	Parked
}
