package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"tania/internal/tania"
)

func logLevel() kind[slog.Level] {
	return mapped(choice("debug", "info", "warn", "error"), func(s string) (l slog.Level) {
		_ = l.UnmarshalText([]byte(s)) // choice lets only names of levels through
		return l
	})
}

// address is an http(s) address without a slash at its end; check may refuse a path.
func address(allowed string, check func(*url.URL) error) kind[*url.URL] {
	return kind[*url.URL]{allowed, func(s string) (*url.URL, error) {
		u, err := url.Parse(s)
		switch {
		case strings.ContainsAny(s, " \t") || err != nil && strings.Contains(s, "://"):
			return nil, errors.New("is not an address")
		case err != nil || u.Scheme != "http" && u.Scheme != "https":
			return nil, withoutScheme(s)
		case u.Hostname() == "":
			return nil, errors.New("has no host in it")
		case u.User != nil:
			return nil, wrong{"has a user name or password in it", "remove what stands before the @"}
		case u.RawQuery != "" || u.Fragment != "":
			return nil, wrong{"has a ? or # in it", "end it before the ? or #"}
		}
		u.Path = strings.TrimRight(u.Path, "/")
		u.RawPath = ""
		return u, check(u)
	}}
}

// chatwootPath refuses addresses copied from the browser or from the API's documentation.
func chatwootPath(u *url.URL) error {
	for _, tail := range []string{"/app", "/api", "/auth", "/super_admin"} {
		if u.Path == tail || strings.HasPrefix(u.Path, tail+"/") {
			return wrong{"has a path of Chatwoot's pages or API in it", "give the address alone: " + u.Scheme + "://" + u.Host}
		}
	}
	return nil
}

// modelPath refuses the address of one call.
func modelPath(u *url.URL) error {
	for _, tail := range []string{"/chat/completions", "/completions", "/models", "/responses", "/embeddings"} {
		if rest, ok := strings.CutSuffix(u.Path, tail); ok {
			return wrong{"is the address of a call, not of the API", "end it before " + tail + ": " + u.Scheme + "://" + u.Host + rest}
		}
	}
	return nil
}

func anyPath(*url.URL) error { return nil }

// withoutScheme says how an address should begin: one of this machine, of a network of one's own or of a container speaks http.
func withoutScheme(s string) error {
	scheme := "https://"
	if u, err := url.Parse("http://" + s); err == nil && !strings.Contains(s, "://") {
		ip, err := netip.ParseAddr(u.Hostname())
		if err != nil && !strings.Contains(u.Hostname(), ".") || err == nil && (ip.IsLoopback() || ip.IsPrivate()) {
			scheme = "http://"
		}
	}
	return wrong{"does not begin with https:// or http://", "begin it with " + scheme}
}

// secretAddress is an http(s) address that is shown to nobody.
func secretAddress() kind[Secret] {
	return kind[Secret]{"an address, https://hooks.slack.com/services/… for example", func(s string) (Secret, error) {
		u, err := url.Parse(s)
		switch {
		case strings.ContainsAny(s, " \t") || err != nil && strings.Contains(s, "://"):
			return "", errors.New("is not an address")
		case err != nil || u.Scheme != "http" && u.Scheme != "https":
			return "", withoutScheme(s)
		case u.Hostname() == "":
			return "", errors.New("has no host in it")
		}
		return Secret(s), nil
	}}
}

// teams is a JSON object from inbox ids to team ids.
func teams() kind[map[tania.InboxID]tania.TeamID] {
	type result = map[tania.InboxID]tania.TeamID
	return kind[result]{`a JSON object from inbox ids to team ids, {"11":4,"12":5} for example`, func(s string) (result, error) {
		var raw map[string]json.Number
		if err := json.Unmarshal([]byte(s), &raw); err != nil {
			return nil, errors.New("is not such a JSON object")
		}
		m := result{}
		for inbox, team := range raw {
			i, errI := id[tania.InboxID]("inbox").parse(inbox)
			t, errT := id[tania.TeamID]("team").parse(team.String())
			if errI != nil || errT != nil {
				return nil, fmt.Errorf("has a pair that is not two ids: %q: %q", inbox, team)
			}
			m[i] = t
		}
		return m, nil
	}}
}

// contact is one entry of the blocklist, written one way: an id as digits, a phone as + and digits, an e-mail in lower case.
// contact is an entry of a list of contacts. One that no contact can have is refused: it would be believed to work.
func contact() kind[string] {
	return kind[string]{"a contact id, a phone with + and country code, an e-mail or an identifier", func(s string) (string, error) {
		switch {
		case strings.ContainsAny(s, `^$\\|[]{}`):
			return "", wrong{"matches nothing: it is a regular expression", "write * for any characters, *@g.us for example"}
		case strings.Trim(s, "*") == "":
			return "", wrong{"is everybody", "name whom the bot is not to answer; tania queue pause silences it for all"}
		case strings.HasPrefix(s, "@") && len(s) > 1:
			return "", wrong{"matches nothing: nobody's address begins with @", "write *" + s + " for all of that kind"}
		case strings.Contains(s, "@"):
			if strings.ContainsFunc(s, unicode.IsSpace) || strings.HasSuffix(s, "@") || strings.Count(s, "@") > 1 {
				return "", errors.New("is not an e-mail or an identifier")
			}
			return strings.ToLower(s), nil
		case strings.Contains(s, "*"):
			if s = strings.ReplaceAll(s, " ", ""); !strings.HasPrefix(s, "+") && !strings.HasPrefix(s, "*") {
				return "", wrong{"matches nothing: neither a phone nor an address", "begin a phone with + and the country code, +52155* for example"}
			}
			return strings.ToLower(s), nil
		}
		digits := strings.NewReplacer(" ", "", "-", "", "(", "", ")", "", ".", "").Replace(s)
		phone := strings.HasPrefix(digits, "+")
		digits = strings.TrimPrefix(digits, "+")
		switch _, err := strconv.ParseUint(digits, 10, 64); {
		case err != nil:
			return "", errors.New("is neither an id, a phone nor an e-mail")
		case phone && (len(digits) < 6 || len(digits) > 15):
			return "", errors.New("is not a phone: those have 6 to 15 digits")
		case phone:
			return "+" + digits, nil
		case len(digits) >= 10:
			return "", wrong{"looks like a phone without its +", "write it with + and the country code: +" + digits}
		case digits == "0":
			return "", errors.New("is not an id")
		}
		return digits, nil
	}}
}

// groupEnds are those of the addresses that many read; governor.Governor knows them too.
var groupEnds = []string{"@g.us", "@broadcast", "@newsletter"}

// group is an entry of the list of groups.
func group() kind[string] {
	return kind[string]{"a group's address, 120363…@g.us, or a pattern of some, *@g.us", func(s string) (string, error) {
		s = strings.ToLower(s)
		last := s[strings.LastIndexByte(s, '*')+1:]
		for _, end := range groupEnds {
			if strings.HasSuffix(last, end) && s != end || last != s && strings.HasSuffix(end, last) {
				return s, nil
			}
		}
		return "", wrong{
			"matches no group",
			"write the group's address as the contact's identifier shows it, 120363…@g.us, or *@g.us for all of them; a group's name does not count",
		}
	}}
}

func optOutChannels() kind[[]tania.Channel] {
	channels := map[string]tania.Channel{"sms": tania.ChannelSMS, "whatsapp": tania.ChannelWhatsApp}
	list := listOf(mapped(choice("sms", "whatsapp"), func(s string) tania.Channel { return channels[s] }),
		"sms, whatsapp or both, separated by commas; none: none")
	parse := list.parse
	list.parse = func(s string) ([]tania.Channel, error) {
		if strings.EqualFold(strings.TrimSpace(s), "none") {
			return nil, nil
		}
		return parse(s)
	}
	return list
}

func statuses() kind[[]tania.Status] {
	one := mapped(choice("pending", "open", "snoozed", "resolved"), func(s string) tania.Status { return tania.Status(s) })
	return listOf(one, "pending, open, snoozed and resolved, separated by commas")
}

func restarts() kind[bool] {
	return mapped(choice("restart", "finish"), func(s string) bool { return s == "restart" })
}

// label is a Chatwoot label; Chatwoot keeps them in lower case.
func label() kind[string] {
	return kind[string]{"letters, digits, - and _, in lower case", func(s string) (string, error) {
		for _, r := range s {
			if !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '-' && r != '_' || unicode.IsUpper(r) {
				return "", fmt.Errorf("has %q in it", string(r))
			}
		}
		return s, nil
	}}
}

func redisURL() kind[Secret] {
	return kind[Secret]{"redis://[user:password@]host:port[/database], rediss:// with TLS", func(s string) (Secret, error) {
		u, err := url.Parse(s)
		switch {
		case err != nil:
			return "", errors.New("is not an address")
		case u.Scheme != "redis" && u.Scheme != "rediss":
			return "", errors.New("does not begin with redis:// or rediss://")
		case u.Hostname() == "":
			return "", errors.New("has no host in it")
		}
		return Secret(s), nil
	}}
}

// redisPort knows that Kubernetes sets REDIS_PORT to an address for a service that is named redis.
func redisPort() kind[int] {
	n := whole(1, 65535)
	return kind[int]{n.allowed, func(s string) (int, error) {
		if strings.HasPrefix(s, "tcp://") {
			return 0, wrong{
				"is an address, as Kubernetes sets it for a service named redis",
				"set enableServiceLinks: false in the pod, or set REDIS_PORT there yourself",
			}
		}
		return n.parse(s)
	}}
}
