package report

import (
	"bytes"
	_ "embed"
	"html/template"
	"slices"
	"strings"
	"sync"

	"berth/model"
	"berth/results"
)

//go:embed overview.html
var overviewText string

var overviewPage = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("overview").Funcs(template.FuncMap{"count": model.Plural}).Parse(overviewText))
})

// summaryOfAll is what the page says in words.
type summaryOfAll struct {
	Runs, Methods, Instances, Groups, Seeds int
	Outcomes                                []tally
	Limits, Machines, Versions              []tally
	First, Last                             string // days
	Wrong, Beats                            []mention
	MoreWrong, MoreBeats                    int
	Thinning                                thinning
}

// tally is how many runs have something in common.
type tally struct {
	Name string
	Runs int
}

// mention is a run that a reader must know of.
type mention struct {
	ID, Method, Instance, Text string
}

// mostMentions is how many runs are named before the rest is counted.
const mostMentions = 20

func overview(study *results.Study, short map[*results.Run]string, t thinning) (template.HTML, error) {
	s := summaryOfAll{Runs: len(study.Runs), Methods: len(study.Methods), Instances: len(study.Instances), Groups: len(study.Groups), Thinning: t}
	outcomes, limits, machines, seeds := map[string]int{}, map[string]int{}, map[string]int{}, map[uint64]bool{}
	named := newTexts()
	for _, r := range study.Runs {
		outcomes[string(r.Outcome)]++
		limits[named.limit(r.Limits)]++
		machines[named.machine(r.Machine)]++
		seeds[r.Seed] = true
		if r.Outcome == results.Wrong {
			s.Wrong = append(s.Wrong, mention{short[r], r.Method, r.Entry.Name, r.Note})
		}
	}
	for _, outcome := range results.Outcomes {
		if n := outcomes[string(outcome)]; n > 0 {
			s.Outcomes = append(s.Outcomes, tally{string(outcome), n})
		}
	}
	s.Limits, s.Machines, s.Versions, s.Seeds = tallies(limits), tallies(machines), versions(study), len(seeds)
	if first, last := period(study); !first.IsZero() {
		s.First, s.Last = first.UTC().Format("2 January 2006"), last.UTC().Format("2 January 2006")
	}
	for _, e := range study.Instances {
		if len(e.Beats) > 0 {
			r := e.Beats[0]
			s.Beats = append(s.Beats, mention{short[r], r.Method, e.Name, beatsText(e, r)})
		}
	}
	s.Wrong, s.MoreWrong = firstOf(s.Wrong)
	s.Beats, s.MoreBeats = firstOf(s.Beats)
	var text bytes.Buffer
	err := overviewPage().Execute(&text, s)
	return template.HTML(text.String()), err
}

func firstOf(all []mention) (some []mention, more int) {
	kept := min(len(all), mostMentions)
	return all[:kept], len(all) - kept
}

// tallies lists what occurs, the most frequent first.
func tallies(counts map[string]int) []tally {
	var all []tally
	for name, n := range counts {
		all = append(all, tally{name, n})
	}
	slices.SortFunc(all, func(a, b tally) int {
		if a.Runs != b.Runs {
			return b.Runs - a.Runs
		}
		return strings.Compare(a.Name, b.Name)
	})
	return all
}

// versions lists what versions were run, and of which methods where there are several.
func versions(study *results.Study) []tally {
	counts := map[string]int{}
	methods := map[string][]string{}
	for _, r := range study.Runs {
		version := r.Version
		if version == "" {
			version = "no version"
		}
		counts[version]++
		if !slices.Contains(methods[version], r.Record.Method) {
			methods[version] = append(methods[version], r.Record.Method)
		}
	}
	if len(counts) < 2 {
		return tallies(counts)
	}
	named := map[string]int{}
	for version, n := range counts {
		slices.Sort(methods[version])
		named[version+": "+strings.Join(methods[version], ", ")] = n
	}
	return tallies(named)
}

// beatsText says what the best run of an instance is better than.
func beatsText(e *results.Entry, r *results.Run) string {
	had := e.Known.Status
	if e.Known.Value != "" {
		had += " " + string(e.Known.Value)
	}
	if e.Known.Bound != "" {
		had += ", bound " + string(e.Known.Bound)
	}
	has := string(r.Outcome)
	if r.Cost != "" {
		has += " " + string(r.Cost)
	}
	if r.Claim.Bound != "" && r.Claim.Bound != r.Cost {
		has += ", bound " + string(r.Claim.Bound)
	}
	text := has + "; published: " + had
	if e.Known.Source != "" {
		text += " (" + e.Known.Source + ")"
	}
	return text
}
