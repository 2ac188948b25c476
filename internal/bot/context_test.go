package bot

import (
	"slices"
	"strings"
	"testing"
)

func TestTheContextNamesWhatMayBeKnown(t *testing.T) {
	b, err := botOf(t, "context: [name, page, contact.plan, ' conversation.order_id ', local_time]")
	if want := []string{"name", "page", "contact.plan", "conversation.order_id", "local_time"}; err != nil || !slices.Equal(b.Context, want) {
		t.Errorf("%q, %v", b.Context, err)
	}
	plain, err := botOf(t, "name: Ana")
	named, err2 := botOf(t, "name: Ana\ncontext: [name]")
	if err != nil || err2 != nil || len(plain.Context) > 0 || plain.Version != named.Version {
		t.Errorf("what may be known by default is %q, and it changes the version of answers that are for all (%v, %v)", plain.Context, err, err2)
	}
}

func TestWrongNamesInTheContextAreReportedWithTheirPlace(t *testing.T) {
	_, err := botOf(t, "context: [name, pagge, 'contact.', 'contact.a b', name, 'order.id', 'contact."+strings.Repeat("a", 80)+"']")
	if err == nil {
		t.Fatal("no error")
	}
	for _, want := range []string{
		`bot.yaml:1:17: context[1] "pagge" is nothing that is known of a customer; fix: did you mean page?`,
		`context[2] "contact."`, `context[3] "contact.a b"`, "context[4] names name twice; fix: remove one",
		`context[5] "order.id" is nothing that is known of a customer; fix: write name, email,`, `context[6] "contact.aaa`,
	} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in\n%s", want, err)
		}
	}
	if _, err := botOf(t, "context: ["+strings.Repeat("name, ", 31)+"]"); err == nil || !strings.Contains(err.Error(), "more than 30") {
		t.Errorf("got %v", err)
	}
}
