package queue

import "fmt"

// Guard runs a caller's function for an engine, which must outlive its panics: a panic is an error.
func Guard(f func()) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("queue: change panicked: %v", p)
		}
	}()
	f()
	return nil
}
