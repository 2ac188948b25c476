package tania

import (
	"fmt"
	"testing"
)

// TestAQuestionBackIsOpenUntilTheNextAnswer, however often a turn is remembered, and the newest ones are kept.
func TestAQuestionBackIsOpenUntilTheNextAnswer(t *testing.T) {
	var c Conversation
	choices := []Choice{{Source: "faq:a", Title: "A"}}
	c.Said("1", "a?", choices)
	c.Said("1", "a?", choices)
	if len(c.AskedBack) != 1 || !c.AskedBack[0].Open || c.AskedBack[0].Question != "a?" {
		t.Fatalf("%+v", c.AskedBack)
	}
	c.Said("2", "b?", nil)
	if len(c.AskedBack) != 1 || c.AskedBack[0].Open {
		t.Errorf("after an answer: %+v", c.AskedBack)
	}
	for i := range 2 * AskedBackLimit {
		c.Said(TurnID(fmt.Sprint("t", i)), "c?", choices)
	}
	if n := len(c.AskedBack); n != AskedBackLimit || !c.AskedBack[n-1].Open || c.AskedBack[n-2].Open {
		t.Errorf("after many: %+v", c.AskedBack)
	}
}
