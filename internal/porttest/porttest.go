// Package porttest picks ports for programs that tests start, which cannot be told to take any free one: their address must be known
// beforehand, and stay theirs while they are killed and started again.
package porttest

import (
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"slices"
	"strconv"
)

// lowest is the first port that is picked; below it are services.
const lowest = 10_000

// Port is a TCP port of the loopback that nobody else is given until it is free again: it is below those that the system hands out to
// clients and to servers without a port of their own, and processes that pick ports here see a mark on it.
type Port struct {
	Number int
	marks  []net.Listener
}

// Take reserves a port, together with those that are so far above it.
func Take(above ...int) (*Port, error) {
	first, err := firstEphemeral()
	if err != nil {
		return nil, err
	}
	choice := first - slices.Max(append(above, 0)) - lowest
	if choice <= 0 {
		return nil, fmt.Errorf("porttest: the system hands out ports from %d on, which leaves none", first)
	}
	start := rand.IntN(choice)
	for n := range choice {
		p := &Port{Number: lowest + (start+n)%choice}
		if p.reserve(append(above, 0)) {
			return p, nil
		}
	}
	return nil, fmt.Errorf("porttest: no port is free from %d to %d", lowest, lowest+choice)
}

// Address is the port on the loopback.
func (p *Port) Address() string { return address(p.Number) }

// Free lets others have the port.
func (p *Port) Free() {
	for _, m := range p.marks {
		_ = m.Close()
	}
}

// firstEphemeral is the first of the ports that the system hands out.
func firstEphemeral() (int, error) {
	text, err := os.ReadFile("/proc/sys/net/ipv4/ip_local_port_range")
	if err != nil {
		return 0, fmt.Errorf("porttest: %w", err)
	}
	var first int
	if _, err := fmt.Sscan(string(text), &first); err != nil {
		return 0, fmt.Errorf("porttest: ip_local_port_range: %w", err)
	}
	return first, nil
}

// reserve reports whether the port and those above it were free, and marks them.
func (p *Port) reserve(above []int) bool {
	for _, a := range above {
		taken, err := mark(p.Number + a)
		if err == nil {
			p.marks = append(p.marks, taken)
			err = unused(p.Number + a)
		}
		if err != nil {
			p.Free()
			return false
		}
	}
	return true
}

// mark takes a name in Linux's abstract namespace, which the kernel gives to one process and frees when that ends. It is a listener, since
// Tania takes a program that holds other sockets for a proxy.
func mark(port int) (net.Listener, error) {
	return net.Listen("unix", "@tania-test-port-"+strconv.Itoa(port))
}

// unused returns an error when somebody listens on a port.
func unused(port int) error {
	l, err := net.Listen("tcp", address(port))
	if err != nil {
		return err
	}
	return l.Close()
}

func address(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }
