package procedure

// Declared is a procedure as bot.yaml writes it.
type Declared struct {
	// About says what it is for; the model knows it by that.
	About string `yaml:"about"`
	// Start are phrases: a message with all words of one begins the procedure.
	Start   []string       `yaml:"start"`
	Expires string         `yaml:"expires"`
	Tries   int            `yaml:"tries"`
	Steps   []DeclaredStep `yaml:"steps"`
}

// DeclaredStep is a step as bot.yaml writes it: one of slot, confirm, tool, again and end says what it does.
type DeclaredStep struct {
	Name string `yaml:"name"`
	When string `yaml:"when"`
	Next string `yaml:"next"`
	Text Words  `yaml:"text"`

	Slot    string           `yaml:"slot"`
	Type    string           `yaml:"type"`
	Label   Words            `yaml:"label"`
	Ask     Words            `yaml:"ask"`
	Invalid Words            `yaml:"invalid"`
	Pattern string           `yaml:"pattern"`
	Words   []string         `yaml:"words"`
	Min     string           `yaml:"min"`
	Max     string           `yaml:"max"`
	Options []DeclaredOption `yaml:"options"`
	Check   []DeclaredCheck  `yaml:"check"`

	Confirm Words `yaml:"confirm"`

	Tool      string         `yaml:"tool"`
	Arguments map[string]any `yaml:"arguments"`
	Failed    string         `yaml:"failed"`

	Again []string `yaml:"again"`

	End string `yaml:"end"`
}

// DeclaredOption is one of the things of a choice.
type DeclaredOption struct {
	ID    string   `yaml:"id"`
	Title Words    `yaml:"title"`
	Words []string `yaml:"words"`
}

// DeclaredCheck is a condition on what was said, and what the customer is told where it does not hold.
type DeclaredCheck struct {
	If  string `yaml:"if"`
	Say Words  `yaml:"say"`
}

// Words are a string for every language, or a mapping from languages to strings.
type Words map[string]string

// UnmarshalYAML takes both forms.
func (w *Words) UnmarshalYAML(decode func(any) error) error {
	var one string
	if decode(&one) == nil {
		*w = Words{"default": one}
		return nil
	}
	var several map[string]string
	err := decode(&several)
	*w = several
	return err
}
