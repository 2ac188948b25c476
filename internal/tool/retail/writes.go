package retail

import (
	"errors"
	"fmt"
	"math"
	"slices"
)

func cancel(s *Shop, in input) (any, error) {
	o, err := s.order(in.Order)
	if err != nil {
		return nil, err
	}
	if o.Status != "pending" {
		return nil, errors.New("the order is not pending")
	}
	if in.Reason != "no longer needed" && in.Reason != "ordered by mistake" {
		return nil, errors.New("this is no reason")
	}
	return s.changeOrder(o, func(o *Order) {
		for _, paid := range slices.Clone(o.Payments) {
			o.Payments = append(o.Payments, Transaction{"refund", paid.Amount, paid.Payment})
			s.credit(o.User, paid.Payment, paid.Amount)
		}
		o.Status, o.CancelReason = "cancelled", in.Reason
	}), nil
}

// credit adds to a gift card's balance; other payments are refunded elsewhere.
func (s *Shop) credit(user, payment string, amount float64) {
	u, err := s.user(user)
	if err != nil || u.Payments[payment].Balance == nil {
		return
	}
	s.changeUser(u, func(u *User) {
		p := u.Payments[payment]
		balance := cents(*p.Balance + amount)
		p.Balance = &balance
		u.Payments[payment] = p
	})
}

func cents(n float64) float64 { return math.Round(n*100) / 100 }

// swap is what a change of items comes to.
type swap struct {
	places   []int
	variants []Variant
	dearer   float64
}

// swapped checks a change of items of an order to others of the same products.
func (s *Shop) swapped(o *Order, in input) (swap, error) {
	var w swap
	if len(in.Items) != len(in.NewItems) || len(in.Items) == 0 {
		return w, errors.New("there must be as many new items as items")
	}
	for i, id := range in.Items {
		at := slices.IndexFunc(o.Items, func(item Item) bool { return item.ID == id })
		for at >= 0 && at < len(o.Items) && (o.Items[at].ID != id || slices.Contains(w.places, at)) {
			at++
		}
		if at < 0 || at == len(o.Items) {
			return w, fmt.Errorf("item %s %w", id, errNotFound)
		}
		v, known := Everything().Products[o.Items[at].Product].Variants[in.NewItems[i]]
		if !known || !v.Available {
			return w, fmt.Errorf("new item %s is not of the product, or not available", in.NewItems[i])
		}
		w.places, w.variants = append(w.places, at), append(w.variants, v)
		w.dearer += v.Price - o.Items[at].Price
	}
	w.dearer = cents(w.dearer)
	return w, s.covers(o.User, in.Payment, w.dearer)
}

// covers checks that a customer has a payment method, and a gift card enough.
func (s *Shop) covers(user, payment string, amount float64) error {
	u, err := s.user(user)
	if err != nil {
		return err
	}
	p, has := u.Payments[payment]
	switch {
	case !has:
		return fmt.Errorf("payment method %w", errNotFound)
	case p.Balance != nil && *p.Balance < amount:
		return errors.New("the gift card's balance is too low")
	default:
		return nil
	}
}

func exchange(s *Shop, in input) (any, error) {
	o, err := s.order(in.Order)
	if err != nil {
		return nil, err
	}
	if o.Status != "delivered" {
		return nil, errors.New("the order is not delivered")
	}
	w, err := s.swapped(o, in)
	if err != nil {
		return nil, err
	}
	return s.changeOrder(o, func(o *Order) {
		o.Status, o.ExchangePayment, o.ExchangeDifference = "exchange requested", in.Payment, &w.dearer
		o.ExchangeItems, o.ExchangeNewItems = slices.Sorted(slices.Values(in.Items)), slices.Sorted(slices.Values(in.NewItems))
	}), nil
}

func modifyItems(s *Shop, in input) (any, error) {
	o, err := s.order(in.Order)
	if err != nil {
		return nil, err
	}
	if o.Status != "pending" {
		return nil, errors.New("the order is not pending")
	}
	w, err := s.swapped(o, in)
	if err != nil {
		return nil, err
	}
	for i := range in.Items {
		if in.Items[i] == in.NewItems[i] {
			return nil, errors.New("the new item must be another")
		}
	}
	kind := "refund"
	if w.dearer > 0 {
		kind = "payment"
	}
	s.credit(o.User, in.Payment, -w.dearer)
	return s.changeOrder(o, func(o *Order) {
		o.Payments = append(o.Payments, Transaction{kind, math.Abs(w.dearer), in.Payment})
		for i, at := range w.places {
			o.Items[at].ID, o.Items[at].Price, o.Items[at].Options = w.variants[i].ID, w.variants[i].Price, w.variants[i].Options
		}
		o.Status = "pending (item modified)"
	}), nil
}

func modifyAddress(s *Shop, in input) (any, error) {
	o, err := s.order(in.Order)
	if err != nil {
		return nil, err
	}
	if o.Status != "pending" && o.Status != "pending (item modified)" {
		return nil, errors.New("the order is not pending")
	}
	return s.changeOrder(o, func(o *Order) { o.Address = in.Address }), nil
}

func modifyPayment(s *Shop, in input) (any, error) {
	o, err := s.order(in.Order)
	if err != nil {
		return nil, err
	}
	switch {
	case o.Status != "pending" && o.Status != "pending (item modified)":
		return nil, errors.New("the order is not pending")
	case len(o.Payments) != 1 || o.Payments[0].Type != "payment":
		return nil, errors.New("there must be one payment")
	case o.Payments[0].Payment == in.Payment:
		return nil, errors.New("the new payment method must be another")
	}
	was := o.Payments[0]
	if err := s.covers(o.User, in.Payment, was.Amount); err != nil {
		return nil, err
	}
	s.credit(o.User, in.Payment, -was.Amount)
	s.credit(o.User, was.Payment, was.Amount)
	return s.changeOrder(o, func(o *Order) {
		o.Payments = append(o.Payments, Transaction{"payment", was.Amount, in.Payment}, Transaction{"refund", was.Amount, was.Payment})
	}), nil
}

func modifyUser(s *Shop, in input) (any, error) {
	u, err := s.user(in.User)
	if err != nil {
		return nil, err
	}
	s.changeUser(u, func(u *User) { u.Address = in.Address })
	return s.user(in.User)
}

func giveBack(s *Shop, in input) (any, error) {
	o, err := s.order(in.Order)
	if err != nil {
		return nil, err
	}
	if o.Status != "delivered" {
		return nil, errors.New("the order is not delivered")
	}
	u, err := s.user(o.User)
	if err != nil {
		return nil, err
	}
	if p, has := u.Payments[in.Payment]; !has || p.Source != "gift_card" && in.Payment != o.Payments[0].Payment {
		return nil, errors.New("the payment method must be the original one, or a gift card")
	}
	left := make([]string, len(o.Items))
	for i, item := range o.Items {
		left[i] = item.ID
	}
	for _, id := range in.Items {
		at := slices.Index(left, id)
		if at < 0 {
			return nil, fmt.Errorf("item %s %w", id, errNotFound)
		}
		left = slices.Delete(left, at, at+1)
	}
	return s.changeOrder(o, func(o *Order) {
		o.Status, o.ReturnItems, o.ReturnPayment = "return requested", slices.Sorted(slices.Values(in.Items)), in.Payment
	}), nil
}
