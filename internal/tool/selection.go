package tool

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/itchyny/gojq"
)

// selectTime bounds an expression: one that loops ends then.
const selectTime = 200 * time.Millisecond

// checkSelection reports what is wrong with a jq expression.
func checkSelection(expression string) error {
	q, err := gojq.Parse(expression)
	if err != nil {
		return err
	}
	_, err = gojq.Compile(q)
	return err
}

// Select applies a jq expression to a JSON value; several results are a list. It reads nothing but the value: neither files nor the
// environment.
func Select(expression string, v any) (any, error) {
	q, err := gojq.Parse(expression)
	if err != nil {
		return nil, fmt.Errorf("result: %w", err)
	}
	code, err := gojq.Compile(q)
	if err != nil {
		return nil, fmt.Errorf("result: %w", err)
	}
	ctx, done := context.WithTimeout(context.Background(), selectTime)
	defer done()
	var all []any
	for results := code.RunWithContext(ctx, v); ; {
		one, more := results.Next()
		if !more {
			break
		}
		if err, failed := one.(error); failed {
			if halt, ok := errors.AsType[*gojq.HaltError](err); ok && halt.Value() == nil {
				break
			}
			return nil, fmt.Errorf("result: the expression failed on the answer: %s", shortened(err.Error()))
		}
		if all = append(all, one); len(all) > mostResults {
			return nil, fmt.Errorf("result: the expression gives more than %d values", mostResults)
		}
	}
	switch len(all) {
	case 0:
		return nil, nil
	case 1:
		return all[0], nil
	}
	return all, nil
}

const mostResults = 1000

// shortened keeps an error from having a whole answer in it.
func shortened(s string) string {
	const most = 120
	if r := []rune(s); len(r) > most {
		return string(r[:most]) + "…"
	}
	return s
}
