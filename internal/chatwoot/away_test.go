package chatwoot

import (
	"context"
	"errors"
	"testing"
)

// TestAwayOrRefused tells what waiting helps against from what Chatwoot itself says.
func TestAwayOrRefused(t *testing.T) {
	const html = "<html><body>down for maintenance</body></html>"
	for name, x := range map[string]struct {
		reply      reply
		away, gone bool
	}{
		"no connection":                       {reply: reply{}, away: true},
		"a proxy's 502":                       {reply: reply{502, html, nil}, away: true},
		"a failure of its own":                {reply: reply{500, `{"status":500,"error":"Internal Server Error"}`, nil}, away: true},
		"too many requests":                   {reply: reply{429, "Retry later\n", nil}, away: true},
		"a page where JSON was due":           {reply: reply{200, html, nil}, away: true},
		"a page that refuses":                 {reply: reply{403, html, nil}, away: true},
		"a redirect":                          {reply: reply{302, "", nil}, away: true},
		"a router's 404":                      {reply: reply{404, "404 page not found\n", nil}, away: true},
		"a gateway's 404 in JSON":             {reply: reply{404, `{"message":"no Route matched with those values"}`, nil}, away: true},
		"Rails's 404 for a path":              {reply: reply{404, `{"status":404,"error":"Not Found"}`, nil}, away: true},
		"Chatwoot's 404 for a conversation":   {reply: reply{404, rest(t, "error_404"), nil}, gone: true},
		"Chatwoot's 401":                      {reply: reply{401, rest(t, "error_401_no_header"), nil}},
		"a value that it does not take (422)": {reply: reply{422, rest(t, "error_422_record_invalid_other_endpoints"), nil}},
		"a message without an id":             {reply: reply{200, `{}`, nil}, away: true},
		"a message with an id":                {reply: reply{200, `{"id":7}`, nil}},
		"nothing with success":                {reply: reply{200, "", nil}, away: true},
	} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, x.reply)
			_, err := s.client(t, noRetries).SendMessage(t.Context(), conversation, OutgoingMessage{Content: "x"})
			if Away(err) != x.away || Gone(err) != x.gone {
				t.Errorf("%v: away %v, gone %v; want %v, %v", err, Away(err), Gone(err), x.away, x.gone)
			}
			if err != nil && Operation(err) != "send message" {
				t.Errorf("operation %q", Operation(err))
			}
		})
	}
	for _, err := range []error{nil, errors.New("the store"), context.DeadlineExceeded, &TransportError{Err: context.Canceled}} {
		if Away(err) {
			t.Errorf("%v counts as Chatwoot's", err)
		}
	}
}

// TestPing is answered by whatever speaks for Chatwoot, and by nothing else.
func TestPing(t *testing.T) {
	for name, x := range map[string]struct {
		reply reply
		there bool
	}{
		"a user's token":  {reply{200, `{"id":9}`, nil}, true},
		"a bot's token":   {reply{401, rest(t, "error_401_no_header"), nil}, true},
		"a router's 404":  {reply{404, "404 page not found\n", nil}, false},
		"a proxy's 503":   {reply{503, "<html></html>", nil}, false},
		"a parked domain": {reply{200, "<html>welcome</html>", nil}, false},
	} {
		t.Run(name, func(t *testing.T) {
			if err := serve(t, x.reply).client(t, noRetries).Ping(t.Context()); (err == nil) != x.there {
				t.Errorf("ping: %v, want there %v", err, x.there)
			}
		})
	}
}
