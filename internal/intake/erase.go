package intake

import (
	"context"

	"tania/internal/queue"
	"tania/internal/queue/failover"
	"tania/internal/tania"
)

// Erase removes a contact from the webhooks that are spooled here, from the store, and then from the cache: a turn under way would put its
// question into a cache that was erased before. When it fails, a part may be erased, and it can be repeated.
func (i *Intake) Erase(ctx context.Context, account tania.AccountID, contact tania.ContactID) (queue.Forgotten, error) {
	spooled, err := i.eraseSpooled(ctx, account, contact)
	if err != nil {
		return queue.Forgotten{Kept: spooled}, err
	}
	var also []func(context.Context) error
	if i.EraseCache != nil {
		also = append(also, i.EraseCache) // all of it: the cache does not know who asked
	}
	f, err := i.Engine.Forget(ctx, account, contact, also...)
	f.Kept += spooled
	return f, err
}

// ErasedElsewhere removes a contact that another process had the store erase from what this one has spooled.
func (i *Intake) ErasedElsewhere(ctx context.Context, account tania.AccountID, contact tania.ContactID) {
	if n, err := i.eraseSpooled(ctx, account, contact); err != nil || n > 0 {
		i.Log.Info("contact erased from the webhooks spooled here", "account", account, "contact", contact, "kept", n, "error", err)
	}
}

func (i *Intake) eraseSpooled(ctx context.Context, account tania.AccountID, contact tania.ContactID) (int64, error) {
	if i.Spool == nil {
		return 0, nil
	}
	return i.Spool.Forget(ctx, func(d failover.Delivery) bool {
		event, err := i.Decode(d.Body)
		return err == nil && event.Conversation.Key.Account == account && event.Conversation.Contact.ID == contact
	})
}
