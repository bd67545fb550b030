package results

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"berth/model"
)

// significant is the probability below which a difference is said to be one.
const significant = 0.05

// verdict says what the numbers of a duel mean. A difference is claimed where the
// test and the interval both show it.
func (d *Duel) verdict() string {
	proofs := false
	for _, p := range d.Pairs {
		proofs = proofs || p.A.Proven > 0 || p.B.Proven > 0
	}
	var sentences []string
	if proofs {
		sentences = append(sentences, d.timeSentence(d.Ratio, d.PTime, true))
	}
	if gap := d.gapSentence(); gap != "" {
		sentences = append(sentences, gap)
	}
	if !proofs {
		sentences = append(sentences, d.timeSentence(d.UsedRatio, d.PUsed, false))
	}
	for _, w := range []struct {
		method string
		runs   int
	}{{d.A, d.AWrong}, {d.B, d.BWrong}} {
		if w.runs > 0 {
			sentences = append(sentences, fmt.Sprintf("%s claimed what is not true in %s", w.method, model.Plural(w.runs, "run")))
		}
	}
	return strings.Join(sentences, ". ") + "."
}

// timeSentence compares the times to the proof, or for methods that never prove those
// that they took.
func (d *Duel) timeSentence(ratio Interval, p float64, proofs bool) string {
	n := model.Plural(len(d.Pairs), "instance")
	if p < significant && (ratio.High < 1 || ratio.Low > 1) {
		fast, slow := d.A, d.B
		if ratio.Value > 1 {
			fast, slow = d.B, d.A
		} else {
			ratio = Interval{Value: 1 / ratio.Value, Low: 1 / ratio.High, High: 1 / ratio.Low}
		}
		how := "is %s times as fast as %s"
		if !proofs {
			how = "ends %s times as fast as %s"
		}
		return fmt.Sprintf("%s "+how+" (95 %% between %s and %s, %s, %s)",
			fast, digits(ratio.Value), slow, digits(ratio.Low), digits(ratio.High), n, probability(p))
	}
	what := "the time to the proof"
	if !proofs {
		what = "the time that they take"
	}
	return fmt.Sprintf("No difference in %s can be seen between %s and %s (%s times as long%s, %s, %s)",
		what, d.A, d.B, digits(ratio.Value), between(ratio, digits), n, probability(p))
}

func (d *Duel) gapSentence() string {
	diff := d.GapDiff
	n := 0
	equal := true
	for _, p := range d.Pairs {
		if !p.Entry.Infeasible {
			n++
			equal = equal && p.AGap == p.BGap
		}
	}
	switch {
	case n == 0:
		return ""
	case equal:
		return fmt.Sprintf("Their gaps are the same (%s)", model.Plural(n, "instance"))
	case d.PGap < significant && (diff.High < 0 || diff.Low > 0):
		small, large := d.A, d.B
		if diff.Value > 0 {
			small, large = d.B, d.A
		} else {
			diff = Interval{Value: -diff.Value, Low: -diff.High, High: -diff.Low}
		}
		return fmt.Sprintf("The gap of %s is smaller than that of %s by %s points in the mean (95 %% between %s and %s, %s, %s)",
			small, large, percent(diff.Value), percent(diff.Low), percent(diff.High), model.Plural(n, "instance"), probability(d.PGap))
	}
	return fmt.Sprintf("No difference in their gaps can be seen (%s points%s, %s, %s)",
		percent(diff.Value), between(diff, percent), model.Plural(n, "instance"), probability(d.PGap))
}

func between(i Interval, format func(float64) string) string {
	if !i.Bounded() {
		return ""
	}
	return fmt.Sprintf(", 95 %% between %s and %s", format(i.Low), format(i.High))
}

func probability(p float64) string {
	if p < 0.001 {
		return "p < 0.001"
	}
	return "p = " + strconv.FormatFloat(p, 'g', 2, 64)
}

// digits writes a number with two digits, or all before the point.
func digits(v float64) string {
	places := 0
	switch size := math.Abs(v); {
	case size >= 2 && size < 10:
		places = 1
	case size >= 0.1 && size < 2: // of a ratio near 1, what matters is behind the point
		places = 2
	case size < 0.1:
		return strconv.FormatFloat(v, 'g', 2, 64)
	}
	return strconv.FormatFloat(v, 'f', places, 64)
}

// percent writes a share in percent, without the sign.
func percent(v float64) string { return digits(100 * v) }
