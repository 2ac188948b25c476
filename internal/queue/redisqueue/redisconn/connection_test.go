package redisconn

import (
	"context"
	"errors"
	"os"
	"testing"

	"github.com/redis/rueidis"

	"tania/internal/queue"
	"tania/internal/redistest"
)

var server *redistest.Server

func TestMain(m *testing.M) {
	os.Exit(redistest.Main(m, func(s *redistest.Server) (func(), error) { server = s; return func() {}, nil }))
}

// anyServer is accepted.
func anyServer(context.Context, rueidis.Client) error { return nil }

func parse(t *testing.T, url string) rueidis.ClientOption {
	t.Helper()
	o, err := ParseURL(url)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// open opens a connection that the test's end closes. reached is closed when it was made later than at the start.
func open(t *testing.T, url string, accept func(context.Context, rueidis.Client) error) (c *Connection, reached chan struct{}, err error) {
	t.Helper()
	ctx, end := context.WithCancel(context.Background())
	reached = make(chan struct{})
	c = New(ctx, accept, func() { close(reached) })
	t.Cleanup(func() { end(); c.Close() })
	return c, reached, c.Open(t.Context(), parse(t, url))
}

func ping(ctx context.Context, c *Connection) error {
	return c.Client().Do(ctx, c.Client().B().Ping().Build()).Error()
}

func TestAnAddressGivesShortTimes(t *testing.T) {
	o := parse(t, "rediss://ana:secret@redis.example.com:6380/3?addr=other.example.com:6380")
	if o.Username != "ana" || o.Password != "secret" || o.SelectDB != 3 || len(o.InitAddress) != 2 || o.TLSConfig == nil {
		t.Errorf("read as %+v", o)
	}
	if o.Dialer.Timeout+o.ConnWriteTimeout > 5e9 {
		t.Errorf("a server that does not answer is known after %s and %s, a webhook has five seconds", o.Dialer.Timeout, o.ConnWriteTimeout)
	}
	if _, err := ParseURL("http://redis"); err == nil {
		t.Error("an address of HTTP is taken")
	}
}

// TestARedisThatIsAwayIsConnectedToWhenItIsThere: the start goes on without, operations fail at once with the cause, and then succeed.
func TestARedisThatIsAwayIsConnectedToWhenItIsThere(t *testing.T) {
	proxy := redistest.NewProxy(t, server.Addr())
	proxy.Refuse()
	c, reached, err := open(t, proxy.URL(), anyServer)
	if err != nil {
		t.Fatalf("a Redis that is away stops the start: %v", err)
	}
	if err := ping(t.Context(), c); err == nil || Refused(err) {
		t.Errorf("asked while it is away: %v", err)
	}
	proxy.Heal()
	<-reached
	if err := ping(t.Context(), c); err != nil {
		t.Error(err)
	}
}

// TestARedisThatDoesNotAnswerIsNotWaitedFor any longer than StartPatience.
func TestARedisThatDoesNotAnswerIsNotWaitedFor(t *testing.T) {
	proxy := redistest.NewProxy(t, server.Addr())
	proxy.Stall()
	c, reached, err := open(t, proxy.URL(), anyServer)
	if err != nil {
		t.Fatal(err)
	}
	if err := ping(t.Context(), c); !errors.Is(err, errNoAnswer) {
		t.Errorf("asked before it answers: %v", err)
	}
	proxy.Heal()
	<-reached
	if err := ping(t.Context(), c); err != nil {
		t.Error(err)
	}
}

// TestARedisThatRefusesStopsTheStart: a password that is wrong, and a server that is not accepted.
func TestARedisThatRefusesStopsTheStart(t *testing.T) {
	locked := redistest.Start(t, "--requirepass", "secret")
	if _, _, err := open(t, locked.URL(), anyServer); err == nil || !Refused(err) || !errors.Is(err, queue.ErrUnavailable) {
		t.Errorf("without its password: %v", err)
	}
	unfit := errors.New("another queue")
	_, _, err := open(t, server.URL(), func(context.Context, rueidis.Client) error { return unfit })
	if !Refused(err) || !errors.Is(err, unfit) || !errors.Is(err, queue.ErrUnavailable) {
		t.Errorf("a server that is not accepted: %v", err)
	}
}

func TestAStartThatIsGivenUpEnds(t *testing.T) {
	proxy := redistest.NewProxy(t, server.Addr())
	proxy.Stall()
	life, end := context.WithCancel(context.Background())
	c := New(life, anyServer, func() { t.Error("it is reached") })
	starting, stop := context.WithCancel(t.Context())
	stop()
	if err := c.Open(starting, parse(t, proxy.URL())); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	end()
	c.Close()
	if err := ping(t.Context(), c); err == nil {
		t.Error("a connection that is closed answers")
	}
}
