// Package tania holds the words of the project: messages, conversations, turns, decisions and replies.
// It imports the standard library only, and every other package may import it.
package tania

import (
	"fmt"
	"strconv"
	"strings"
)

// Ids as Chatwoot gives them: positive integers up to 2^53.
type (
	// AccountID is a Chatwoot account's.
	AccountID int64
	// ConversationID is the display id, which REST paths and webhooks use, not the database id.
	ConversationID int64
	// MessageID is a message's, unique in the installation.
	MessageID int64
	// InboxID is an inbox's.
	InboxID int64
	// ContactID is a customer's.
	ContactID int64
	// UserID is an agent's or another user's.
	UserID int64
	// TeamID is a team's.
	TeamID int64
)

// TurnID names one turn, the same in every attempt at it; replies carry it in content_attributes.
type TurnID string

// ConversationKey names a conversation in an installation.
type ConversationKey struct {
	Account      AccountID      `json:"account"`
	Conversation ConversationID `json:"conversation"`
}

// String gives "{account}:{display_id}".
func (k ConversationKey) String() string {
	return strconv.FormatInt(int64(k.Account), 10) + ":" + strconv.FormatInt(int64(k.Conversation), 10)
}

// ParseConversationKey reads what String wrote.
func ParseConversationKey(s string) (ConversationKey, error) {
	account, conversation, ok := strings.Cut(s, ":")
	if ok {
		a, errA := strconv.ParseInt(account, 10, 64)
		c, errC := strconv.ParseInt(conversation, 10, 64)
		if errA == nil && errC == nil && a > 0 && c > 0 {
			return ConversationKey{AccountID(a), ConversationID(c)}, nil
		}
	}
	return ConversationKey{}, fmt.Errorf("conversation key %q: want {account}:{display_id}", s)
}
