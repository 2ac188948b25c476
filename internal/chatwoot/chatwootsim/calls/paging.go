package calls

import (
	"strconv"

	"tania/internal/tania"
)

// MessagesPage is how many messages a page has (MessageFinder).
const MessagesPage = 20

// PageOf is the page that is asked for, from 1.
func PageOf(q *Request) int {
	n, _ := strconv.Atoi(q.URL.Query().Get("page"))
	return max(n, 1)
}

// OnePage is one page of a list, the first being 1; empty behind the last.
func OnePage[T any](list []T, number, size int) []T {
	from := min((number-1)*size, len(list))
	return list[from:min(from+size, len(list))]
}

// IDIn is a message id in the query, 0 for none.
func IDIn(q *Request, name string) tania.MessageID {
	n, _ := strconv.ParseInt(q.URL.Query().Get(name), 10, 64)
	return tania.MessageID(n)
}
