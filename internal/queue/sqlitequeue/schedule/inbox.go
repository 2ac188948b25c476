package schedule

import (
	"bytes"
	"strconv"

	"tania/internal/tania"
)

// InboxMark is what stands before the inbox in a message's stored body. What a customer wrote has no quote before a colon that is not
// escaped.
var InboxMark = []byte(`"inbox":`)

// InboxIn is the inbox of a message whose body reads so from the mark on; 0 where it has none.
func InboxIn(body []byte) tania.InboxID {
	number, ok := bytes.CutPrefix(body, InboxMark)
	end := bytes.IndexFunc(number, func(r rune) bool { return r < '0' || r > '9' })
	if !ok || end < 0 {
		return 0
	}
	inbox, _ := strconv.ParseInt(string(number[:end]), 10, 64)
	return tania.InboxID(inbox)
}
