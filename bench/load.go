package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"tania/internal/chatwoot"
)

const secret = "bench-secret"

// webhook is a signed delivery of a greeting as it goes over the wire, in the shape and size of Chatwoot's own.
func webhook(conversation, message int) []byte { return delivery("hola", conversation, message) }

// questionWebhook asks what only the model can answer.
func questionWebhook(conversation, message int) []byte {
	return delivery("¿a qué hora abren los domingos en la sucursal del centro?", conversation, message)
}

// delivery is a webhook about a message that was written now: an old one is answered with an apology and a human.
func delivery(text string, conversation, message int) []byte {
	now := time.Now()
	body := strings.NewReplacer(
		"hola", text, "2026-06-17T09:00:01.000Z", now.UTC().Format("2006-01-02T15:04:05.000Z"), "1781686801", strconv.FormatInt(now.Unix(), 10),
	).Replace(fmt.Sprintf(payload, message, conversation, message, conversation, message))
	stamp, signature := chatwoot.Sign(secret, now, []byte(body))
	var b bytes.Buffer
	fmt.Fprintf(&b, "POST /chatwoot/webhook HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAccept: application/json\r\n"+
		"User-Agent: Ruby\r\n%s: %d\r\n%s: %s\r\n%s: %s\r\nContent-Length: %d\r\n\r\n",
		chatwoot.HeaderDelivery, message, chatwoot.HeaderTimestamp, stamp, chatwoot.HeaderSignature, signature, len(body))
	b.WriteString(body)
	return b.Bytes()
}

// connection sends prepared requests, one after the other.
type connection struct {
	net.Conn
	r *bufio.Reader
}

func dial(ctx context.Context, address string) (*connection, error) {
	c, err := new(net.Dialer).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	return &connection{c, bufio.NewReaderSize(c, 8<<10)}, nil
}

func (c *connection) send(request []byte) error {
	if _, err := c.Write(request); err != nil {
		return err
	}
	resp, err := http.ReadResponse(c.r, nil)
	if err != nil {
		return err
	}
	defer func() { _ = resp.Body.Close() }()
	if _, err := io.Copy(io.Discard, resp.Body); err != nil {
		return err
	}
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("answered %s", resp.Status)
	}
	return nil
}

// closedLoop sends the requests over so many connections, each as soon as it can, and gives the rate and the latencies.
func closedLoop(
	ctx context.Context, address string, connections int, requests [][]byte,
) (perSecond float64, latencies []time.Duration, err error) {
	var next atomic.Int64
	all := make([][]time.Duration, connections)
	errs := make([]error, connections)
	var wg sync.WaitGroup
	began := time.Now()
	for i := range connections {
		wg.Go(func() {
			c, err := dial(ctx, address)
			if err != nil {
				errs[i] = err
				return
			}
			defer func() { _ = c.Close() }()
			for {
				n := int(next.Add(1)) - 1
				if n >= len(requests) {
					return
				}
				sent := time.Now()
				if err := c.send(requests[n]); err != nil {
					errs[i] = err
					return
				}
				all[i] = append(all[i], time.Since(sent))
			}
		})
	}
	wg.Wait()
	return float64(len(requests)) / time.Since(began).Seconds(), slices.Concat(all...), errors.Join(errs...)
}

// openLoop sends so many requests a second whether or not the earlier ones were answered; latency counts from when a
// request was due.
func openLoop(ctx context.Context, address string, perSecond int, requests [][]byte) (latencies []time.Duration, err error) {
	const connections = 64
	due := make(chan int, len(requests))
	all := make([][]time.Duration, connections)
	errs := make([]error, connections)
	began := time.Now()
	at := func(n int) time.Time { return began.Add(time.Duration(n) * time.Second / time.Duration(perSecond)) }
	var wg sync.WaitGroup
	for i := range connections {
		wg.Go(func() {
			c, err := dial(ctx, address)
			if err != nil {
				errs[i] = err
				return
			}
			defer func() { _ = c.Close() }()
			for n := range due {
				if err := c.send(requests[n]); err != nil {
					errs[i] = err
					return
				}
				all[i] = append(all[i], time.Since(at(n)))
			}
		})
	}
	for n := range requests {
		time.Sleep(time.Until(at(n)))
		due <- n
	}
	close(due)
	wg.Wait()
	return slices.Concat(all...), errors.Join(errs...)
}

// percentile sorts the latencies and gives the one that so many are not above.
func percentile(latencies []time.Duration, p float64) time.Duration {
	if len(latencies) == 0 {
		return 0
	}
	slices.Sort(latencies)
	return latencies[min(int(p*float64(len(latencies))), len(latencies)-1)]
}
