package web

import (
	"errors"
	"net/http"
	"strconv"

	"tania/internal/bot"
	"tania/internal/bots/sources"
	"tania/internal/bots/versions"
	"tania/internal/operator"
	"tania/internal/queue"
	"tania/internal/setting"
)

// withBots answers that there are no versions where none are kept.
func (s *Server) withBots(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if s.Bots == nil {
			reply(w, http.StatusNotFound, failure{Error: "this process keeps no versions of the bot"})
			return
		}
		next(w, r)
	}
}

func (s *Server) listBotVersions(w http.ResponseWriter, r *http.Request) {
	list, err := s.Bots.Versions(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if list == nil {
		list = []queue.BotVersion{}
	}
	reply(w, http.StatusOK, map[string]any{"versions": list})
}

func (s *Server) listBotSources(w http.ResponseWriter, r *http.Request) {
	list, err := s.Bots.Sources(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	if list == nil {
		list = []sources.Status{}
	}
	reply(w, http.StatusOK, map[string]any{"sources": list})
}

func (s *Server) showBotVersion(w http.ResponseWriter, r *http.Request) {
	number, ok := versionNumber(w, r)
	if !ok {
		return
	}
	v, err := s.Bots.Version(r.Context(), number)
	if err != nil {
		s.failBot(w, r, err)
		return
	}
	reply(w, http.StatusOK, v)
}

func (s *Server) rollBackBot(w http.ResponseWriter, r *http.Request) {
	number, ok := versionNumber(w, r)
	if !ok {
		return
	}
	var because operator.Reasons
	if r.ContentLength != 0 && !readJSON(w, r, &because) {
		return
	}
	who := onBehalf(r, because.By)
	v, err := s.Bots.RollBack(r.Context(), number, who, because.Why)
	if err != nil {
		s.failBot(w, r, err)
		return
	}
	s.Log.Info("went back to an earlier version of the bot", "of", number, "version", v.Number, "by", who, "why", because.Why)
	reply(w, http.StatusOK, v)
}

func (s *Server) reloadBot(w http.ResponseWriter, r *http.Request) {
	v, err := s.Bots.Reload(r.Context())
	if err != nil {
		s.failBot(w, r, err)
		return
	}
	reply(w, http.StatusOK, v)
}

// versionNumber reads the number in a path, 0 for the current version; it reports false when it has answered that this is none.
func versionNumber(w http.ResponseWriter, r *http.Request) (number int, ok bool) {
	n, err := strconv.Atoi(r.PathValue("number"))
	if err != nil || n < 0 {
		reply(w, http.StatusBadRequest, failure{Error: "want the number of a version, or 0 for the current one"})
		return 0, false
	}
	return n, true
}

// failBot answers with what is wrong with the bot's files, or with the request.
func (s *Server) failBot(w http.ResponseWriter, r *http.Request, err error) {
	_, problems := errors.AsType[setting.Problems](err)
	switch {
	case errors.Is(err, queue.ErrNotCurrent):
		reply(w, http.StatusConflict, failure{Error: "another version was published at the same time; look at it first"})
	case errors.Is(err, versions.ErrNoBot), errors.Is(err, bot.ErrNoLesson):
		reply(w, http.StatusNotFound, failure{Error: err.Error()})
	case errors.Is(err, operator.ErrNoVersion):
		reply(w, http.StatusBadRequest, failure{Error: err.Error()})
	case problems, errors.Is(err, operator.ErrUnseen), errors.Is(err, operator.ErrUnreadable), errors.Is(err, versions.ErrNoFile):
		reply(w, http.StatusUnprocessableEntity, failure{Error: err.Error()})
	default:
		s.fail(w, r, err)
	}
}
