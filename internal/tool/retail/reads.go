package retail

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
)

func findByEmail(s *Shop, in input) (any, error) {
	return s.find(func(u *User) bool { return strings.EqualFold(u.Email, in.Email) })
}

func findByNameAndZip(s *Shop, in input) (any, error) {
	return s.find(func(u *User) bool {
		return strings.EqualFold(u.Name.First, in.First) && strings.EqualFold(u.Name.Last, in.Last) && u.Address.Zip == in.Zip
	})
}

func (s *Shop) find(is func(*User) bool) (any, error) {
	for _, id := range slices.Sorted(maps.Keys(Everything().Users)) {
		if u, err := s.user(id); err == nil && is(u) {
			return id, nil
		}
	}
	return nil, fmt.Errorf("user %w", errNotFound)
}

func getUser(s *Shop, in input) (any, error)  { return s.user(in.User) }
func getOrder(s *Shop, in input) (any, error) { return s.order(in.Order) }

func getProduct(_ *Shop, in input) (any, error) {
	if p, known := Everything().Products[in.Product]; known {
		return p, nil
	}
	return nil, fmt.Errorf("product %w", errNotFound)
}

func getItem(_ *Shop, in input) (any, error) {
	for _, p := range Everything().Products {
		if v, has := p.Variants[in.Item]; has {
			return v, nil
		}
	}
	return nil, fmt.Errorf("item %w", errNotFound)
}

func listProducts(*Shop, input) (any, error) {
	all := map[string]string{}
	for id, p := range Everything().Products {
		all[p.Name] = id
	}
	return all, nil
}

// calculate reads +, -, *, / and parentheses over numbers.
func calculate(_ *Shop, in input) (any, error) {
	if strings.Trim(in.Expression, "0123456789+-*/(). ") != "" {
		return nil, fmt.Errorf("invalid characters in the expression")
	}
	e, err := parser.ParseExpr(in.Expression)
	if err != nil {
		return nil, fmt.Errorf("no expression: %w", err)
	}
	n, err := number(e)
	if err != nil {
		return nil, err
	}
	return strconv.FormatFloat(math.Round(n*100)/100, 'f', -1, 64), nil
}

func number(e ast.Expr) (float64, error) {
	switch e := e.(type) {
	case *ast.BasicLit:
		return strconv.ParseFloat(e.Value, 64)
	case *ast.ParenExpr:
		return number(e.X)
	case *ast.UnaryExpr:
		n, err := number(e.X)
		if e.Op == token.SUB {
			n = -n
		}
		return n, err
	case *ast.BinaryExpr:
		x, err := number(e.X)
		if err != nil {
			return 0, err
		}
		y, err := number(e.Y)
		switch e.Op {
		case token.ADD:
			return x + y, err
		case token.SUB:
			return x - y, err
		case token.MUL:
			return x * y, err
		case token.QUO:
			return x / y, err
		}
	}
	return 0, fmt.Errorf("this cannot be calculated")
}
