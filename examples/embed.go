// Package examples holds a complete bot, a bakery's: the one that the demo runs, and a pattern to write one's own after.
package examples

import "embed"

// Bot is the name of the bot.yaml in FS.
const Bot = "bot.yaml"

// FS holds bot.yaml and the knowledge it names.
//
//go:embed bot.yaml knowledge/*.md
var FS embed.FS
