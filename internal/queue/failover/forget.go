package failover

import (
	"context"
	"fmt"

	"tania/internal/tania"
)

// Forget drops the deliveries that are kept of conversations in which of finds one, and gives their number. What is being moved to the
// shared store is moved before or not at all, so the shared store is told to forget after this.
func (f *Failover) Forget(ctx context.Context, of func(Delivery) bool) (n int64, err error) {
	f.moving.Lock()
	defer f.moving.Unlock()
	erased, err := f.own.ForgetMessages(ctx, func(m *tania.Message) bool { return of(delivery(m.Key, *m)) })
	for key, messages := range erased {
		f.settle(int(key.Account)-1, messages)
		n += messages
	}
	if err != nil {
		err = fmt.Errorf("failover: %w", err)
	}
	return n, err
}
