package assembly

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

// Hangups gives a value for each SIGHUP until ctx ends: servers read their files again by it.
func Hangups(ctx context.Context) <-chan struct{} {
	signals, asked := make(chan os.Signal, 1), make(chan struct{}, 1)
	signal.Notify(signals, syscall.SIGHUP)
	go func() {
		defer signal.Stop(signals)
		for {
			select {
			case <-signals:
				select {
				case asked <- struct{}{}:
				default: // one is due already
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	return asked
}
