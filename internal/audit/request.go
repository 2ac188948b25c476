package audit

import (
	"context"
	"log/slog"
	"net"
	"net/http"
	"strings"
)

// ofRoutes are the actions of the routes that change something, of the pages and of the operators' routes.
var ofRoutes = map[string]Action{
	"POST /pause": Pause, "POST /resume": Resume, "POST /dead": ChangeDead, "POST /cache/invalidate": InvalidateCache,
	"POST /cache/clear": ClearCache, "POST /bot/try": TryBot, "POST /questions/{account}/{id}/{message}": TryBot,
	"POST /teach/new": TryBot, "POST /teach/{bot}/{id}": TryBot,
	"POST /bot/versions/{number}": RollBackBot, "POST /users": ChangeUser, "POST /pauses": PauseBot,
	"POST /password": OwnPassword, "POST /sign-in": SignIn, "GET /sign-in/oidc/callback": SignIn, "POST /sign-out": SignOut,

	"POST /parked": ApproveCall, "POST /admin/approvals": ApproveCall,

	"POST /admin/bot/taught": PublishBot, "DELETE /admin/bot/taught/{bot}/{id}": PublishBot,
	"POST /admin/bot/pause": PauseBot, "POST /admin/bot/resume": ResumeBot,
	"POST /chatwoot/queue/pause": Pause, "POST /chatwoot/queue/resume": Resume, "POST /chatwoot/cache/clear": ClearCache,
	"POST /admin/cache/invalidate": InvalidateCache, "POST /admin/cache/warm": WarmCache, "POST /admin/bot/reload": ReloadBot,
	"POST /admin/bot/versions/{number}/rollback": RollBackBot, "POST /admin/dead/{id}/retry": RetryDead,
	"POST /admin/dead/retry-all": RetryDead, "DELETE /admin/dead/{id}": DiscardDead, "POST /admin/forget": Forget,
	"POST /admin/audit": Learn, "POST /admin/users": AddUser, "POST /admin/users/{name}": ChangeUser, "DELETE /admin/users/{name}": RemoveUser,
}

// ActionOf is the action of a route, "" for one that has none.
func ActionOf(pattern string) Action { return ofRoutes[pattern] }

type noteKey struct{}

// note is the entry that a request makes.
type note struct {
	Entry
	seldom bool
}

// Describe says of the action that a request is about what its route does not: the action, unless it is "", and on what.
func Describe(ctx context.Context, action Action, on string) {
	if e, ok := ctx.Value(noteKey{}).(*note); ok {
		if action != "" {
			e.Action = action
		}
		e.On = on
	}
}

// Skip keeps a request out of the log: nothing was done, and whoever likes may ask.
func Skip(ctx context.Context) {
	if e, ok := ctx.Value(noteKey{}).(*note); ok {
		e.Action = ""
	}
}

// Refuse notes that a request was refused, where its answer's status does not say so.
func Refuse(ctx context.Context) {
	if e, ok := ctx.Value(noteKey{}).(*note); ok {
		e.Outcome = Refused
	}
}

// By notes who did it, where that is known only when it is done.
func By(ctx context.Context, as As, name string) {
	if e, ok := ctx.Value(noteKey{}).(*note); ok {
		e.As, e.By = as, name
	}
}

// Request makes an entry of each request to a route that has an action, when it has been answered. who tells who asks. A nil Log, and a
// route without an action, change nothing. What the store does not take is in the process's log.
func (l *Log) Request(
	pattern string, who func(*http.Request) (As, string), log *slog.Logger, next http.HandlerFunc,
) http.HandlerFunc {
	action := ActionOf(pattern)
	if l == nil || action == "" {
		return next
	}
	return func(w http.ResponseWriter, r *http.Request) {
		e := &note{Entry: Entry{Action: action, From: Address(r), On: r.PathValue("id") + r.PathValue("number") + r.PathValue("name")}}
		e.As, e.By = who(r)
		watched := &watched{ResponseWriter: w}
		next(watched, r.WithContext(context.WithValue(r.Context(), noteKey{}, e)))
		switch {
		case e.Action == "":
			return
		case watched.status >= http.StatusInternalServerError:
			e.Outcome = Failed
		case watched.status >= http.StatusBadRequest:
			e.Outcome = Refused
		case e.Outcome == "":
			e.Outcome = Done
		}
		if e.seldom {
			l.NoteSeldom(r.Context(), log, e.Entry)
			return
		}
		l.Note(r.Context(), log, e.Entry)
	}
}

// Note adds an entry, or, where the store does not take it, writes it to the process's log.
func (l *Log) Note(ctx context.Context, log *slog.Logger, e Entry) {
	if err := l.Add(ctx, e); err != nil {
		log.Error("an action is not in the audit log", "action", e.Action, "as", e.As, "by", l.clean(e.By), "from", l.clean(e.From),
			"on", l.clean(e.On), "outcome", e.Outcome, "error", err)
	}
}

// Address is that of a request's connection, without the port.
func Address(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return strings.TrimPrefix(host, "::ffff:")
}

// watched remembers the status of an answer.
type watched struct {
	http.ResponseWriter
	status int
}

// WriteHeader implements http.ResponseWriter.
func (w *watched) WriteHeader(status int) {
	if w.status == 0 {
		w.status = status
	}
	w.ResponseWriter.WriteHeader(status)
}

// Unwrap is for http.ResponseController.
func (w *watched) Unwrap() http.ResponseWriter { return w.ResponseWriter }
