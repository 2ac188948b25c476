package redistest

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/redis/rueidis"
)

// Do sends one command to a server, whatever it is part of, and gives the answer as text.
func (s *Server) Do(t testing.TB, command ...string) string {
	t.Helper()
	text, err := s.do(command...)
	if err != nil {
		t.Fatal(command[0], err)
	}
	return text
}

func (s *Server) do(command ...string) (string, error) {
	client, err := rueidis.NewClient(rueidis.ClientOption{InitAddress: []string{s.Addr()}, ForceSingleClient: true, DisableCache: true})
	if err != nil {
		return "", err
	}
	defer client.Close()
	answer, err := client.Do(context.Background(), client.B().Arbitrary(command...).Build()).ToMessage()
	if err != nil && !rueidis.IsRedisNil(err) {
		return "", err
	}
	if n, err := answer.AsInt64(); err == nil {
		return strconv.FormatInt(n, 10), nil
	}
	if list, err := answer.AsStrSlice(); err == nil {
		return strings.Join(list, " "), nil
	}
	text, _ := answer.ToString()
	return text, nil
}

const slots = 16384

// StartCluster starts a Cluster of masters.
func StartCluster(t testing.TB, masters int, args ...string) []*Server {
	t.Helper()
	var nodes []*Server
	for i := range masters {
		s := Start(t, append([]string{"--cluster-enabled", "yes", "--cluster-node-timeout", "2000"}, args...)...)
		add := []string{"CLUSTER", "ADDSLOTS"}
		for slot := i * slots / masters; slot < (i+1)*slots/masters; slot++ {
			add = append(add, strconv.Itoa(slot))
		}
		s.Do(t, add...)
		s.Do(t, "CLUSTER", "SET-CONFIG-EPOCH", strconv.Itoa(i+1))
		nodes = append(nodes, s)
	}
	for _, s := range nodes[1:] {
		nodes[0].Do(t, "CLUSTER", "MEET", "127.0.0.1", strconv.Itoa(s.Port))
	}
	eventually(t, "the cluster to form", func() bool { return Whole(nodes) })
	return nodes
}

// Whole reports whether each node of a Cluster knows all and takes commands.
func Whole(nodes []*Server) bool {
	known := "cluster_known_nodes:" + strconv.Itoa(len(nodes))
	for _, s := range nodes {
		info, err := s.do("CLUSTER", "INFO")
		if err != nil || !strings.Contains(info, "cluster_state:ok") || !strings.Contains(info, known) {
			return false
		}
	}
	return true
}

// Sentinelled is a master and its replica, watched by a Sentinel.
type Sentinelled struct{ Master, Replica, Sentinel *Server }

// StartSentinelled starts them.
func StartSentinelled(t testing.TB, args ...string) Sentinelled {
	t.Helper()
	s := Sentinelled{Master: Start(t, append([]string{"--repl-diskless-sync-delay", "0"}, args...)...)}
	s.Replica = Start(t, append([]string{"--replicaof", "127.0.0.1", strconv.Itoa(s.Master.Port)}, args...)...)
	// A replica that has not had its first copy would be promoted empty.
	eventually(t, "the replica to have its copy", func() bool {
		role, err := s.Replica.do("INFO", "replication")
		return err == nil && strings.Contains(role, "master_link_status:up")
	})
	config := filepath.Join(t.TempDir(), "sentinel.conf")
	if err := os.WriteFile(config, fmt.Appendf(nil,
		"sentinel monitor tania 127.0.0.1 %d 1\nsentinel down-after-milliseconds tania 300\nsentinel failover-timeout tania 2000\n",
		s.Master.Port), 0o600); err != nil {
		t.Fatal(err)
	}
	s.Sentinel = startSentinel(t, config)
	eventually(t, "the Sentinel to know the replica", func() bool {
		known, err := s.Sentinel.do("INFO", "sentinel")
		return err == nil && strings.Contains(known, "slaves=1")
	})
	return s
}

// URL names the Sentinel and its master.
func (s Sentinelled) URL() string { return s.Sentinel.URL() + "?master_set=tania" }

// Promoted reports whether the replica is the master now. While it becomes so it closes connections.
func (s Sentinelled) Promoted() bool {
	role, err := s.Replica.do("INFO", "replication")
	return err == nil && strings.Contains(role, "role:master")
}

// Replicated reports whether the replica has all that the master had when it was asked, just before.
func (s Sentinelled) Replicated(t testing.TB) bool {
	t.Helper()
	sent := s.Master.ReplicationOffset(t, "master_repl_offset")
	return s.Replica.ReplicationOffset(t, "slave_repl_offset") >= sent
}

// eventually polls servers, which give no signal, until the condition holds.
func eventually(t testing.TB, what string, condition func() bool) {
	t.Helper()
	ctx, done := context.WithTimeout(context.Background(), 30*time.Second)
	defer done()
	for !condition() {
		select {
		case <-ctx.Done():
			t.Fatal("waited in vain for ", what)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// ReplicationOffset is how far a server's replication is, by a field of INFO: master_repl_offset or slave_repl_offset.
func (s *Server) ReplicationOffset(t testing.TB, field string) int {
	t.Helper()
	n, err := strconv.Atoi(s.Info(t, field))
	if err != nil {
		t.Fatal(err)
	}
	return n
}
