// Package otlp sends spans to a receiver of OTLP over HTTP, as protobuf. The library's exporter brings gRPC and a gateway along, 1.1 MB of
// which nothing runs here; what a span needs of the protocol is this.
package otlp

import (
	"math"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/sdk/instrumentation"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"google.golang.org/protobuf/encoding/protowire"
)

// message is one of protobuf, in its wire format. A field that has its default is left out, as in proto3.
type message []byte

func (m *message) varint(field protowire.Number, v uint64) {
	if v != 0 {
		*m = protowire.AppendVarint(protowire.AppendTag(*m, field, protowire.VarintType), v)
	}
}

// count is the varint of a number that is never negative.
func (m *message) count(field protowire.Number, n int) {
	m.varint(field, uint64(min(max(n, 0), math.MaxUint32))) //nolint:gosec // bounded in this line
}

func (m *message) fixed64(field protowire.Number, v uint64) {
	if v != 0 {
		*m = protowire.AppendFixed64(protowire.AppendTag(*m, field, protowire.Fixed64Type), v)
	}
}

func (m *message) at(field protowire.Number, t time.Time) {
	m.fixed64(field, uint64(max(0, t.UnixNano()))) //nolint:gosec // not negative
}

func (m *message) fixed32(field protowire.Number, v uint32) {
	*m = protowire.AppendFixed32(protowire.AppendTag(*m, field, protowire.Fixed32Type), v)
}

func (m *message) text(field protowire.Number, s string) {
	if s != "" {
		*m = protowire.AppendString(protowire.AppendTag(*m, field, protowire.BytesType), s)
	}
}

// bytes writes them even where there are none: a message that is there and empty is not one that is missing.
func (m *message) bytes(field protowire.Number, b []byte) {
	*m = protowire.AppendBytes(protowire.AppendTag(*m, field, protowire.BytesType), b)
}

// What follows are the messages of opentelemetry/proto, version 1, by the numbers of their fields: collector/trace/v1/trace_service.proto,
// trace/v1/trace.proto, resource/v1/resource.proto and common/v1/common.proto. Released numbers never change.

// encode is an ExportTraceServiceRequest. All spans of a program are of one resource.
func encode(spans []sdktrace.ReadOnlySpan) []byte {
	var request, of message
	about := spans[0].Resource()
	var resource message
	for _, kv := range about.Attributes() {
		resource.bytes(1, keyValue(kv))
	}
	of.bytes(1, resource)
	scopes, order := map[instrumentation.Scope]message{}, []instrumentation.Scope{}
	for _, s := range spans {
		scope := s.InstrumentationScope()
		m, known := scopes[scope]
		if !known {
			order = append(order, scope)
			m.bytes(1, scopeOf(scope))
			m.text(3, scope.SchemaURL)
		}
		m.bytes(2, span(s))
		scopes[scope] = m
	}
	for _, scope := range order {
		of.bytes(2, scopes[scope])
	}
	of.text(3, about.SchemaURL())
	request.bytes(1, of)
	return request
}

func scopeOf(s instrumentation.Scope) (m message) {
	m.text(1, s.Name)
	m.text(2, s.Version)
	m.attributes(3, s.Attributes.ToSlice())
	return m
}

func span(s sdktrace.ReadOnlySpan) (m message) {
	own, parent := s.SpanContext(), s.Parent()
	id, trace := own.SpanID(), own.TraceID()
	m.bytes(1, trace[:])
	m.bytes(2, id[:])
	m.text(3, own.TraceState().String())
	if above := parent.SpanID(); above.IsValid() {
		m.bytes(4, above[:])
	}
	m.text(5, s.Name())
	m.varint(6, kind(s))
	m.at(7, s.StartTime())
	m.at(8, s.EndTime())
	m.attributes(9, s.Attributes())
	m.count(10, s.DroppedAttributes())
	for _, e := range s.Events() {
		m.bytes(11, event(e))
	}
	m.count(12, s.DroppedEvents())
	for _, l := range s.Links() {
		m.bytes(13, link(l))
	}
	m.count(14, s.DroppedLinks())
	m.bytes(15, status(s.Status()))
	m.fixed32(16, flags(own.TraceFlags(), parent))
	return m
}

// kind is the SDK's, whose numbers are the protocol's: internal 1, server 2, client 3, producer 4, consumer 5.
func kind(s sdktrace.ReadOnlySpan) uint64 {
	k := s.SpanKind()
	if k < trace.SpanKindInternal || k > trace.SpanKindConsumer {
		return 0
	}
	return uint64(k) //nolint:gosec // 1 to 5
}

// flags are the W3C's in the low eight bits; bit 8 says that bit 9, whether the other span is in another process, is known.
func flags(of trace.TraceFlags, other trace.SpanContext) uint32 {
	f := uint32(of) | 1<<8
	if other.IsRemote() {
		f |= 1 << 9
	}
	return f
}

func event(e sdktrace.Event) (m message) {
	m.at(1, e.Time)
	m.text(2, e.Name)
	m.attributes(3, e.Attributes)
	m.count(4, e.DroppedAttributeCount)
	return m
}

func link(l sdktrace.Link) (m message) {
	id, trace := l.SpanContext.SpanID(), l.SpanContext.TraceID()
	m.bytes(1, trace[:])
	m.bytes(2, id[:])
	m.attributes(4, l.Attributes)
	m.count(5, l.DroppedAttributeCount)
	m.fixed32(6, flags(l.SpanContext.TraceFlags(), l.SpanContext))
	return m
}

// status is 1 for ok and 2 for an error; the SDK numbers them the other way round.
func status(s sdktrace.Status) (m message) {
	m.text(2, s.Description)
	switch s.Code {
	case codes.Ok:
		m.varint(3, 1)
	case codes.Error:
		m.varint(3, 2)
	case codes.Unset:
	}
	return m
}

func (m *message) attributes(field protowire.Number, list []attribute.KeyValue) {
	for _, kv := range list {
		m.bytes(field, keyValue(kv))
	}
}

func keyValue(kv attribute.KeyValue) (m message) {
	m.text(1, string(kv.Key))
	m.bytes(2, anyValue(kv.Value))
	return m
}

// anyValue has one field, written even where it is a default. A list of other things than texts is written as its text.
func anyValue(v attribute.Value) (m message) {
	switch v.Type() {
	case attribute.BOOL:
		return protowire.AppendVarint(protowire.AppendTag(m, 2, protowire.VarintType), protowire.EncodeBool(v.AsBool()))
	case attribute.INT64:
		return protowire.AppendVarint(protowire.AppendTag(m, 3, protowire.VarintType), uint64(v.AsInt64())) //nolint:gosec // two's complement
	case attribute.FLOAT64:
		return protowire.AppendFixed64(protowire.AppendTag(m, 4, protowire.Fixed64Type), math.Float64bits(v.AsFloat64()))
	case attribute.STRINGSLICE:
		var list message
		for _, s := range v.AsStringSlice() {
			list.bytes(1, anyValue(attribute.StringValue(s)))
		}
		m.bytes(5, list)
	default:
		m.bytes(1, []byte(v.String()))
	}
	return m
}
