// Package guarded keeps calls from a model that is away, and has the calls that fail tell that it is.
package guarded

import (
	"context"

	"tania/internal/answer/llm"
	"tania/internal/outage"
)

// Responder keeps calls from a model that is away, and tells the peer of those that fail. Calls give its error meanwhile.
func Responder(responder llm.Responder, peer *outage.Peer) llm.Responder {
	return guarded{responder, peer}
}

type guarded struct {
	llm.Responder
	peer *outage.Peer
}

// Respond implements llm.Responder.
func (g guarded) Respond(ctx context.Context, p llm.Prompt) (llm.Response, error) {
	leave, err := g.peer.Admit(ctx)
	if err != nil {
		return llm.Response{}, err
	}
	r, err := g.Responder.Respond(ctx, p)
	away := ctx.Err() != context.Canceled && llm.Away(err)
	leave(!away)
	if away {
		g.peer.Check(ctx, err)
	}
	return r, err
}
