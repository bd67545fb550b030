package results

import (
	"fmt"
	"math"
	"strconv"
	"strings"
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
		sentences = append(sentences, d.timeSentence("to the proof", d.Ratio, d.PTime))
	}
	if gap := d.gapSentence(); gap != "" {
		sentences = append(sentences, gap)
	}
	if !proofs {
		sentences = append(sentences, d.timeSentence("in the time that they took", d.UsedRatio, d.PUsed))
	}
	for _, w := range []struct {
		method string
		runs   int
	}{{d.A, d.AWrong}, {d.B, d.BWrong}} {
		if w.runs > 0 {
			sentences = append(sentences, fmt.Sprintf("%s claimed what is not true in %s", w.method, count(w.runs, "run")))
		}
	}
	return strings.Join(sentences, ". ") + "."
}

func (d *Duel) timeSentence(of string, ratio Interval, p float64) string {
	n := count(len(d.Pairs), "instance")
	if p < significant && (ratio.High < 1 || ratio.Low > 1) {
		fast, slow := d.A, d.B
		if ratio.Value > 1 {
			fast, slow = d.B, d.A
		} else {
			ratio = Interval{Value: 1 / ratio.Value, Low: 1 / ratio.High, High: 1 / ratio.Low}
		}
		return fmt.Sprintf("%s is %s times as fast %s as %s (95 %% between %s and %s, %s, %s)",
			fast, digits(ratio.Value), of, slow, digits(ratio.Low), digits(ratio.High), n, probability(p))
	}
	return fmt.Sprintf("No difference can be seen %s between %s and %s (%s times as long%s, %s, %s)",
		of, d.A, d.B, digits(ratio.Value), between(ratio, digits), n, probability(p))
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
		return fmt.Sprintf("Their gaps are the same on all of %s", count(n, "instance"))
	case d.PGap < significant && (diff.High < 0 || diff.Low > 0):
		small, large := d.A, d.B
		if diff.Value > 0 {
			small, large = d.B, d.A
		} else {
			diff = Interval{Value: -diff.Value, Low: -diff.High, High: -diff.Low}
		}
		return fmt.Sprintf("The gap of %s is smaller than that of %s by %s points in the mean (95 %% between %s and %s, %s, %s)",
			small, large, percent(diff.Value), percent(diff.Low), percent(diff.High), count(n, "instance"), probability(d.PGap))
	}
	return fmt.Sprintf("No difference can be seen in their gaps (%s points%s, %s, %s)",
		percent(diff.Value), between(diff, percent), count(n, "instance"), probability(d.PGap))
}

func between(i Interval, format func(float64) string) string {
	if !i.Bounded() {
		return ""
	}
	return fmt.Sprintf(", 95 %% between %s and %s", format(i.Low), format(i.High))
}

func count(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func probability(p float64) string {
	if p < 0.001 {
		return "p < 0.001"
	}
	return "p = " + strconv.FormatFloat(p, 'g', 2, 64)
}

// digits writes a ratio with two digits, or all before the point.
func digits(v float64) string {
	if math.Abs(v) >= 100 {
		return strconv.FormatFloat(v, 'f', 0, 64)
	}
	return strconv.FormatFloat(v, 'g', 2, 64)
}

// percent writes a share in percent, without the sign.
func percent(v float64) string { return digits(100 * v) }
