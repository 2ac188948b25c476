package scrub

import (
	"context"
	"fmt"
	"log/slog"
)

// Handler hides secrets in what next writes: in the line's words, and in every text, error and value.
func (s *Scrubber) Handler(next slog.Handler) slog.Handler { return Handler(next, s.Text) }

// Handler has what next writes cleaned: the line's words, and every text, error and value.
func Handler(next slog.Handler, clean func(string) string) slog.Handler { return handler{next, clean} }

type handler struct {
	next  slog.Handler
	clean func(string) string
}

// Enabled implements slog.Handler.
func (h handler) Enabled(ctx context.Context, level slog.Level) bool {
	return h.next.Enabled(ctx, level)
}

// Handle implements slog.Handler.
func (h handler) Handle(ctx context.Context, r slog.Record) error {
	clean := slog.NewRecord(r.Time, r.Level, h.clean(r.Message), r.PC)
	r.Attrs(func(a slog.Attr) bool {
		clean.AddAttrs(h.attr(a))
		return true
	})
	return h.next.Handle(ctx, clean)
}

// WithAttrs implements slog.Handler.
func (h handler) WithAttrs(attrs []slog.Attr) slog.Handler {
	return handler{h.next.WithAttrs(h.all(attrs)), h.clean}
}

// WithGroup implements slog.Handler.
func (h handler) WithGroup(name string) slog.Handler { return handler{h.next.WithGroup(name), h.clean} }

func (h handler) all(attrs []slog.Attr) []slog.Attr {
	clean := make([]slog.Attr, len(attrs))
	for i, a := range attrs {
		clean[i] = h.attr(a)
	}
	return clean
}

func (h handler) attr(a slog.Attr) slog.Attr {
	v := a.Value.Resolve()
	switch v.Kind() {
	case slog.KindString:
		v = slog.StringValue(h.clean(v.String()))
	case slog.KindGroup:
		v = slog.GroupValue(h.all(v.Group())...)
	case slog.KindAny:
		v = h.value(v)
	}
	return slog.Attr{Key: a.Key, Value: v}
}

// value leaves a value as it is, unless its text has a secret.
func (h handler) value(v slog.Value) slog.Value {
	said := fmt.Sprint(v.Any())
	if clean := h.clean(said); clean != said {
		return slog.StringValue(clean)
	}
	return v
}
