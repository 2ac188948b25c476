package web

import (
	"context"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"tania/internal/audit"
	"tania/internal/operator"
	"tania/internal/pulse"
	"tania/internal/questions"
	"tania/internal/queue"
	"tania/internal/tania"
)

// stats shows the four groups of the specification: queue, cache, worker, llm; what was not delivered; and bots, where there are several.
// While the store is away it shows what is known without.
func (s *Server) stats(w http.ResponseWriter, r *http.Request) {
	ctx, done := context.WithTimeout(r.Context(), storePatience)
	defer done()
	var llm any
	var counters map[string]int64
	counts, err := s.Engine.Stats(ctx)
	if err == nil {
		llm, err = s.LLMStats(ctx)
	}
	if err == nil {
		counters, err = s.Engine.Counters(ctx)
	}
	if err != nil && s.Intake.Spools() && r.Context().Err() == nil {
		counts, err = queue.Stats{Engine: counts.Engine}, nil
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	counts.Kept = s.Intake.Spooled()
	all := map[string]any{"queue": counts, "worker": s.WorkerStats(), "llm": llm, "cache": s.cacheStats(ctx), "away": s.away()}
	all["undelivered"] = tania.UndeliveredCounts(counters)
	if bots := pulse.Bots(counters, time.Now()); len(bots) > 0 {
		all["bots"] = bots
	}
	reply(w, http.StatusOK, all)
}

func (s *Server) pause(w http.ResponseWriter, r *http.Request)  { s.setPaused(w, r, true) }
func (s *Server) resume(w http.ResponseWriter, r *http.Request) { s.setPaused(w, r, false) }

func (s *Server) setPaused(w http.ResponseWriter, r *http.Request, paused bool) {
	set := s.Engine.Resume
	if paused {
		set = s.Engine.Pause
	}
	changed, err := set(r.Context(), by(r))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.Log.Info("queue pause set", "paused", paused, "changed", changed, "by", by(r))
	reply(w, http.StatusOK, map[string]any{"ok": true, "paused": paused, "changed": changed})
}

func (s *Server) listDead(w http.ResponseWriter, r *http.Request) {
	limit, ok := limitOf(w, r, 1)
	if !ok {
		return
	}
	dead, err := s.Engine.Dead(r.Context(), limit)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if dead == nil {
		dead = []queue.DeadTurn{}
	}
	for i := range dead {
		dead[i] = s.Mask.Dead(dead[i])
	}
	reply(w, http.StatusOK, map[string]any{"dead": dead})
}

// limitOf reads how many are asked for, 100 by default and at least so many, where 0 is all; it reports false when it has answered that
// this is no such number.
func limitOf(w http.ResponseWriter, r *http.Request, least int) (limit int, ok bool) {
	asked := r.URL.Query().Get("limit")
	if asked == "" {
		return 100, true
	}
	n, err := strconv.Atoi(asked)
	if err != nil || n < least {
		reply(w, http.StatusBadRequest, failure{Error: fmt.Sprintf("limit: want a number from %d", least)})
		return 0, false
	}
	return n, true
}

// recentRecords shows the newest decisions, of whatever conversation.
func (s *Server) recentRecords(w http.ResponseWriter, r *http.Request) {
	limit, ok := limitOf(w, r, 1)
	if !ok {
		return
	}
	records, err := s.Engine.RecentRecords(r.Context(), min(limit, 1000))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if records == nil {
		records = []tania.Record{}
	}
	reply(w, http.StatusOK, map[string]any{"records": s.Mask.Records(records)})
}

// questions shows what customers wanted and the bot missed.
func (s *Server) questions(w http.ResponseWriter, r *http.Request) {
	f, err := questions.FilterOf(r.URL.Query())
	if err != nil {
		reply(w, http.StatusBadRequest, failure{Error: err.Error()})
		return
	}
	asked, err := operator.LocalQuestions(s.Engine, s.Mask).Questions(r.Context(), f)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if asked.Groups == nil {
		asked.Groups = []questions.Group{}
	}
	reply(w, http.StatusOK, asked)
}

func (s *Server) showDead(w http.ResponseWriter, r *http.Request) {
	dead, err := s.Engine.DeadTurn(r.Context(), turnID(r))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	reply(w, http.StatusOK, s.Mask.Dead(dead))
}

func (s *Server) retryDead(w http.ResponseWriter, r *http.Request) {
	if err := s.Engine.RetryDead(r.Context(), turnID(r)); err != nil {
		s.fail(w, r, err)
		return
	}
	s.Log.Info("dead letter retried", "turn", turnID(r), "by", by(r))
	reply(w, http.StatusOK, map[string]any{"ok": true, "retried": 1})
}

// retryAllDead answers at once: 202 while there is something to retry. GET of the same path says how far it is.
func (s *Server) retryAllDead(w http.ResponseWriter, r *http.Request) {
	p, err := s.Retries.Start(r.Context(), by(r))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	audit.Describe(r.Context(), audit.RetryDead, "all")
	s.Log.Info("retry of all dead letters requested", "running", p.Running, "of", p.Of, "by", by(r))
	status := http.StatusOK
	if p.Running {
		status = http.StatusAccepted
	}
	s.showRetry(w, status, p)
}

func (s *Server) retryProgress(w http.ResponseWriter, r *http.Request) {
	p, err := s.Retries.Progress(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.showRetry(w, http.StatusOK, p)
}

func (s *Server) showRetry(w http.ResponseWriter, status int, p operator.RetryAll) {
	reply(w, status, struct {
		OK bool `json:"ok"`
		operator.RetryAll
	}{true, p})
}

func (s *Server) discardDead(w http.ResponseWriter, r *http.Request) {
	if err := s.Engine.DiscardDead(r.Context(), turnID(r)); err != nil {
		s.fail(w, r, err)
		return
	}
	s.Log.Info("dead letter discarded", "turn", turnID(r), "by", by(r))
	reply(w, http.StatusOK, map[string]any{"ok": true, "discarded": 1})
}

func turnID(r *http.Request) tania.TurnID { return tania.TurnID(r.PathValue("id")) }

// conversation shows what is remembered of a conversation and why each of its messages was answered so, or not.
func (s *Server) conversation(w http.ResponseWriter, r *http.Request) {
	key, err := tania.ParseConversationKey(r.PathValue("account") + ":" + r.PathValue("id"))
	if err != nil {
		reply(w, http.StatusBadRequest, failure{Error: err.Error()})
		return
	}
	records, err := s.Engine.Records(r.Context(), key)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	conversation, err := s.Engine.Conversation(r.Context(), key)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if len(records) == 0 && conversation.Updated.IsZero() && len(conversation.History) == 0 {
		reply(w, http.StatusNotFound, failure{Error: "nothing is known of conversation " + key.String()})
		return
	}
	if records == nil {
		records = []tania.Record{}
	}
	reply(w, http.StatusOK, map[string]any{"conversation": s.Mask.Conversation(conversation), "records": s.Mask.Records(records)})
}
