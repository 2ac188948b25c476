package policy_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"tania/internal/tania"
	"tania/internal/tool"
	"tania/internal/tool/policy"
)

// object is the schema of an object with texts and numbers; a name with # is a number.
func object(parameters ...string) json.RawMessage {
	properties := map[string]any{}
	for _, p := range parameters {
		kind := "string"
		if strings.HasSuffix(p, "#") {
			kind = "number"
		}
		properties[strings.TrimSuffix(p, "#")] = map[string]any{"type": kind}
	}
	written, err := json.Marshal(map[string]any{"type": "object", "properties": properties})
	if err != nil {
		panic(err)
	}
	return written
}

var order = tool.Tool{Name: "get_order", Risk: tool.Read, Parameters: object("id")}

func refund(l tool.Limits) []tool.Tool {
	return []tool.Tool{order, {Name: "refund", Risk: tool.Write, Parameters: object("order", "amount#", "email"), Limits: l}}
}

func condition(source string) tool.Limits {
	return tool.Limits{Require: []tool.Condition{{If: source}}}
}

// TestWhatIsWrongInLimitsIsSaid names the place, what is wrong there, and what to write.
func TestWhatIsWrongInLimitsIsSaid(t *testing.T) {
	for name, c := range map[string]struct {
		limits          tool.Limits
		path, text, fix string
	}{
		"no expression":            {condition("args.amount <="), "refund.require[0]", "is no expression", "args.amount <= 500"},
		"an empty one":             {condition(" "), "refund.require[0]", "is empty", ""},
		"a name that there is not": {condition("arg.amount <= 500"), "refund.require[0]", `names "arg"`, "did you mean args?"},
		"another parameter":        {condition("args.amuont <= 500"), "refund.require[0]", "args.amuont", "did you mean args.amount?"},
		"another field": {
			condition("contact.mail == args.email"), "refund.require[0]", "contact.mail", "did you mean contact.email?",
		},
		"a tool that there is not":  {condition(`len(made("get_ordr")) > 0`), "refund.require[0]", `"get_ordr" is no tool`, "get_order"},
		"a write in a condition":    {condition(`refund(order = "1") == 3`), "refund.require[0]", `names "refund"`, ""},
		"neither true nor false":    {condition("args.amount + 1"), "refund.require[0]", "is neither true nor false", "compare"},
		"a text alone":              {condition(`"yes"`), "refund.require[0]", "is neither true nor false", ""},
		"what prints":               {condition(`print("x") == None`), "refund.require[0]", `names "print"`, ""},
		"a result before it is":     {condition("result.amount < 3"), "refund.require[0]", `names "result"`, ""},
		"after a tool there is not": {tool.Limits{After: []string{"look_up"}}, "refund.after[0]", "is no tool", "get_order"},
		"at most no time":           {tool.Limits{Max: []tool.Max{{Per: "args.order"}}}, "refund.max[0].count", "is 0", "1 or more"},
		"among what there is not": {
			tool.Limits{Max: []tool.Max{{Count: 1, Among: []string{"refnd"}}}}, "refund.max[0].among[0]", "is no tool", "",
		},
		"per what is looked up": {
			tool.Limits{Max: []tool.Max{{Count: 1, Per: `get_order(id = "1").id`}}}, "refund.max[0].per", `names "get_order"`, "",
		},
		"an identity there is not": {tool.Limits{Identity: "passport"}, "refund.identity", `"passport"`, "verified"},
		"a parameter not there": {
			tool.Limits{FromContact: map[string]string{"mail": "contact.email"}}, "refund.from_contact.mail", "no parameter", "email",
		},
		"from nothing of a contact": {
			tool.Limits{FromContact: map[string]string{"email": "contact.mail"}}, "refund.from_contact.email", `"contact.mail"`, "contact.email",
		},
		"fewer than none": {tool.Limits{PerDay: -1}, "refund.per_day", "is -1", "1 or more"},
		"a fact with a tool's name": {
			tool.Limits{Facts: map[string]string{"get_order": "1"}}, "refund.facts.get_order", "cannot be the name", "",
		},
		"facts in a circle":       {tool.Limits{Facts: map[string]string{"a": "b", "b": "a"}}, "refund.facts.a", "needs itself", ""},
		"a fact that is no value": {tool.Limits{Facts: map[string]string{"a": "args.nothing"}}, "refund.facts.a", "args.nothing", ""},
		"an expression without end": {
			condition("args.amount < " + strings.Repeat("1+", 1500) + "1"), "refund.require[0]", "longer than", "",
		},
		"a look-up is none of these": {condition("get_order(id = args.order).id == args.order"), "", "", ""},
	} {
		_, problems := policy.New(refund(c.limits), nil)
		if c.path == "" {
			if len(problems) > 0 {
				t.Errorf("%s: %+v", name, problems)
			}
			continue
		}
		if len(problems) == 0 || problems[0].Path != c.path || !strings.Contains(problems[0].Text, c.text) ||
			!strings.Contains(problems[0].Fix, c.fix) {
			t.Errorf("%s: the problems are %+v", name, problems)
		}
	}
	_, problems := policy.New([]tool.Tool{{Name: "x", Parameters: json.RawMessage(`{"type":"string"}`)}}, nil)
	if len(problems) != 1 || problems[0].Path != "x.parameters" {
		t.Errorf("parameters that are no object: %+v", problems)
	}
}

var (
	noon  = time.Date(2026, 11, 29, 12, 0, 0, 0, time.UTC)
	buyer = policy.Contact{
		Contact:  tania.Contact{ID: 7, Email: "ana@example.com", Identifier: "u7", Phone: "+34600000000"},
		Custom:   map[string]any{"plan": "gold"},
		Verified: true,
	}
)

func call(arguments map[string]any) policy.Call {
	return policy.Call{Tool: "refund", Arguments: arguments}
}

func made(name string, arguments map[string]any, result any) tool.Made {
	return tool.Made{Tool: name, Arguments: arguments, Result: result, OK: true, At: noon.Add(-time.Hour)}
}

// TestJudge has each rule met and not met.
func TestJudge(t *testing.T) {
	forty := map[string]any{"order": "1", "amount": 40.0}
	again := policy.Facts{Made: []tool.Made{made("refund", forty, nil)}}
	failed := policy.Facts{Made: []tool.Made{{Tool: "refund", Arguments: forty}}}
	agreed := []policy.Consent{{Digest: call(forty).Digest(), At: noon.Add(-time.Minute)}}
	for name, c := range map[string]struct {
		limits tool.Limits
		facts  policy.Facts
		kind   policy.Kind
		reason policy.Reason
	}{
		"without limits":                 {tool.Limits{}, policy.Facts{}, policy.Allow, ""},
		"a condition that is met":        {condition("args.amount <= 50"), policy.Facts{}, policy.Allow, ""},
		"one that is not":                {condition("args.amount < 40"), policy.Facts{}, policy.Refuse, policy.Require},
		"one on what was left out":       {condition("args.email < 'b'"), policy.Facts{}, policy.Refuse, policy.Fault},
		"one that is a number after all": {condition("args.amount"), policy.Facts{}, policy.Refuse, policy.Fault},
		"one that runs through too much": {condition("max(range(1000000000)) > 0"), policy.Facts{}, policy.Refuse, policy.Fault},
		"one that does not end": {
			condition("all([n + m >= 0 for n in range(1000) for m in range(1000)])"), policy.Facts{}, policy.Refuse, policy.Fault,
		},
		"the contact's plan": {
			condition(`contact.custom.plan == "gold"`), policy.Facts{Contact: buyer}, policy.Allow, "",
		},
		"the plan of who knows whom": {
			condition(`contact.custom.plan == "gold"`), policy.Facts{Contact: unverified(buyer)}, policy.Refuse, policy.Fault,
		},
		"an e-mail that anybody may type": {
			condition(`contact.email == "ana@example.com"`), policy.Facts{Contact: unverified(buyer)}, policy.Refuse, policy.Require,
		},
		"verified": {tool.Limits{Identity: "verified"}, policy.Facts{Contact: buyer}, policy.Allow, ""},
		"not verified": {
			tool.Limits{Identity: "verified"}, policy.Facts{Contact: unverified(buyer)}, policy.Refuse, policy.Identity,
		},
		"after what was called": {
			tool.Limits{After: []string{"get_order"}}, policy.Facts{Made: []tool.Made{made("get_order", nil, nil)}}, policy.Allow, "",
		},
		"after what failed": {
			tool.Limits{After: []string{"get_order"}}, policy.Facts{Made: []tool.Made{{Tool: "get_order"}}}, policy.Refuse, policy.After,
		},
		"once for an order": {
			tool.Limits{Max: []tool.Max{{Count: 1, Per: "args.order"}}}, again, policy.Refuse, policy.Most,
		},
		"once, and it failed": {tool.Limits{Max: []tool.Max{{Count: 1, Per: "args.order"}}}, failed, policy.Allow, ""},
		"twice for an order":  {tool.Limits{Max: []tool.Max{{Count: 2, Per: "args.order"}}}, again, policy.Allow, ""},
		"once for another amount": {
			tool.Limits{Max: []tool.Max{{Count: 1, Per: "args.amount + 1"}}}, again, policy.Refuse, policy.Most,
		},
		"once at all": {tool.Limits{Max: []tool.Max{{Count: 1}}}, again, policy.Refuse, policy.Most},
		"once among others": {
			tool.Limits{Max: []tool.Max{{Count: 1, Among: []string{"get_order"}}}}, again, policy.Allow, "",
		},
		"as often as in a conversation": {tool.Limits{PerConversation: 1}, failed, policy.Refuse, policy.PerConversation},
		"less often":                    {tool.Limits{PerConversation: 2}, failed, policy.Allow, ""},
		"as often as in a day": {
			tool.Limits{PerDay: 3}, policy.Facts{Today: map[string]int{"refund": 3}}, policy.Refuse, policy.PerDay,
		},
		"a day's budget": {
			condition(`sum([c.args.amount for c in made("refund")]) + args.amount <= 79`), again, policy.Refuse, policy.Require,
		},
		"within a day's budget": {
			condition(`sum([c.args.amount for c in made("refund")]) + args.amount <= 80`), again, policy.Allow, "",
		},
		"not agreed to": {tool.Limits{Confirm: true}, policy.Facts{}, policy.Confirm, ""},
		"agreed to":     {tool.Limits{Confirm: true}, policy.Facts{Agreed: agreed}, policy.Allow, ""},
		"agreed to another amount": {
			tool.Limits{Confirm: true}, policy.Facts{Agreed: []policy.Consent{{Digest: call(nil).Digest(), At: noon}}}, policy.Confirm, "",
		},
		"agreed to and done": {
			tool.Limits{Confirm: true},
			policy.Facts{Agreed: agreed, Made: []tool.Made{{Tool: "refund", Arguments: forty, OK: true, At: noon}}},
			policy.Confirm, "",
		},
		"agreed to again after it was done": {
			tool.Limits{Confirm: true}, policy.Facts{Agreed: agreed, Made: again.Made}, policy.Allow, "",
		},
		"what has to be looked up":         {condition("get_order(id = args.order).open"), policy.Facts{}, policy.LookUp, ""},
		"what was looked up":               {condition("get_order(id = args.order).open"), looked(noon, true), policy.Allow, ""},
		"what the model read in this turn": {condition("get_order(id = args.order).open"), read(noon), policy.Allow, ""},
		"what it read in a turn before":    {condition("get_order(id = args.order).open"), read(noon.Add(-time.Second)), policy.LookUp, ""},
		"what says no": {
			condition("get_order(id = args.order).open"), looked(noon, false), policy.Refuse, policy.Require,
		},
		"what does not say": {
			condition("get_order(id = args.order).paid"), looked(noon, true), policy.Refuse, policy.Fault,
		},
		"a field that there is not": {
			condition("get_order(id = args.order).paid != False"), looked(noon, true), policy.Refuse, policy.Fault,
		},
		"a look-up that failed":            {condition("get_order(id = args.order) != None"), lookedInVain(noon), policy.Refuse, policy.Fault},
		"after it was looked up too often": {condition("get_order(id = args.order).open"), often(60), policy.Refuse, policy.Fault},
		"after it was looked up often":     {condition("get_order(id = args.order).open"), often(59), policy.LookUp, ""},
		"once for what an earlier call lacks": {
			tool.Limits{Max: []tool.Max{{Count: 1, Per: "args.order + 'x'"}}},
			policy.Facts{Made: []tool.Made{made("refund", map[string]any{"amount": 40.0}, nil)}},
			policy.Refuse, policy.Most,
		},
		"longer ago than it may be": {
			condition(`days_since("2026-10-29") <= 30`), policy.Facts{}, policy.Refuse, policy.Require,
		},
		"not so long ago": {condition(`days_since("2026-11-01T10:00:00Z") <= 30`), policy.Facts{}, policy.Allow, ""},
	} {
		p, problems := policy.New(refund(c.limits), nil)
		if len(problems) > 0 {
			t.Errorf("%s: %+v", name, problems)
			continue
		}
		c.facts.Turn, c.facts.Now = noon, noon
		v := p.Judge(call(forty), c.facts)
		if v.Kind != c.kind || v.Reason != c.reason {
			t.Errorf("%s: the verdict is %+v", name, v)
		}
		if (v.Kind == policy.Refuse) != (v.Text != "" && v.Call.Tool == "") {
			t.Errorf("%s: a refusal has words and no call: %+v", name, v)
		}
	}
}

func unverified(c policy.Contact) policy.Contact { c.Verified = false; return c }

func looked(at time.Time, open bool) policy.Facts {
	one := made("get_order", map[string]any{"id": "1"}, map[string]any{"open": open})
	one.At = at
	return policy.Facts{Looked: []tool.Made{one}}
}

func lookedInVain(at time.Time) policy.Facts {
	f := looked(at, true)
	f.Looked[0].OK, f.Looked[0].Result = false, nil
	return f
}

// often has looked other things up.
func often(n int) (f policy.Facts) {
	for range n {
		f.Looked = append(f.Looked, made("get_order", map[string]any{"id": "2"}, nil))
	}
	return f
}

func read(at time.Time) policy.Facts {
	return policy.Facts{Made: looked(at, true).Looked}
}

// TestArgumentsAreOfTheSchema refuses what the schema does not have, whatever else allows it.
func TestArgumentsAreOfTheSchema(t *testing.T) {
	p, _ := policy.New(refund(tool.Limits{}), nil)
	for name, arguments := range map[string]map[string]any{
		"a text for a number":  {"amount": "40"},
		"one that is not":      {"order": "1", "admin": true},
		"a list for a text":    {"order": []any{"1"}},
		"nothing for a number": {"amount": nil},
	} {
		if v := p.Judge(call(arguments), policy.Facts{}); v.Kind != policy.Refuse || v.Reason != policy.Arguments {
			t.Errorf("%s: %+v", name, v)
		}
	}
	if v := p.Judge(policy.Call{Tool: "refnd"}, policy.Facts{}); v.Reason != policy.UnknownTool {
		t.Errorf("a tool that there is not: %+v", v)
	}
}

// TestWhatComesFromTheContactIsSetByCode: whatever the model writes there, and it is not shown the parameter.
func TestWhatComesFromTheContactIsSetByCode(t *testing.T) {
	p, problems := policy.New(refund(tool.Limits{FromContact: map[string]string{"email": "contact.email"}}), nil)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	v := p.Judge(call(map[string]any{"order": "1", "email": "eve@example.com"}), policy.Facts{Contact: buyer})
	if diff := cmp.Diff(map[string]any{"order": "1", "email": "ana@example.com"}, v.Call.Arguments); v.Kind != policy.Allow || diff != "" {
		t.Errorf("the call is %+v: %s", v, diff)
	}
	if v := p.Judge(call(nil), policy.Facts{Contact: unverified(buyer)}); v.Reason != policy.Identity {
		t.Errorf("of somebody who is not known: %+v", v)
	}
	if shown := string(p.Shown("refund")); strings.Contains(shown, "email") || !strings.Contains(shown, "amount") {
		t.Errorf("the model is shown %s", shown)
	}
}

// TestAResultIsReviewed withholds what is not for this customer.
func TestAResultIsReviewed(t *testing.T) {
	theirs := tool.Condition{If: "result.owner == contact.identifier", Say: "Not theirs."}
	p, problems := policy.New(refund(tool.Limits{Ensure: []tool.Condition{theirs}}), nil)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	for owner, kind := range map[string]policy.Kind{"u7": policy.Allow, "u8": policy.Refuse} {
		v := p.Review(call(nil), map[string]any{"owner": owner}, policy.Facts{Contact: buyer})
		if v.Kind != kind || kind == policy.Refuse && (v.Reason != policy.Ensure || v.Text != "Not theirs.") {
			t.Errorf("%s: %+v", owner, v)
		}
	}
	if v := p.Review(call(nil), "a text", policy.Facts{Contact: buyer}); v.Reason != policy.Fault {
		t.Errorf("a result of another form: %+v", v)
	}
}

// TestApprovalIsForOneCall as consent is: for exactly this call, and once.
func TestApprovalIsForOneCall(t *testing.T) {
	tools := refund(tool.Limits{})
	tools[1].Risk = tool.Approve
	p, _ := policy.New(tools, nil)
	forty := map[string]any{"amount": 40.0}
	yes := policy.Facts{Approved: []policy.Consent{{Digest: call(forty).Digest(), At: noon}}}
	if v := p.Judge(call(forty), policy.Facts{}); v.Kind != policy.Approve {
		t.Errorf("not approved: %+v", v)
	}
	if v := p.Judge(call(forty), yes); v.Kind != policy.Allow {
		t.Errorf("approved: %+v", v)
	}
	if v := p.Judge(call(map[string]any{"amount": 41.0}), yes); v.Kind != policy.Approve {
		t.Errorf("another amount than was approved: %+v", v)
	}
}

// TestAWriteMakesLookUpsOld: what was read before it may be otherwise after it.
func TestAWriteMakesLookUpsOld(t *testing.T) {
	p, problems := policy.New(refund(condition("get_order(id = args.order).open")), nil)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	f := looked(noon.Add(time.Second), true)
	f.Turn, f.Now = noon, noon.Add(time.Minute)
	f.Made = []tool.Made{{Tool: "refund", OK: true, At: noon.Add(2 * time.Second)}}
	if v := p.Judge(call(map[string]any{"order": "1"}), f); v.Kind != policy.LookUp {
		t.Errorf("after a write: %+v", v)
	}
	f.Made[0].At = noon.Add(time.Hour)
	if v := p.Judge(call(map[string]any{"order": "1"}), f); v.Kind != policy.Allow {
		t.Errorf("after a write of a process whose clock is ahead: %+v", v)
	}
	f.Turn = noon.Add(time.Hour)
	if v := p.Judge(call(map[string]any{"order": "1"}), f); v.Kind != policy.Allow {
		t.Errorf("in a turn that a store's clock has begun later: %+v", v)
	}
	f.Made[0].At = noon.Add(-time.Second)
	if v := p.Judge(call(map[string]any{"order": "1"}), f); v.Kind != policy.Allow {
		t.Errorf("after a write before it: %+v", v)
	}
}
