package bot

import (
	"fmt"

	"tania/internal/setting"
)

// Bounds of a reply's messages where it comes as short ones.
const (
	defaultBubbles = 4
	mostBubbles    = 8
)

// bubblesFile is how many messages a reply may come as: true or false, or a number.
type bubblesFile int

// UnmarshalYAML takes both forms.
func (n *bubblesFile) UnmarshalYAML(decode func(any) error) error {
	var on bool
	if decode(&on) == nil {
		*n = 0
		if on {
			*n = defaultBubbles
		}
		return nil
	}
	return decode((*int)(n))
}

// bubbles takes as how many messages a reply may come.
func (s *botSource) bubbles(b *Bot) setting.Problems {
	b.Bubbles = int(s.file.Bubbles)
	if b.Bubbles != 0 && (b.Bubbles < 2 || b.Bubbles > mostBubbles) {
		return setting.Problems{s.problem("$.bubbles", fmt.Sprintf("is %d", b.Bubbles),
			fmt.Sprintf("write true, false, or 2 to %d: so many messages at most", mostBubbles))}
	}
	return nil
}
