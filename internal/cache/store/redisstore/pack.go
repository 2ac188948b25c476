package redisstore

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/redis/rueidis"

	"tania/internal/cache/store"
)

// pack writes an entry as a line of JSON without the vector and its use, and the vector's bytes behind it.
func pack(e store.Entry) (string, error) {
	line, err := json.Marshal(e.Content())
	if err != nil {
		return "", fmt.Errorf("redisstore: entry %s: %w", e.ID, err)
	}
	return string(line) + "\n" + string(e.Vector), nil
}

func unpack(packed string) (e store.Entry, err error) {
	line, vector, _ := strings.Cut(packed, "\n")
	if err := json.Unmarshal([]byte(line), &e); err != nil {
		return e, fmt.Errorf("entry: %w", err)
	}
	if vector != "" {
		e.Vector = []byte(vector)
	}
	return e, nil
}

// readEvent reads an event as the scripts write it.
func readEvent(fields []rueidis.XRangeFieldValue) (e store.Event, err error) {
	var name string
	for _, f := range fields {
		switch f.Field {
		case "kind":
			e.Kind = store.EventKind(f.Value)
		case "epoch":
			e.Epoch, err = strconv.ParseUint(f.Value, 10, 64)
		case "entry":
			var entry store.Entry
			entry, err = unpack(f.Value)
			e.Entries = append(e.Entries, entry)
		case "id":
			e.IDs = append(e.IDs, f.Value)
		case "scope":
			e.Scope, e.Delta = f.Value, map[string]int64{}
		case "name":
			name = f.Value
		case "by":
			e.Delta[name], err = strconv.ParseInt(f.Value, 10, 64)
		case "question":
			e.Question = f.Value
		}
		if err != nil {
			return e, fmt.Errorf("%s: %w", f.Field, err)
		}
	}
	return e, nil
}
