package dispatcher

import "strings"

// shorthand writes out what people shorten while typing, so that the rules see the words.
var shorthand = words(map[string]string{
	// English without its apostrophes.
	"im": "i am", "ive": "i have", "dont": "do not", "doesnt": "does not", "didnt": "did not", "cant": "can not",
	"cannot": "can not", "couldnt": "could not", "wont": "will not", "wouldnt": "would not", "isnt": "is not",
	"arent": "are not", "wasnt": "was not", "havent": "have not", "hasnt": "has not", "shouldnt": "should not",
	"thats": "that is", "whats": "what is", "hows": "how is", "theres": "there is", "youre": "you are", "youve": "you have", "theyre": "they are",
	"can't": "can not", "won't": "will not", "let's": "let us", "y'all": "you all", "d'água": "de agua",
	"wanna": "want to", "gonna": "going to", "gotta": "have to", "gimme": "give me", "lemme": "let me", "tryna": "trying to",
	"u": "you", "ur": "your", "w": "with", "cuz": "because", "some1": "someone", "som1": "someone", "sum1": "someone", "any1": "anyone", "sb": "somebody",
	"r": "are", "mornin": "morning", "gd": "good", "gm": "good morning", "gn": "good night", "2day": "today", "thankyou": "thank you", "goodbye": "good bye", "goodnight": "good night", "goodmorning": "good morning",
	// Spanish.
	"q": "que", "k": "que", "ke": "que", "qe": "que", "xq": "porque", "pq": "porque", "porfavor": "por favor", "porfis": "por favor",
	"porfa": "por favor", "porfas": "por favor", "xfa": "por favor", "xfavor": "por favor", "pf": "por favor", "plis": "por favor", "plox": "por favor",
	"pa": "para", "cn": "con", "kiero": "quiero", "qiero": "quiero", "kero": "quiero",
	"ablar": "hablar", "nesecito": "necesito", "nececito": "necesito", "necesto": "necesito", "nesesito": "necesito", "nesito": "necesito", "quisera": "quisiera", "aver": "a ver", "buenosdias": "buenos dias", "buenastardes": "buenas tardes",
	"bns": "buenos", "bnas": "buenas", "wenas": "buenas", "bn": "bien", "tmb": "tambien", "d": "de", "msj": "mensaje", "uds": "ustedes", "ud": "usted", "ntp": "no te preocupes",
	// Portuguese.
	"vc": "voce", "vcs": "voces", "vce": "voce", "tbm": "tambem", "pra": "para", "pros": "para os", "pras": "para as",
	"num": "em um", "numa": "em uma", "dum": "de um", "duma": "de uma", "n": "nao", "ñ": "nao", "naum": "nao", "nn": "nao",
	"ta": "esta", "pfv": "por favor", "pfvr": "por favor", "ctg": "contigo", "cmg": "comigo",
	"qdo": "quando", "qto": "quanto", "qnto": "quanto", "mt": "muito", "mto": "muito", "td": "tudo", "tdb": "tudo bem", "eae": "e ai", "msm": "mesmo", "hj": "hoje", "blz": "beleza", "dnv": "de novo",
	// English, polite.
	"pls": "please", "plz": "please", "plss": "please", "pleas": "please", "plese": "please", "pleease": "please",
})

func words(m map[string]string) map[string][]string {
	split := make(map[string][]string, len(m))
	for short, long := range m {
		split[short] = strings.Fields(long)
	}
	return split
}

var endings = [...]struct{ short, long string }{
	{"n't", "not"}, {"'m", "am"}, {"'re", "are"}, {"'ve", "have"}, {"'ll", "will"}, {"'d", "would"}, {"'s", "is"},
}

// expand writes out a contraction.
func expand(word string) []string {
	if full, ok := shorthand[word]; ok {
		return full
	}
	if !strings.Contains(word, "'") {
		return []string{word}
	}
	for _, e := range endings {
		if head, ok := strings.CutSuffix(word, e.short); ok && head != "" {
			return []string{strings.ReplaceAll(head, "'", ""), e.long}
		}
	}
	return []string{strings.ReplaceAll(word, "'", "")}
}
