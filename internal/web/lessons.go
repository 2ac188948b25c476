package web

import (
	"cmp"
	"net/http"
	"strconv"

	"tania/internal/audit"
	"tania/internal/bots/versions"
	"tania/internal/dashboard/session"
	"tania/internal/operator"
)

// listTaught shows what the bots were taught.
func (s *Server) listTaught(w http.ResponseWriter, r *http.Request) {
	taught, err := s.Bots.Taught(r.Context())
	if err != nil {
		s.failBot(w, r, err)
		return
	}
	if taught.Bots == nil {
		taught.Bots = []versions.Taught{}
	}
	reply(w, http.StatusOK, taught)
}

// teachBot publishes a version with a lesson more, or one changed.
func (s *Server) teachBot(w http.ResponseWriter, r *http.Request) {
	var wanted operator.Teaching
	if !readJSON(w, r, &wanted) {
		return
	}
	wanted.By = onBehalf(r, wanted.By)
	v, err := s.Bots.Teach(r.Context(), wanted)
	if err != nil {
		s.failBot(w, r, err)
		return
	}
	audit.Describe(r.Context(), "", strconv.Itoa(v.Number))
	s.Log.Info("a bot was taught an answer", "bot", wanted.Bot, "version", v.Number, "by", wanted.By)
	reply(w, http.StatusOK, v)
}

// unteachBot publishes a version without a lesson.
func (s *Server) unteachBot(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	wanted := operator.Teaching{Bot: r.PathValue("bot"), Reasons: operator.Reasons{By: onBehalf(r, q.Get("by")), Why: q.Get("why")}}
	wanted.ID = r.PathValue("id")
	if of := q.Get("of"); of != "" {
		n, err := strconv.Atoi(of)
		if err != nil || n < 1 {
			reply(w, http.StatusBadRequest, failure{Error: operator.ErrNoVersion.Error()})
			return
		}
		wanted.Of = n
	}
	v, err := s.Bots.Unteach(r.Context(), wanted)
	if err != nil {
		s.failBot(w, r, err)
		return
	}
	audit.Describe(r.Context(), "", strconv.Itoa(v.Number))
	s.Log.Info("what a bot was taught was taken back", "bot", wanted.Bot, "entry", wanted.ID, "version", v.Number, "by", wanted.By)
	reply(w, http.StatusOK, v)
}

// onBehalf is who acts: who asks, or, for one who has the admin token, whom they name.
func onBehalf(r *http.Request, named string) string {
	if session.OperatorOf(r.Context()).Name != "" {
		return by(r) // nobody acts in another's name
	}
	return cmp.Or(named, by(r))
}
