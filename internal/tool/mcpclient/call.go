package mcpclient

import (
	"context"
	"encoding/json"
	"errors"
	"strings"

	"github.com/modelcontextprotocol/go-sdk/jsonrpc"
	"github.com/modelcontextprotocol/go-sdk/mcp"

	"tania/internal/tool/call"
)

// Call implements call.Caller. A read is tried once more on a new connection; a write of which nobody knows is not.
func (s *Servers) Call(ctx context.Context, r call.Request) (call.Outcome, error) {
	o, err := s.try(ctx, r)
	f, failed := errors.AsType[*call.FailedError](err)
	if !failed || !f.Again || r.Tool.Risk.Writes() && f.Made {
		return o, err
	}
	return s.try(ctx, r)
}

func (s *Servers) try(ctx context.Context, r call.Request) (call.Outcome, error) {
	m := r.Tool.MCP
	v := s.use(m.At)
	if v == nil {
		return call.Outcome{}, &call.FailedError{Text: "Tania is stopping"}
	}
	v.await(ctx)
	if _, why := v.pinned(m.Tool); why != "" {
		return call.Outcome{}, &call.FailedError{Text: why}
	}
	session := v.current()
	if session == nil {
		return call.Outcome{}, &call.FailedError{Text: "its server is away", Again: true}
	}
	ctx, done := context.WithTimeout(ctx, m.Timeout)
	defer done()
	result, err := session.CallTool(ctx, &mcp.CallToolParams{Name: m.Tool, Arguments: r.Arguments})
	if err != nil {
		return call.Outcome{}, v.failure(ctx, err)
	}
	ok, expression := !result.IsError, m.Result
	if !ok {
		expression = ""
	}
	shown, err := call.Shown(valueOf(result), expression, m.MostBytes, s.hide)
	if err != nil {
		return call.Outcome{}, &call.FailedError{Text: err.Error(), Made: true}
	}
	if !ok {
		shown = map[string]any{"error": shown}
	}
	return call.Outcome{Result: shown, OK: ok}, nil
}

// failure is that of a call without a result. What the server refused as no call of a tool was not made; of all else nobody knows.
func (v *server) failure(ctx context.Context, err error) *call.FailedError {
	if wire, ok := errors.AsType[*jsonrpc.Error](err); ok {
		refused := wire.Code == jsonrpc.CodeInvalidParams || wire.Code == jsonrpc.CodeMethodNotFound || wire.Code == jsonrpc.CodeInvalidRequest
		return &call.FailedError{Text: "the server refused: " + v.hide.Text(wire.Message), Made: !refused}
	}
	if ctx.Err() != nil {
		return &call.FailedError{Text: "no answer: the time was over", Made: true}
	}
	return &call.FailedError{Text: "no answer: the connection to the server broke", Made: true, Again: true}
}

// valueOf is a result as JSON: what is structured, else its texts, read as JSON where they are.
func valueOf(r *mcp.CallToolResult) any {
	if r.StructuredContent != nil {
		return plain(r.StructuredContent)
	}
	var texts []string
	for _, c := range r.Content {
		switch c := c.(type) {
		case *mcp.TextContent:
			texts = append(texts, c.Text)
		case *mcp.EmbeddedResource:
			if c.Resource != nil && c.Resource.Text != "" {
				texts = append(texts, c.Resource.Text)
			}
		case *mcp.ResourceLink:
			texts = append(texts, c.URI)
		case *mcp.ImageContent:
			texts = append(texts, "(an image, which is not shown)")
		case *mcp.AudioContent:
			texts = append(texts, "(a sound, which is not played)")
		}
	}
	return call.Value([]byte(strings.Join(texts, "\n")))
}

// plain is a value as it reads from JSON.
func plain(v any) any {
	data, err := json.Marshal(v)
	if err != nil {
		return nil
	}
	return call.Value(data)
}

var _ call.Caller = (*Servers)(nil)
