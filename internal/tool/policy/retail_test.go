package policy_test

import (
	"os"
	"slices"
	"testing"
	"time"

	"github.com/goccy/go-yaml"

	"tania/internal/tania"
	"tania/internal/tool"
	"tania/internal/tool/policy"
	"tania/internal/tool/retail"
)

// shopRules are the limits that testdata/retail/bot.yaml declares.
func shopRules(t *testing.T) *policy.Policy {
	t.Helper()
	tools, facts := readTools(t, "testdata/retail/bot.yaml")
	p, problems := policy.New(tools, facts)
	for _, problem := range problems {
		t.Errorf("%s %s: %s", problem.Path, problem.Text, problem.Fix)
	}
	if t.Failed() {
		t.FailNow()
	}
	return p
}

func readTools(t *testing.T, name string) ([]tool.Tool, map[string]string) {
	t.Helper()
	source, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Facts map[string]string        `yaml:"tool_facts"`
		Tools map[string]tool.Declared `yaml:"tools"`
	}
	if err := yaml.Unmarshal(source, &file); err != nil {
		t.Fatal(err)
	}
	tools, problems := tool.Check(file.Tools)
	for _, problem := range problems {
		t.Errorf("%s %s: %s", problem.Path, problem.Text, problem.Fix)
	}
	return tools, file.Facts
}

// desk is a conversation in which a model calls the shop's tools, as far as the rules let it.
type desk struct {
	t      *testing.T
	policy *policy.Policy
	shop   *retail.Shop
	facts  policy.Facts
}

func newDesk(t *testing.T, p *policy.Policy, verified string) *desk {
	start := time.Date(2026, 11, 29, 10, 0, 0, 0, time.UTC)
	d := &desk{t: t, policy: p, shop: retail.Open(), facts: policy.Facts{Turn: start, Now: start}}
	if verified != "" {
		d.facts.Contact = policy.Contact{Contact: tania.Contact{ID: 7, Identifier: verified}, Verified: true}
	}
	return d
}

func (d *desk) tick() time.Time {
	d.facts.Now = d.facts.Now.Add(time.Second)
	return d.facts.Now
}

// call does what the loop of a turn does with a call of the model; it gives the verdict that the call ended with.
func (d *desk) call(a retail.Action) policy.Verdict {
	d.t.Helper()
	call := policy.Call{Tool: a.Tool, Arguments: a.Arguments}
	v := d.settled(func() policy.Verdict { return d.policy.Judge(call, d.facts) })
	if v.Kind != policy.Allow {
		return v
	}
	result, err := d.shop.Call(v.Call.Tool, v.Call.Arguments)
	made := tool.Made{Tool: a.Tool, Arguments: v.Call.Arguments, At: d.tick(), OK: err == nil, Result: result}
	if err == nil {
		if review := d.settled(func() policy.Verdict { return d.policy.Review(v.Call, result, d.facts) }); review.Kind != policy.Allow {
			made.OK, made.Result, v = false, nil, review
		}
	}
	d.facts.Made = append(d.facts.Made, made)
	return v
}

// settled looks up what a verdict needs until it needs nothing more.
func (d *desk) settled(judge func() policy.Verdict) policy.Verdict {
	for range 100 {
		v := judge()
		if v.Kind != policy.LookUp {
			return v
		}
		result, err := d.shop.Call(v.Call.Tool, v.Call.Arguments)
		d.facts.Looked = append(d.facts.Looked, tool.Made{
			Tool: v.Call.Tool, Arguments: v.Call.Arguments, Result: result, OK: err == nil, At: d.tick(),
		})
	}
	d.t.Fatal("what is looked up has no end")
	return policy.Verdict{}
}

// yes is the customer's word, in a message of their own, to what they were asked; a new turn begins.
func (d *desk) yes(v policy.Verdict) {
	d.facts.Agreed = []policy.Consent{{Digest: v.Call.Digest(), At: d.tick()}}
	d.facts.Turn, d.facts.Looked = d.tick(), nil
}

// play makes the calls of a sequence; the customer agrees to whatever they are asked. It gives the calls that were stopped.
func (d *desk) play(actions []retail.Action) map[int]policy.Verdict {
	stopped := map[int]policy.Verdict{}
	for i, a := range actions {
		v := d.call(a)
		if v.Kind == policy.Confirm {
			d.yes(v)
			v = d.call(a)
		}
		if v.Kind != policy.Allow {
			stopped[i] = v
		}
	}
	return stopped
}

// verified is whom the website vouches for: the customer of a task without a call that finds out who they are.
func verified(task retail.Task) string {
	if slices.ContainsFunc(task.Criteria.Actions, retail.Action.Finds) {
		return ""
	}
	return task.Customer()
}

// TestEveryRightSequenceOfTheShopIsAllowed plays each task once by the rules and once without: nothing is refused, and both shops end
// alike.
func TestEveryRightSequenceOfTheShopIsAllowed(t *testing.T) {
	tasks, err := retail.Tasks()
	if err != nil {
		t.Fatal(err)
	}
	rules, calls := shopRules(t), 0
	for _, task := range tasks {
		d, direct := newDesk(t, rules, verified(task)), retail.Open()
		for i, v := range d.play(task.Criteria.Actions) {
			t.Errorf("task %s: call %d, %s, is stopped: %s %s", task.ID, i+1, task.Criteria.Actions[i].Tool, v.Reason, v.Text)
		}
		for _, a := range task.Criteria.Actions {
			_, _ = direct.Call(a.Tool, a.Arguments) // a look-up may find nothing
			calls++
		}
		if d.shop.State() != direct.State() {
			t.Errorf("task %s: the shop ends otherwise than without rules", task.ID)
		}
	}
	t.Logf("%d tasks, %d calls: 0 refused, the same end state", len(tasks), calls)
}
