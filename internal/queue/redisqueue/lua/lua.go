// Package lua has the scripts of the Redis engine: a transition in each file, and in lib.lua what they share.
package lua

import (
	"embed"
	"fmt"
	"sync"

	"github.com/redis/rueidis"
)

//go:embed *.lua
var sources embed.FS

// Transition gives the script that makes it.
type Transition = func() *rueidis.Lua

// The transitions, one file each, which say what they do, take and answer.
var (
	Push         = script("push")
	Amend        = script("amend")
	Claim        = script("claim")
	Extend       = script("extend")
	Absorb       = script("absorb")
	Checkpoint   = script("checkpoint")
	Intend       = script("intend")
	Settle       = script("settle")
	Calls        = script("calls")
	Complete     = script("complete")
	Park         = script("park")
	Unpark       = script("unpark")
	Parked       = script("parked")
	GiveBack     = script("giveback")
	Bury         = script("bury")
	Dead         = script("dead")
	RetryDead    = script("retrydead")
	DiscardDead  = script("discarddead")
	Pause        = script("pause")
	Stats        = script("stats")
	Conversation = script("conversation")
	Contact      = script("contact")
	Records      = script("records")
	Purge        = script("purge")
	Check        = script("check")
	Repair       = script("repair")
	Forget       = script("forget")
	HoldNote     = script("holdnote")
	WriteNote    = script("writenote")
	Report       = script("report")
	PublishBot   = script("publishbot")
	Bot          = script("bot")
)

// script gives a transition, by the name of its file without the ending, behind what it needs of lib.lua. It is read and hashed when it is
// first run: most processes have no Redis. It panics where there is no such file.
func script(name string) Transition {
	return sync.OnceValue(func() *rueidis.Lua {
		body := read(name)
		return rueidis.NewLuaScript(needs(body) + body)
	})
}

func read(name string) string {
	text, err := sources.ReadFile(name + ".lua")
	if err != nil {
		panic(fmt.Sprintf("lua: %v", err))
	}
	return string(text)
}
