package redisstore

import (
	"embed"
	"fmt"

	"github.com/redis/rueidis"
)

//go:embed lua/*.lua
var sources embed.FS

// script loads a change, behind what all of them share.
func script(name string) *rueidis.Lua {
	var text string
	for _, file := range []string{"lib", name} {
		part, err := sources.ReadFile("lua/" + file + ".lua")
		if err != nil {
			panic(fmt.Sprintf("redisstore: %v", err))
		}
		text += string(part)
	}
	return rueidis.NewLuaScript(text)
}

// The changes, one file each.
var (
	beginScript  = script("begin")
	putScript    = script("put")
	dropScript   = script("drop")
	clearScript  = script("clear")
	learnScript  = script("learn")
	touchScript  = script("touch")
	unleadScript = script("unlead")
)
