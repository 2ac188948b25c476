package policy_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"testing"

	"tania/internal/testsize"
	"tania/internal/tool/policy"
	"tania/internal/tool/retail"
)

// ownWrite is a change that a customer may want of an order of their own: right, or wrong in the ways in which people are.
func ownWrite(random *rand.Rand, u *retail.User) retail.Action {
	o := retail.Everything().Orders[u.Orders[random.IntN(len(u.Orders))]]
	payments := slices.Sorted(maps.Keys(u.Payments))
	var items, others []any
	for _, i := range random.Perm(len(o.Items))[:1+random.IntN(len(o.Items))] {
		variants := slices.Sorted(maps.Keys(retail.Everything().Products[o.Items[i].Product].Variants))
		items, others = append(items, o.Items[i].ID), append(others, variants[random.IntN(len(variants))])
	}
	if random.IntN(8) == 0 {
		items, others = append(items, items[0]), append(others, others[0])
	}
	if random.IntN(8) == 0 {
		others = others[1:]
	}
	all := map[string]any{
		"order_id": o.ID, "item_ids": items, "new_item_ids": others, "payment_method_id": payments[random.IntN(len(payments))],
		"reason":   []string{"no longer needed", "ordered by mistake", "too dear"}[random.IntN(3)],
		"address1": "1 New Street", "address2": "", "city": "Austin", "state": "TX", "country": "USA", "zip": "78701", "user_id": u.ID,
	}
	tools := slices.DeleteFunc(slices.Sorted(maps.Keys(parametersOf)), func(name string) bool { return !retail.IsWrite(name) })
	// What may be done with an order in its state is tried more often than what may not.
	name := tools[random.IntN(len(tools))]
	if state := map[string][]string{
		"pending":   {"cancel_pending_order", "modify_pending_order_items", "modify_pending_order_payment", "modify_pending_order_address"},
		"delivered": {"return_delivered_order_items", "exchange_delivered_order_items"},
	}[o.Status]; len(state) > 0 && random.IntN(4) > 0 {
		name = state[random.IntN(len(state))]
	}
	arguments := map[string]any{}
	for _, key := range parametersOf[name] {
		arguments[key] = all[key]
	}
	return retail.Action{Tool: name, Arguments: arguments}
}

// TestTheRulesAllowWhatTheShopTakes has customers change their own orders in thousands of ways, by a seed: the rules refuse no change that
// the shop takes, and allow none that it does not. So they hold for tasks that nobody has written down.
func TestTheRulesAllowWhatTheShopTakes(t *testing.T) {
	rules, taken, refused := shopRules(t), map[string]int{}, map[string]int{}
	for n := range testsize.Of(5000, 500) {
		random := rand.New(rand.NewPCG(3, uint64(n)))
		u := someBuyer(random)
		a := ownWrite(random, u)
		_, err := retail.Open().Call(a.Tool, a.Arguments)
		d := newDesk(t, rules, u.ID)
		v := d.call(a)
		if v.Kind == policy.Confirm {
			d.yes(v)
			v = d.call(a)
		}
		if allowed := v.Kind == policy.Allow; allowed != (err == nil) {
			t.Fatalf("%d: the shop says %v and the rules say %+v to %+v", n, err, v, a)
		}
		if err == nil {
			taken[a.Tool]++
		} else {
			refused[a.Tool]++
		}
	}
	t.Logf("taken and allowed: %v; refused by both: %v", taken, refused)
	for _, name := range slices.Sorted(maps.Keys(parametersOf)) {
		if retail.IsWrite(name) && taken[name] == 0 {
			t.Errorf("%s is never taken", name)
		}
	}
}
