package api

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"tania/internal/chatwoot/chatwootsim"
	"tania/internal/chatwoot/chatwootsim/rails"
)

// condition is one of a filter's payload, as FilterService takes them.
type condition struct {
	key, operator string
	values        []string
	// or reports whether the next one is another way to fit; AND binds tighter, as in SQL.
	or bool
}

type conditions []condition

// The attributes that a filter may name beside custom ones (lib/filters/filter_keys.yml).
var (
	conversationKeys = []string{
		"status", "assignee_id", "contact_id", "inbox_id", "team_id", "display_id", "labels", "priority", "created_at", "last_activity_at",
	}
	contactKeys = []string{
		"name", "phone_number", "email", "identifier", "country_code", "city", "created_at", "last_activity_at", "blocked", "labels",
	}
)

var operators = []string{
	"equal_to", "not_equal_to", "contains", "does_not_contain", "is_present", "is_not_present", "is_greater_than", "is_less_than",
}

// conditionsOf reads a filter's payload, or says what is wrong with it.
func conditionsOf(payload any, keys []string) (list conditions, wrong string) {
	entries, _ := payload.([]any)
	for _, entry := range entries {
		o, _ := entry.(rails.Object)
		c := condition{key: rails.Text(o["attribute_key"]), operator: rails.Text(o["filter_operator"]), values: rails.Texts(o["values"])}
		switch joined := strings.ToUpper(rails.Text(o["query_operator"])); joined {
		case "OR":
			c.or = true
		case "AND", "":
		default:
			return nil, `Query operator must be either "AND" or "OR".`
		}
		if c.key == "" || !slices.Contains(keys, c.key) && o["custom_attribute_type"] == nil && o["attribute_model"] == nil {
			return nil, fmt.Sprintf("Invalid attribute key - [%s]. The key should be one of [%s] or a custom attribute defined in the account.",
				c.key, strings.Join(keys, ","))
		}
		if !slices.Contains(operators, c.operator) {
			return nil, fmt.Sprintf("Invalid operator. The allowed operators for %s are [%s].", c.key, strings.Join(operators, ","))
		}
		list = append(list, c)
	}
	return list, ""
}

// hold reports whether the values of a thing's attributes fit the filter.
func (list conditions) hold(of map[string][]string) bool {
	fits := true
	for n, c := range list {
		fits = fits && c.holds(of[c.key])
		if last := n == len(list)-1; c.or || last {
			if fits || last {
				return fits
			}
			fits = true
		}
	}
	return fits
}

func (c condition) holds(have []string) bool {
	has := func(fits func(have, want string) bool) bool {
		return slices.ContainsFunc(have, func(h string) bool {
			return slices.ContainsFunc(c.values, func(w string) bool { return fits(strings.ToLower(h), strings.ToLower(w)) })
		})
	}
	equal := func(h, w string) bool { return h == w || c.key == "status" && w == "all" }
	switch c.operator {
	case "equal_to":
		return has(equal)
	case "not_equal_to":
		return !has(equal)
	case "contains":
		return has(strings.Contains)
	case "does_not_contain":
		return !has(strings.Contains)
	case "is_present":
		return len(have) > 0
	case "is_not_present":
		return len(have) == 0
	case "is_greater_than":
		return has(func(h, w string) bool { return compared(h, w) > 0 })
	}
	return has(func(h, w string) bool { return compared(h, w) < 0 })
}

// compared orders numbers as numbers, and the rest, dates above all, as text.
func compared(a, b string) int {
	x, err := strconv.ParseFloat(a, 64)
	y, errOther := strconv.ParseFloat(b, 64)
	switch {
	case err != nil || errOther != nil:
		return strings.Compare(a, b)
	case x < y:
		return -1
	case x > y:
		return 1
	}
	return 0
}

// customerFields are a contact's for a filter; what is not there has no values.
func customerFields(k *chatwootsim.Customer) map[string][]string {
	of := map[string][]string{
		"created_at": {rails.ISO(k.Created)}, "last_activity_at": {rails.ISO(k.Created)}, "blocked": {strconv.FormatBool(k.Blocked)},
		"labels": k.Labels,
	}
	for name, value := range map[string]string{"name": k.Name, "email": k.Email, "phone_number": k.Phone, "identifier": k.Identifier} {
		if value != "" {
			of[name] = []string{value}
		}
	}
	for _, attributes := range []rails.Object{k.Additional, k.Custom} {
		addFields(of, attributes)
	}
	return of
}

// threadFields are a conversation's for a filter.
func threadFields(c *chatwootsim.Thread) map[string][]string {
	of := map[string][]string{
		"status": {string(c.Status)}, "inbox_id": {digits(c.Inbox)}, "display_id": {digits(c.ID)}, "contact_id": {digits(c.Customer.ID)},
		"labels":     c.Labels,
		"created_at": {rails.ISO(c.Created)}, "last_activity_at": {rails.ISO(c.LastActivity)},
	}
	if c.Assignee != 0 {
		of["assignee_id"] = []string{digits(c.Assignee)}
	}
	if c.Team != 0 {
		of["team_id"] = []string{digits(c.Team)}
	}
	if c.Priority != "" {
		of["priority"] = []string{c.Priority}
	}
	addFields(of, c.CustomAttributes)
	return of
}

func addFields(of map[string][]string, attributes rails.Object) {
	for _, name := range slices.Sorted(maps.Keys(attributes)) {
		of[name] = []string{fmt.Sprint(attributes[name])}
	}
}

func digits[T ~int64](n T) string { return strconv.FormatInt(int64(n), 10) }
