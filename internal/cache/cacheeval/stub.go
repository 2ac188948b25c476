package cacheeval

import (
	"math/rand/v2"
	"strings"

	"tania/internal/tania"
)

// stub answers as a model would whose words vary: an opening, what the answer is about, a filler and a closing, in varying order. What
// it is about is the first utterance of the label in the file, never the label.
type stub struct {
	about map[key]string
	rnd   *rand.Rand
}

type key struct {
	language tania.Language
	label    string
}

func newStub(rows []Row, rnd *rand.Rand) *stub {
	s := &stub{about: map[key]string{}, rnd: rnd}
	for _, r := range rows {
		if k := (key{r.Language, r.Label}); s.about[k] == "" {
			s.about[k] = r.Text
		}
	}
	return s
}

type saying struct{ openings, about, fillers, closings []string }

var sayings = map[tania.Language]saying{
	tania.Spanish: {
		openings: []string{
			"¡Con gusto!", "Claro que sí.", "Gracias por escribirnos.", "Por supuesto.", "¡Qué buena pregunta!", "Encantado de ayudar.",
			"Te cuento.", "Aquí va la respuesta.",
			"¡Hola de nuevo!", "Perfecto.",
		},
		about: []string{"Esto es sobre «%s»."},
		fillers: []string{
			"Lo revisamos con cuidado.", "Nuestro equipo lo tiene previsto.", "Es una consulta habitual.",
			"Todo está en nuestra página.",
		},
		closings: []string{"¿Algo más?", "Quedo a la orden.", "Que tengas buen día.", "Escríbenos cuando quieras.", "¡Saludos!"},
	},
	tania.English: {
		openings: []string{
			"Happy to help!", "Sure.", "Thanks for writing.", "Of course.", "Good question!", "Glad you asked.", "Here is what we know.",
			"Here is the answer.", "Hello again!", "Great.",
		},
		about:    []string{"This is about %s."},
		fillers:  []string{"We looked at it with care.", "Our team has planned for it.", "Many people ask this.", "It is all on our page."},
		closings: []string{"Anything else?", "We are here for you.", "Have a nice day.", "Write to us any time.", "Best regards!"},
	},
	tania.Portuguese: {
		openings: []string{
			"Com prazer!", "Claro que sim.", "Obrigado por escrever.", "Com certeza.", "Boa pergunta!", "Que bom ajudar.", "Vou explicar.",
			"Aqui está a resposta.", "Olá de novo!",
			"Perfeito.",
		},
		about:    []string{"Isto é sobre «%s»."},
		fillers:  []string{"Verificamos com cuidado.", "Nossa equipe já previu isso.", "É uma dúvida comum.", "Está tudo em nossa página."},
		closings: []string{"Algo mais?", "Fico à disposição.", "Tenha um bom dia.", "Escreva quando quiser.", "Abraços!"},
	},
}

func (s *stub) answer(r Row) string {
	said, ok := sayings[r.Language]
	if !ok {
		said = sayings[tania.English]
	}
	pick := func(list []string) string { return list[s.rnd.IntN(len(list))] }
	middle := []string{strings.Replace(pick(said.about), "%s", s.about[key{r.Language, r.Label}], 1), pick(said.fillers)}
	s.rnd.Shuffle(len(middle), func(i, j int) { middle[i], middle[j] = middle[j], middle[i] })
	return strings.Join([]string{pick(said.openings), middle[0], middle[1], pick(said.closings)}, " ")
}
