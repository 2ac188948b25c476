// Package retail is a shop for tests: customers, orders and products with the tools of a customer service, in memory. Data and tasks are of
// tau2-bench (https://github.com/sierra-research/tau2-bench, MIT: data/LICENCE.txt); what the tools do follows what they do there.
package retail

import (
	"bytes"
	"compress/gzip"
	_ "embed" // the shop's data
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
)

// Shop is the shop's state. It is safe for concurrent use.
type Shop struct {
	mu sync.Mutex
	// users and orders are those that were changed; the others are as in stock.
	users  map[string]*User
	orders map[string]*Order
	// calls are the writes that were done, in order.
	writes []string
}

// User is a customer.
type User struct {
	ID   string `json:"user_id"`
	Name struct {
		First string `json:"first_name"`
		Last  string `json:"last_name"`
	} `json:"name"`
	Address  Address            `json:"address"`
	Email    string             `json:"email"`
	Payments map[string]Payment `json:"payment_methods"`
	Orders   []string           `json:"orders"`
}

// Address is a postal address.
type Address struct {
	Address1 string `json:"address1"`
	Address2 string `json:"address2"`
	City     string `json:"city"`
	Country  string `json:"country"`
	State    string `json:"state"`
	Zip      string `json:"zip"`
}

// Payment is a way to pay: credit_card, paypal, or gift_card, which has a balance.
type Payment struct {
	Source   string   `json:"source"`
	ID       string   `json:"id"`
	Brand    string   `json:"brand,omitempty"`
	LastFour string   `json:"last_four,omitempty"`
	Balance  *float64 `json:"balance,omitempty"`
}

// Order is an order.
type Order struct {
	ID           string            `json:"order_id"`
	User         string            `json:"user_id"`
	Address      Address           `json:"address"`
	Items        []Item            `json:"items"`
	Status       string            `json:"status"`
	Fulfillments []json.RawMessage `json:"fulfillments"`
	Payments     []Transaction     `json:"payment_history"`

	CancelReason       string   `json:"cancel_reason,omitempty"`
	ExchangeItems      []string `json:"exchange_items,omitempty"`
	ExchangeNewItems   []string `json:"exchange_new_items,omitempty"`
	ExchangePayment    string   `json:"exchange_payment_method_id,omitempty"`
	ExchangeDifference *float64 `json:"exchange_price_difference,omitempty"`
	ReturnItems        []string `json:"return_items,omitempty"`
	ReturnPayment      string   `json:"return_payment_method_id,omitempty"`
}

// Item is a variant in an order.
type Item struct {
	Name    string            `json:"name"`
	Product string            `json:"product_id"`
	ID      string            `json:"item_id"`
	Price   float64           `json:"price"`
	Options map[string]string `json:"options"`
}

// Transaction is a payment or a refund.
type Transaction struct {
	Type    string  `json:"transaction_type"`
	Amount  float64 `json:"amount"`
	Payment string  `json:"payment_method_id"`
}

// Product is a kind of thing with its variants.
type Product struct {
	Name     string             `json:"name"`
	ID       string             `json:"product_id"`
	Variants map[string]Variant `json:"variants"`
}

// Variant is what can be bought.
type Variant struct {
	ID        string            `json:"item_id"`
	Options   map[string]string `json:"options"`
	Available bool              `json:"available"`
	Price     float64           `json:"price"`
}

// Stock is the shop's data as it is before anything was done. It must not be changed.
type Stock struct {
	Products map[string]Product `json:"products"`
	Users    map[string]*User   `json:"users"`
	Orders   map[string]*Order  `json:"orders"`
}

//go:embed data/db.json.gz
var packed []byte

// Everything is the whole stock, read once.
var Everything = sync.OnceValue(func() *Stock {
	unpacked, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		panic(err)
	}
	s := &Stock{}
	if err := json.NewDecoder(unpacked).Decode(s); err != nil {
		panic(err)
	}
	return s
})

// Open opens a shop with the whole stock.
func Open() *Shop { return &Shop{users: map[string]*User{}, orders: map[string]*Order{}} }

// State is what differs from the stock, as JSON: the same for shops in which the same was done.
func (s *Shop) State() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	written, err := json.Marshal(map[string]any{"orders": s.orders, "users": s.users})
	if err != nil {
		panic(err)
	}
	return string(written)
}

// Writes are the names of the tools that changed something, in order.
func (s *Shop) Writes() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.writes)
}

// Call calls a tool; the result is as JSON has it. An error is what the tool says of a call that it does not take, and changes nothing.
func (s *Shop) Call(tool string, arguments map[string]any) (any, error) {
	t, known := tools[tool]
	if !known {
		return nil, fmt.Errorf("there is no tool %s", tool)
	}
	written, err := json.Marshal(arguments)
	if err != nil {
		return nil, err
	}
	var in input
	decoder := json.NewDecoder(bytes.NewReader(written))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&in); err != nil {
		return nil, fmt.Errorf("wrong arguments: %w", err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out, err := t.do(s, in)
	if err != nil {
		return nil, err
	}
	if t.writes {
		s.writes = append(s.writes, tool)
	}
	return plain(out), nil
}

// IsWrite reports whether a tool changes something.
func IsWrite(tool string) bool { return tools[tool].writes }

// plain is a value as JSON has it.
func plain(v any) any {
	written, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	var read any
	if err := json.Unmarshal(written, &read); err != nil {
		panic(err)
	}
	return read
}

// input are the arguments of all tools.
type input struct {
	Address
	User       string   `json:"user_id"`
	Order      string   `json:"order_id"`
	Product    string   `json:"product_id"`
	Item       string   `json:"item_id"`
	First      string   `json:"first_name"`
	Last       string   `json:"last_name"`
	Email      string   `json:"email"`
	Reason     string   `json:"reason"`
	Items      []string `json:"item_ids"`
	NewItems   []string `json:"new_item_ids"`
	Payment    string   `json:"payment_method_id"`
	Expression string   `json:"expression"`
	Summary    string   `json:"summary"`
}

type operation struct {
	writes bool
	do     func(*Shop, input) (any, error)
}

var tools = map[string]operation{
	"calculate":                      {do: calculate},
	"find_user_id_by_email":          {do: findByEmail},
	"find_user_id_by_name_zip":       {do: findByNameAndZip},
	"get_item_details":               {do: getItem},
	"get_order_details":              {do: getOrder},
	"get_product_details":            {do: getProduct},
	"get_user_details":               {do: getUser},
	"list_all_product_types":         {do: listProducts},
	"transfer_to_human_agents":       {do: func(*Shop, input) (any, error) { return "Transfer successful", nil }},
	"cancel_pending_order":           {true, cancel},
	"exchange_delivered_order_items": {true, exchange},
	"modify_pending_order_address":   {true, modifyAddress},
	"modify_pending_order_items":     {true, modifyItems},
	"modify_pending_order_payment":   {true, modifyPayment},
	"modify_user_address":            {true, modifyUser},
	"return_delivered_order_items":   {true, giveBack},
}

var errNotFound = errors.New("not found")

func (s *Shop) user(id string) (*User, error) {
	if u, changed := s.users[id]; changed {
		return u, nil
	}
	if u, known := Everything().Users[id]; known {
		return u, nil
	}
	return nil, fmt.Errorf("user %w", errNotFound)
}

func (s *Shop) order(id string) (*Order, error) {
	if o, changed := s.orders[id]; changed {
		return o, nil
	}
	if o, known := Everything().Orders[id]; known {
		return o, nil
	}
	return nil, fmt.Errorf("order %w", errNotFound)
}

// changeUser puts a changed user in the place of what was; change gets a copy.
func (s *Shop) changeUser(u *User, change func(*User)) {
	c := *u
	c.Payments = maps.Clone(u.Payments)
	change(&c)
	s.users[c.ID] = &c
}

// changeOrder puts a changed order in the place of what was; change gets a copy.
func (s *Shop) changeOrder(o *Order, change func(*Order)) *Order {
	c := *o
	c.Items, c.Payments = slices.Clone(o.Items), slices.Clone(o.Payments)
	change(&c)
	s.orders[c.ID] = &c
	return &c
}

// Rename writes words into a customer's address, as customers can themselves. It is no tool's write.
func (s *Shop) Rename(user, words string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u, err := s.user(user); err == nil {
		s.changeUser(u, func(u *User) { u.Address.Address2 = words })
	}
}
