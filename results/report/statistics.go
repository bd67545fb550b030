package report

import (
	"math"
	"slices"

	"berth/results"
)

// subject is what the script knows of the study apart from its runs.
type subject struct {
	Methods   []string `json:"methods"`
	Groups    []string `json:"groups"`
	Outcomes  []string `json:"outcomes"`
	Instances []entry  `json:"instances"`
}

type entry struct {
	Name       string         `json:"name"`
	Group      int            `json:"group"`
	File       string         `json:"file"`
	Digest     string         `json:"digest"`
	Nodes      int            `json:"nodes"`
	Tasks      int            `json:"tasks"`
	Best       string         `json:"best,omitempty"`
	Bound      string         `json:"bound,omitempty"`
	Infeasible bool           `json:"infeasible,omitempty"`
	Known      *results.Known `json:"known,omitempty"`
	Beats      []int          `json:"beats,omitempty"` // runs
}

func describe(study *results.Study, n *numbering) *subject {
	s := &subject{Methods: study.Methods, Groups: study.Groups}
	for _, outcome := range results.Outcomes {
		s.Outcomes = append(s.Outcomes, string(outcome))
	}
	for _, e := range study.Instances {
		item := entry{
			Name: e.Name, Group: slices.Index(study.Groups, e.Group), File: e.File, Digest: e.Digest, Nodes: e.Nodes, Tasks: e.Tasks,
			Best: string(e.Best), Bound: string(e.Bound), Infeasible: e.Infeasible, Known: e.Known,
		}
		for _, r := range e.Beats {
			item.Beats = append(item.Beats, n.run[r])
		}
		s.Instances = append(s.Instances, item)
	}
	return s
}

// statistics are the tables and curves of a study or of a group of it. Methods,
// instances and runs go by their number in the whole study.
type statistics struct {
	Summaries []summary `json:"summaries"`
	Profile   []curve   `json:"profile"`
	Gaps      []curve   `json:"gaps"`
	Cactus    []curve   `json:"cactus"`
	Bands     []band    `json:"bands"`
	Heat      heat      `json:"heat"`
}

// summary is a row of the table of methods; intervals are value, low and high.
type summary struct {
	Method    int      `json:"method"`
	Instances int      `json:"instances"`
	Runs      int      `json:"runs"`
	Solved    int      `json:"solved"`
	Proven    int      `json:"proven"`
	Wrong     int      `json:"wrong"`
	Failed    int      `json:"failed"`
	Unfit     int      `json:"unfit"`
	Wins      int      `json:"wins"`
	Time      measured `json:"time"`
	PAR10     measured `json:"par10"`
	Used      measured `json:"used"`
	Gap       measured `json:"gap"`
	Primal    measured `json:"primal"`
}

// curve is a method's line: how many runs it is about. Where its points are stands
// in the columns of runs, for all groups at once.
type curve struct {
	Method int `json:"method"`
	Runs   int `json:"runs"`
}

type band struct {
	Method  int      `json:"method"`
	Runs    int      `json:"runs"`
	Seconds measured `json:"seconds"`
	Lower   measured `json:"lower"`
	Median  measured `json:"median"`
	Upper   measured `json:"upper"`
}

// heat is the matrix of instances and methods, a place for each cell that has runs.
type heat struct {
	Instance []int    `json:"instance"`
	Method   []int    `json:"method"`
	Runs     []int    `json:"runs"`
	Outcome  []int    `json:"outcome"` // the worst
	Proven   measured `json:"proven"`  // share of the runs that are not unfit
	Gap      measured `json:"gap"`     // null where all are unfit
	Time     measured `json:"time"`
}

// manyMoments is how many moments a band has.
const manyMoments = 60

// numbering is the places of a study's parts in the columns and lists of the page.
type numbering struct {
	run    map[*results.Run]int
	entry  map[*results.Entry]int
	method map[string]int
}

func statisticsOf(study *results.Study, n *numbering) *statistics {
	s := &statistics{Summaries: []summary{}, Bands: []band{}, Heat: heatOf(study.Heat(), n)}
	for _, row := range study.Summaries() {
		s.Summaries = append(s.Summaries, summary{
			n.method[row.Method], row.Instances, row.Runs, row.Solved, row.Proven, row.Wrong, row.Failed, row.Unfit, row.Wins,
			interval(row.Time), interval(row.PAR10), interval(row.Used), interval(row.Gap), interval(row.Primal),
		})
	}
	s.Profile = curvesOf(study.Profile(), n)
	s.Gaps = curvesOf(study.GapProfile(), n)
	s.Cactus = curvesOf(study.Cactus(), n)
	for _, b := range study.GapOverTime(manyMoments) {
		s.Bands = append(s.Bands, band{n.method[b.Method], b.Runs, b.Seconds, b.Lower, b.Median, b.Upper})
	}
	return s
}

func interval(i results.Interval) measured { return measured{i.Value, i.Low, i.High} }

func curvesOf(curves []results.Curve, n *numbering) []curve {
	all := []curve{}
	for _, c := range curves {
		all = append(all, curve{n.method[c.Method], c.Runs})
	}
	return all
}

// The lines that a run has a point on.
const (
	onGaps   = 1
	onCactus = 2
)

// addCurves fills in where the points of runs are on the curves of the whole study.
// The curves of a group have the same points, as each is of a run and its instance.
func (c *columns) addCurves(study *results.Study, n *numbering) {
	c.Curves = make([]int, len(c.ID))
	c.Ratio = make(measured, len(c.ID))
	for k := range c.Ratio {
		c.Ratio[k] = math.NaN()
	}
	for _, line := range study.Profile() {
		for _, p := range line.Points {
			c.Ratio[n.run[p.Run]] = p.X
		}
	}
	mark := func(lines []results.Curve, bit int) {
		for _, line := range lines {
			for _, p := range line.Points {
				c.Curves[n.run[p.Run]] |= bit
			}
		}
	}
	mark(study.GapProfile(), onGaps)
	mark(study.Cactus(), onCactus)
}

func heatOf(matrix *results.Heat, n *numbering) heat {
	var h heat
	for _, row := range matrix.Cells {
		for _, cell := range row {
			if cell == nil {
				continue
			}
			h.Instance = append(h.Instance, n.entry[cell.Entry])
			h.Method = append(h.Method, n.method[cell.Method])
			h.Runs = append(h.Runs, len(cell.Runs))
			h.Outcome = append(h.Outcome, cell.Outcome.Rank())
			h.Proven = append(h.Proven, cell.Proven)
			gap, seconds := cell.Gap, cell.Time
			if cell.Fit == 0 {
				gap, seconds = math.NaN(), math.NaN()
			}
			h.Gap = append(h.Gap, gap)
			h.Time = append(h.Time, seconds)
		}
	}
	return h
}

// duels are the verdicts on pairs of methods, over all groups.
type duels struct {
	Left     []int          `json:"left"`
	Right    []int          `json:"right"`
	Verdict  []string       `json:"verdict"`
	Differ   [][]difference `json:"differ"`   // the pairs that differ most
	Complete bool           `json:"complete"` // all pairs that have an instance in common are there
}

// difference is an instance in a duel: left and right.
type difference struct {
	Instance int      `json:"instance"`
	Time     measured `json:"time"`
	Gap      measured `json:"gap"`
}

// mostDiffer is how many instances of a duel are listed.
const mostDiffer = 10

// mostPairs bounds the work for verdicts: pairs of methods times instances.
const mostPairs = 40_000

func duelsOf(study *results.Study, n *numbering) *duels {
	d := &duels{Left: []int{}, Right: []int{}, Verdict: []string{}, Differ: [][]difference{}}
	methods := len(study.Methods)
	if methods*(methods-1)/2*len(study.Instances) > mostPairs {
		return d
	}
	d.Complete = true
	for k, a := range study.Methods {
		for _, b := range study.Methods[:k] {
			duel, err := study.Duel(b, a)
			if err != nil {
				continue // nothing in common: the script says so
			}
			d.Left = append(d.Left, n.method[b])
			d.Right = append(d.Right, n.method[a])
			d.Verdict = append(d.Verdict, duel.Verdict)
			var differ []difference
			for _, p := range duel.Pairs[:min(len(duel.Pairs), mostDiffer)] {
				differ = append(differ, difference{n.entry[p.Entry], measured{p.ATime, p.BTime}, measured{p.AGap, p.BGap}})
			}
			d.Differ = append(d.Differ, differ)
		}
	}
	return d
}
