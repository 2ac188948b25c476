package main

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"tania/internal/cli"
)

// anyField compares structs by all their fields, embedded ones too.
var anyField = cmp.Exporter(func(reflect.Type) bool { return true })

func TestACommandLineAsksForACommand(t *testing.T) {
	t.Setenv("ADMIN_TOKEN", "from-the-environment")
	const dir, file = ".", "commandline_test.go"
	here := operatorFlags{Env: ".env"}
	for line, want := range map[string]cli.Command{
		"serve":                         &serveCmd{Env: ".env", Worker: true},
		"serve --worker":                &serveCmd{Env: ".env", Worker: true},
		"serve --worker=false":          &serveCmd{Env: ".env"},
		"serve --no-worker":             &serveCmd{Env: ".env"},
		"serve --no-worker=false":       &serveCmd{Env: ".env", Worker: true},
		"serve --worker --no-worker":    &serveCmd{Env: ".env"},
		"serve --worker=false --env @":  &serveCmd{},
		"serve --env=":                  &serveCmd{Worker: true},
		"worker":                        &workerCmd{Env: ".env"},
		"worker --env=":                 &workerCmd{},
		"worker --env production":       &workerCmd{Env: "production"},
		"queue pause":                   &pauseCmd{here},
		"queue resume --json":           &resumeCmd{operatorFlags{Env: ".env", JSON: true}},
		"queue stats --url http://a":    &statsCmd{operatorFlags{Env: ".env", URL: "http://a"}},
		"queue watch":                   &watchCmd{here, 2 * time.Second},
		"queue watch --every 500ms":     &watchCmd{here, 500 * time.Millisecond},
		"queue import-bullmq --dry-run": &importBullMQCmd{Env: ".env", Dead: "tania-dlq", Prefix: "bull", DryRun: true},
		"queue import-bullmq --from redis://a --name b --prefix c --dead-letters d --failed --json": &importBullMQCmd{
			Env: ".env", From: "redis://a", Name: "b", Dead: "d", Prefix: "c", Failed: true, JSON: true,
		},
		"audit --since 7d": &auditCmd{here, age(7 * 24 * time.Hour)}, "audit --since 90m": &auditCmd{here, age(90 * time.Minute)},
		"dead list":                      &deadListCmd{here, 50},
		"dead list --limit 0":            &deadListCmd{here, 0},
		"dead show A":                    &deadShowCmd{here, "A"},
		"dead show -- -A":                &deadShowCmd{here, "-A"},
		"dead show show":                 &deadShowCmd{here, "show"},
		"dead retry A B":                 &deadRetryCmd{operatorFlags: here, Turns: []string{"A", "B"}},
		"dead retry A --json B --env x":  &deadRetryCmd{operatorFlags: operatorFlags{Env: "x", JSON: true}, Turns: []string{"A", "B"}},
		"dead retry --all":               &deadRetryCmd{operatorFlags: here, Turns: []string{}, All: true},
		"dead discard A":                 &deadDiscardCmd{operatorFlags: here, Turns: []string{"A"}},
		"cache list --limit 5":           &cacheListCmd{here, 5},
		"cache show A":                   &cacheShowCmd{here, "A"},
		"cache explain hours":            &cacheExplainCmd{operatorFlags: here, Question: "hours"},
		"cache explain explain":          &cacheExplainCmd{operatorFlags: here, Question: "explain"},
		"cache explain hours --inbox 3":  &cacheExplainCmd{operatorFlags: here, Question: "hours", Inbox: 3},
		"cache explain --inbox=3 hours":  &cacheExplainCmd{operatorFlags: here, Question: "hours", Inbox: 3},
		"cache explain a --language es":  &cacheExplainCmd{operatorFlags: here, Question: "a", Language: "es"},
		"cache explain a --audience vip": &cacheExplainCmd{operatorFlags: here, Question: "a", Audience: "vip"},
		"cache stats":                    &cacheStatsCmd{here},
		"cache clear":                    &cacheClearCmd{here},
		"cache invalidate A":             &cacheInvalidateCmd{operatorFlags: here, Entry: "A"},
		"cache invalidate --pattern *a* --scope k --category faq": &cacheInvalidateCmd{
			operatorFlags: here, Pattern: "*a*", Scope: "k", Category: "faq",
		},

		"cache invalidate --category @": &cacheInvalidateCmd{operatorFlags: here},
		"cache warm":                    &cacheWarmCmd{here},
		"cache eval " + dir:             &cacheEvalCmd{Dir: dir, N: 2000, Seed: 100},

		"cache eval --n 9 " + dir + " --seed 7 --misses": &cacheEvalCmd{Dir: dir, N: 9, Seed: 7, Misses: true},

		"forget --contact 77":             &forgetCmd{operatorFlags: here, Contact: 77},
		"forget --contact=77 --account 3": &forgetCmd{operatorFlags: here, Contact: 77, Account: 3},
		"bot pauses":                      &botPausesCmd{here},
		"bot pause shop --inbox 11 --why x": &botPauseCmd{
			scopeFlags: scopeFlags{operatorFlags: here, Bot: "shop", Inbox: 11}, Why: "x",
		},
		"bot resume --conversation 7 --account 3": &botResumeCmd{scopeFlags{operatorFlags: here, Conversation: 7, Account: 3}},

		"demo":                    &demoCmd{Port: 8788},
		"demo -v":                 &demoCmd{Port: 8788, Verbose: true},
		"demo --verbose --port 0": &demoCmd{Verbose: true},

		"doctor": &doctorCmd{Env: ".env"},

		"doctor --migration --json --url http://a": &doctorCmd{Env: ".env", Migration: true, JSON: true, URL: "http://a"},

		"health": &healthCmd{Env: ".env", Path: "/readyz", Timeout: 3 * time.Second},

		"health --port 9464 --path /healthz --timeout 1s": &healthCmd{Env: ".env", Port: 9464, Path: "/healthz", Timeout: time.Second},

		"route eval " + file:             &routeEvalCmd{File: file},
		"route eval --misses " + file:    &routeEvalCmd{File: file, Misses: true},
		"sim --port 0 --admin-token own": sim(0, "own"),
		"sim":                            sim(3000, "from-the-environment"),
		"version":                        versionCmd{},
	} {
		t.Run(line, func(t *testing.T) {
			asked, _, err := parse(split(line), t.Output(), t.Output())
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, asked, anyField); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func sim(port int, adminToken string) *simCmd {
	return &simCmd{
		Port: port, WebhookURL: "http://127.0.0.1:8787/chatwoot/webhook", Token: "sim-bot-token", Secret: "sim-webhook-secret",
		UserToken: "sim-user-token",
		TaniaURL:  "http://127.0.0.1:8787", AdminToken: adminToken,
	}
}

// split makes the words of a command line; @ is the empty one.
func split(line string) []string {
	words := strings.Fields(line)
	for i, w := range words {
		words[i] = strings.ReplaceAll(w, "@", "")
	}
	return words
}

func TestAWrongCommandLineIsNamed(t *testing.T) {
	for line, want := range map[string]string{
		"servee":                        `unknown command "servee" for "tania"; did you mean serve?`,
		"servee --env x":                `unknown command "servee" for "tania"; did you mean serve?`,
		"queue stast":                   `unknown command "stast" for "tania queue"; did you mean stats?`,
		"queue stast --json":            `unknown command "stast" for "tania queue"; did you mean stats?`,
		"queue nonsense":                `unknown command "nonsense" for "tania queue"`,
		"--json queue stats":            "unknown flag: --json",
		"serve --wrkr":                  "unknown flag: --wrkr",
		"dead retry A --wrkr":           "unknown flag: --wrkr",
		"serve -v":                      "unknown shorthand flag: 'v' in -v",
		"serve --env":                   "flag needs an argument: --env",
		"serve extra":                   `unexpected argument "extra"`,
		"serve --worker=maybe":          `invalid argument "maybe" for "--worker" flag`,
		"serve --no-worker=maybe":       `invalid argument "maybe" for "--no-worker" flag`,
		"forget":                        `required flag(s) "contact" not set`,
		"forget --contact Ana":          `invalid argument "Ana" for "--contact" flag`,
		"dead show":                     "TURN is missing",
		"dead show A B":                 `unexpected argument "B"`,
		"cache explain":                 "QUESTION is missing",
		"cache explain a --inbox web":   `invalid argument "web" for "--inbox" flag`,
		"cache invalidate A B":          `unexpected argument "B"`,
		"cache invalidate --category x": `invalid argument "x" for "--category" flag: want one of faq, general, transient`,
		"cache eval":                    "DIR is missing",
		"cache eval nowhere":            "DIR: stat nowhere: no such file or directory",
		"cache eval main.go":            "DIR: main.go is no folder",
		"cache eval . --seed -1":        `invalid argument "-1" for "--seed" flag`,
		"route eval .":                  "FILE: . is a folder",
		"route eval nowhere":            "FILE: stat nowhere: no such file or directory",
		"health --timeout 5":            `invalid argument "5" for "--timeout" flag: time: missing unit`,
		"version now":                   `unexpected argument "now"`,
	} {
		t.Run(line, func(t *testing.T) {
			asked, help, err := parse(split(line), t.Output(), t.Output())
			if err == nil || !strings.HasPrefix(err.Error(), want) || asked != nil {
				t.Errorf("asks for %v, error %v", asked, err)
			}
			if cmd, _, _ := tree().Find(strings.Fields(line)); help != cmd.CommandPath()+" --help" {
				t.Errorf("help is said to be in %q", help)
			}
		})
	}
}

func TestWhatIsPrintedAsksForNoCommand(t *testing.T) {
	for line, want := range map[string]string{
		"":                      "Usage:\n  tania [command]\n",
		"queue":                 "Usage:\n  tania queue [command]\n",
		"--help":                "Usage:\n  tania [command]\n",
		"help":                  "Usage:\n  tania [command]\n",
		"help dead retry":       "Usage:\n  tania dead retry [TURN...] [flags]\n",
		"dead retry A -h":       "Usage:\n  tania dead retry [TURN...] [flags]\n",
		"serve --help":          "  PORT (8787)\n",
		"help worker":           "  PORT (8787)\n",
		"doctor --help":         "  PORT (8787)\n",
		"--version":             "tania version dev\n",
		"completion bash":       "# bash completion",
		"__complete serve --no": "--no-worker",
		"__complete cache invalidate --category @": "transient\n",
		"__complete cache eval @":                  ":16\n", // folders
		"__complete serve --env @":                 ":0\n",  // files
		"__complete dead show @":                   ":4\n",  // neither
	} {
		t.Run(line, func(t *testing.T) {
			var out bytes.Buffer
			asked, help, err := parse(split(line), &out, t.Output())
			alone := line == "" || line == "queue"
			if asked != nil || help != "" || (err != nil) != alone {
				t.Errorf("asks for %v, help in %q, error %v", asked, help, err)
			}
			if !strings.Contains(out.String(), want) {
				t.Errorf("%s\nis printed, without %q", &out, want)
			}
		})
	}
}

func TestTheShellIsToldHowItWent(t *testing.T) {
	t.Chdir(t.TempDir())
	for line, want := range map[string]int{
		"version":                   0,
		"--help":                    0,
		"queue":                     exitUsage,
		"servee":                    exitUsage,
		"route eval nowhere":        exitUsage,
		"queue watch --every 1ms":   exitFailed,
		"dead retry":                exitFailed, // neither turns nor --all
		"route eval --json " + "x":  exitUsage,
		"health --url http://other": exitUsage,
	} {
		if got := execute(t.Context(), split(line)); got != want {
			t.Errorf("tania %s exits with %d, want %d", line, got, want)
		}
	}
}

// tree is that of all commands, which do nothing.
func tree() *cobra.Command {
	root := newRoot(func(cli.Command) func(*cobra.Command, []string) { return func(*cobra.Command, []string) {} })
	root.InitDefaultHelpCmd()
	root.InitDefaultCompletionCmd()
	return root
}

// walk visits a command and all below it.
func walk(cmd *cobra.Command, visit func(*cobra.Command)) {
	visit(cmd)
	for _, c := range cmd.Commands() {
		walk(c, visit)
	}
}

func TestEveryCommandAndFlagIsDescribed(t *testing.T) {
	commands := 0
	walk(tree(), func(cmd *cobra.Command) {
		commands++
		cmd.InitDefaultHelpFlag()
		if cmd.Short == "" || strings.HasSuffix(cmd.Short, ".") {
			t.Errorf("%s is described as %q", cmd.CommandPath(), cmd.Short)
		}
		cmd.Flags().VisitAll(func(f *pflag.Flag) {
			if f.Usage == "" || strings.HasSuffix(f.Usage, ".") {
				t.Errorf("%s --%s is described as %q", cmd.CommandPath(), f.Name, f.Usage)
			}
		})
		var out bytes.Buffer
		cmd.SetOut(&out)
		if err := cmd.Help(); err != nil {
			t.Error(err)
		}
		for line := range strings.Lines(out.String()) {
			if n := utf8.RuneCountInString(strings.TrimSuffix(line, "\n")); n > 120 {
				t.Errorf("%s --help has a line of %d columns: %s", cmd.CommandPath(), n, line)
			}
		}
	})
	if commands < 30 {
		t.Errorf("only %d commands were found", commands)
	}
}
