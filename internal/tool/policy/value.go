package policy

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"math/big"
	"reflect"
	"slices"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"
)

// object is a JSON object in an expression: its fields are read as o.field or o["field"], and one that it does not have is an error, so
// that a condition on what is not there is not met.
type object map[string]any

var (
	_ starlark.HasAttrs        = object(nil)
	_ starlark.IterableMapping = object(nil)
	_ starlark.Comparable      = object(nil)
)

func (o object) String() string {
	written, err := json.Marshal(map[string]any(o))
	if err != nil {
		return "object"
	}
	return string(written)
}
func (o object) Type() string          { return "object" }
func (o object) Freeze()               {}
func (o object) Truth() starlark.Bool  { return len(o) > 0 }
func (o object) Hash() (uint32, error) { return 0, fmt.Errorf("an object is no key") }
func (o object) AttrNames() []string   { return slices.Sorted(maps.Keys(o)) }
func (o object) Len() int              { return len(o) }

func (o object) Attr(name string) (starlark.Value, error) {
	v, ok := o[name]
	if !ok {
		return nil, starlark.NoSuchAttrError(fmt.Sprintf("there is no %s", name))
	}
	return value(v), nil
}

func (o object) Get(key starlark.Value) (starlark.Value, bool, error) {
	name, ok := starlark.AsString(key)
	if !ok {
		return nil, false, nil
	}
	v, ok := o[name]
	return value(v), ok, nil
}

func (o object) Items() (items []starlark.Tuple) {
	for _, k := range o.AttrNames() {
		items = append(items, starlark.Tuple{starlark.String(k), value(o[k])})
	}
	return items
}

func (o object) Iterate() starlark.Iterator {
	var names []starlark.Value
	for _, k := range o.AttrNames() {
		names = append(names, starlark.String(k))
	}
	return starlark.NewList(names).Iterate()
}

func (o object) CompareSameType(op syntax.Token, y starlark.Value, _ int) (bool, error) {
	same := reflect.DeepEqual(o, y)
	switch op {
	case syntax.EQL:
		return same, nil
	case syntax.NEQ:
		return !same, nil
	default:
		return false, fmt.Errorf("objects have no order")
	}
}

// value is a value of JSON in an expression.
func value(v any) starlark.Value {
	switch v := v.(type) {
	case nil:
		return starlark.None
	case starlark.Value:
		return v
	case bool:
		return starlark.Bool(v)
	case string:
		return starlark.String(v)
	case int:
		return starlark.MakeInt(v)
	case int64:
		return starlark.MakeInt64(v)
	case float64:
		return number(v)
	case json.Number:
		if n, ok := new(big.Int).SetString(v.String(), 10); ok {
			return starlark.MakeBigInt(n)
		}
		f, err := v.Float64()
		if err != nil {
			return starlark.String(v.String())
		}
		return number(f)
	case map[string]any:
		return object(v)
	case []any:
		list := make([]starlark.Value, len(v))
		for i, one := range v {
			list[i] = value(one)
		}
		l := starlark.NewList(list)
		l.Freeze()
		return l
	case []string:
		list := make([]any, len(v))
		for i, one := range v {
			list[i] = one
		}
		return value(list)
	default:
		return starlark.None
	}
}

// number is a whole number where it is one.
func number(f float64) starlark.Value {
	if f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		return starlark.MakeInt64(int64(f))
	}
	return starlark.Float(f)
}

// plain is the value of an expression as JSON has it; false for what JSON does not have.
func plain(v starlark.Value) (any, bool) {
	switch v := v.(type) {
	case starlark.NoneType:
		return nil, true
	case starlark.Bool:
		return bool(v), true
	case starlark.String:
		return string(v), true
	case starlark.Int:
		n, ok := v.Int64()
		if !ok {
			return nil, false
		}
		return float64(n), n < 1<<53 && n > -1<<53
	case starlark.Float:
		return float64(v), !math.IsNaN(float64(v)) && !math.IsInf(float64(v), 0)
	case object:
		return map[string]any(v), true
	case starlark.Indexable:
		list := make([]any, v.Len())
		for i := range list {
			one, ok := plain(v.Index(i))
			if !ok {
				return nil, false
			}
			list[i] = one
		}
		return list, true
	default:
		return nil, false
	}
}
