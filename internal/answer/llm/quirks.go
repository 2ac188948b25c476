package llm

import (
	"slices"

	"tania/internal/answer/llm/complaint"
	"tania/internal/lazyregexp"
)

// quirk is something that a server does not take, recognised by what its error means, in any words and order.
type quirk struct {
	// about names the part of the request that is changed.
	about string
	// all must be said, and none of the others.
	all, none []*lazyregexp.Regexp
	// change makes the request one that the server may take, and reports whether there was something left to change.
	change func(s *speech) bool
}

// What errors speak of, and how they say no, in the words of OpenAI, Azure, Mistral, Gemini, Groq, OpenRouter, Anthropic, DashScope, vLLM,
// llama.cpp, Ollama, LM Studio, TGI and LiteLLM; package modelservers has them with their sources.
var (
	refuses = lazyregexp.New(`\bnot\b|n't\b|\bno\b|\bnone\b|unsupported|unknown|unrecogni[sz]ed|unexpected|unavailable|unable|invalid|forbidden|disallowed|disabled|\bextra\b|\bonly\b|` +
		`requires?\b|required|\bmust\b|should\b|cannot|deprecated|rejected|incompatible|illegal|missing|exception|altern|\bgot\b|\bwithout\b|no longer|\bkeine?\b|\bne\b.{0,30}\bpas\b|不支持|必须|不能|只支持|仅|no (?:se )?(?:admite|soporta|permite)|não`)
	ofTools  = lazyregexp.New(`\btools?\b|\btool[_ -]?(?:choice|use|calls?|calling)|\bfunction[_ -]?call|\bfunctions\b|\btoolconfig\b|工具|函数|herramienta|ferramenta`)
	ofSchema = lazyregexp.New(`additional_?properties|schema|function_declarations|functiondeclarations`)
	ofRoles  = lazyregexp.New(`(?:\b(?:system|developer)\b.{0,60}(?:\b(?:roles?|rol|papel|messages?|instructions?|prompts?)\b|角色))|(?:(?:\b(?:roles?|rol|papel|messages?|instructions?|prompts?)\b|角色).{0,60}\b(?:system|developer)\b)|` +
		`system_?(?:instruction|message)|\buser and assistant roles\b|\bmessages\b\W{1,4}(?:\d+\W{1,4})?role\b`)
	ofOrder     = lazyregexp.New(`altern|consecutive|same role|in a row|(?:first|last|initial|final) (?:message|role|turn|non-system)|(?:start|begin|end)s? with|\border of\b`)
	ofSpeakers  = lazyregexp.New(`\broles?\b|\bmessages?\b|\buser\b|\bassistant\b|\bturns?\b`)
	ofWarmth    = lazyregexp.New(`temperature`)
	ofUser      = lazyregexp.New(`["'\x60]user["'\x60]|#/user\b|\buser: extra|(?:argument|parameter|field|property|key|param)\w*(?: supplied)?:? ["'\x60]?user\b|\buser\b["'\x60]? (?:is|was) (?:not|un)|\['body', 'user'\]|\bsafety_identifier\b`)
	ofStream    = lazyregexp.New(`\bstream(?:ing|ed)?\b|流式|\bsse\b`)
	wantsStream = lazyregexp.New(`only|must|require|recommend|enable|仅支持|non-?stream|stream\W{0,3}=\W{0,3}false|without stream|非流式|set (?:to )?true|true`)
	ofLimit     = lazyregexp.New(`max_(?:completion_|new_|output_)?tokens|maxoutputtokens|max_length|\bmax tokens\b`)
	ofSize      = lazyregexp.New(`too (?:large|big|high|small|low|many|great)|at most|at least|less than|greater than|exceed|maximum|minimum|between|range|<=|>=|\ble\b|larger|limit|fewer|超过|范围`)
	ofContext   = lazyregexp.New(`context|n_ctx|\bprompt|\binputs?\b|sequence|conversation|request (?:is )?too large|message size|in the messages|max_(?:model|seq|total|input)_?(?:len|tokens|length)|total tokens|token limit|request body|长度|got -\d`)
	tooLong     = lazyregexp.New(`too (?:long|large|big|many)|exceed|larger than|longer|greater than|more than|maximum|reduce|shorten|truncat|overflow|<=|at most|less than|does(?: not|n't) fit|limit|range of input|shift is disabled|超过|beyond|got -\d|> \d`)
	ofCall      = lazyregexp.New(`\btools?\b|\bfunctions?\b|tool_use_failed|tool_call`)
	botched     = lazyregexp.New(`tool_use_failed|failed_generation|malformed|(?:fail(?:ed|ure)?|error|could(?: not|n't)|unable|cannot|can't|invalid|broken|incomplete|not valid|bad|wrong|unexpected|mismatch|did(?: not|n't) match|does(?: not|n't) match)\b.{0,80}\b(?:pars(?:e|ing)|generat\w*|arguments?|json|extract\w*|decod\w*|call a function|validat\w*)|` +
		`(?:pars(?:e|ing)|generat\w*|arguments?|json|extract\w*|decod\w*|validat\w*)\b.{0,80}\b(?:fail(?:ed|ure)?|error|could(?: not|n't)|invalid|broken|incomplete|not valid|did(?: not|n't) match|does(?: not|n't) match|unexpected)|` +
		`tool .{0,40}(?:does not exist|not in request|was not (?:in|among))`)
	unparsed  = lazyregexp.New(`failed to parse (?:input|output|the (?:model|generat)|generat|response|model)`)
	unable    = lazyregexp.New(`support|enabl|\brequires?\b|--\w|not available|extra_forbidden|extra inputs|unrecogni[sz]ed|\bunknown (?:field|param|argument|name)`)
	unhandled = lazyregexp.New(`(?:extra_forbidden|extra inputs|extra fields|not permitted|unrecogni[sz]ed|unknown|unsupported|unexpected|not supported|not allowed|does(?: not|n't) support)`)
)

// quirks are tried in order; the first whose words are said and that has something left to change decides.
var quirks = []quirk{
	{"roles", []*lazyregexp.Regexp{ofRoles, refuses}, nil, withoutSystem},
	{"the order of roles", []*lazyregexp.Regexp{ofOrder, ofSpeakers, refuses}, nil, withoutSystem},
	{"the schema of the tool", []*lazyregexp.Regexp{ofSchema, refuses}, nil, func(s *speech) bool {
		fits := !s.noTools && !s.plainSchema
		s.plainSchema = true
		return fits
	}},
	{"streaming", []*lazyregexp.Regexp{ofStream, wantsStream}, []*lazyregexp.Regexp{ofTools}, func(s *speech) bool {
		fits := !s.stream
		s.stream = true
		return fits
	}},
	{"streaming", []*lazyregexp.Regexp{ofStream, refuses}, []*lazyregexp.Regexp{ofTools}, func(s *speech) bool {
		fits := s.stream
		s.stream = false
		return fits
	}},
	{"temperature", []*lazyregexp.Regexp{ofWarmth}, nil, func(s *speech) bool {
		fits := !s.noTemperature
		s.noTemperature = true
		return fits
	}},
	{"the name of the limit", []*lazyregexp.Regexp{ofLimit, unhandled}, nil, otherTokensName},
	{"tools", []*lazyregexp.Regexp{ofTools, refuses}, nil, func(s *speech) bool {
		fits := !s.noTools
		s.noTools = true
		return fits
	}},
	{"user", []*lazyregexp.Regexp{ofUser, refuses}, nil, func(s *speech) bool {
		fits := !s.noUser
		s.noUser = true
		return fits
	}},
	{"the name of the limit", []*lazyregexp.Regexp{ofLimit}, []*lazyregexp.Regexp{ofContext}, otherTokensName},
}

// withoutSystem puts the rules into the customer's first message, and if that is not enough, the history too.
func withoutSystem(s *speech) bool {
	fits := !s.noSystem || !s.single
	s.single = s.noSystem
	s.noSystem = true
	return fits
}

// otherTokensName tries the other name for the length limit, then none.
func otherTokensName(s *speech) bool {
	switch {
	case s.tokens == "":
		return false
	case s.renamed:
		s.tokens = ""
	case s.tokens == maxTokens:
		s.tokens = maxCompletionTokens
	default:
		s.tokens = maxTokens
	}
	s.renamed = true
	return true
}

// isUnderstood reports whether the words name something that a server does not take, be there something left to change or not.
func isUnderstood(w complaint.Words) bool {
	return slices.ContainsFunc(quirks, func(q quirk) bool { return w.Says(q.all...) && !slices.ContainsFunc(q.none, w.Mentions) })
}

// isBotched recognises the error of a call that the model wrote badly, this time.
func isBotched(w complaint.Words) bool {
	if w.Says(unparsed) {
		return true
	}
	return w.Says(ofCall, botched) && (!w.Says(unable) || w.Says(surelyBotched))
}

// reached is said where thoughts filled the length limit, by OpenAI with 400.
var reached = lazyregexp.New(`(?:max_\w*tokens|output limit|length limit)\b.{0,40}\breached`)

// surelyBotched is said of calls alone, whatever else is said.
var surelyBotched = lazyregexp.New(`tool_use_failed|failed_generation|malformed`)

// isTooLong recognises the error of a request that is too long for the model, or for what it may use in a minute.
func isTooLong(w complaint.Words) bool { return w.Says(ofContext, tooLong) }

// isLimitTooLarge recognises the error of an answer's limit that is larger than the model's own.
func isLimitTooLarge(w complaint.Words) bool {
	return w.Says(ofLimit, ofSize) && !w.Says(ofContext) && !w.Says(unhandled)
}
