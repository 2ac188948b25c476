package redisqueue

import (
	"embed"
	"fmt"
	"sync"

	"github.com/redis/rueidis"
)

//go:embed lua/*.lua
var sources embed.FS

// transition gives a script, which is read and hashed when it is first run: most processes have no Redis.
type transition = func() *rueidis.Lua

// script is a transition behind what it needs of lib.lua.
func script(name string) transition {
	return sync.OnceValue(func() *rueidis.Lua { return load(name) })
}

func load(name string) *rueidis.Lua {
	body := read(name)
	return rueidis.NewLuaScript(needs(body) + body)
}

func read(name string) string {
	text, err := sources.ReadFile("lua/" + name + ".lua")
	if err != nil {
		panic(fmt.Sprintf("redisqueue: %v", err))
	}
	return string(text)
}

// The transitions, one file each.
var (
	pushScript         = script("push")
	amendScript        = script("amend")
	claimScript        = script("claim")
	extendScript       = script("extend")
	absorbScript       = script("absorb")
	checkpointScript   = script("checkpoint")
	intendScript       = script("intend")
	settleScript       = script("settle")
	callsScript        = script("calls")
	completeScript     = script("complete")
	parkScript         = script("park")
	unparkScript       = script("unpark")
	parkedScript       = script("parked")
	giveBackScript     = script("giveback")
	buryScript         = script("bury")
	deadScript         = script("dead")
	retryDeadScript    = script("retrydead")
	discardDeadScript  = script("discarddead")
	pauseScript        = script("pause")
	statsScript        = script("stats")
	conversationScript = script("conversation")
	contactScript      = script("contact")
	recordsScript      = script("records")
	purgeScript        = script("purge")
	checkScript        = script("check")
	repairScript       = script("repair")
	forgetScript       = script("forget")
	holdNoteScript     = script("holdnote")
	writeNoteScript    = script("writenote")
	reportScript       = script("report")
	publishBotScript   = script("publishbot")
	botScript          = script("bot")
)
