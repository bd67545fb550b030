package adapter

import (
	"fmt"
	"math"
	"math/big"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"berth/encode"
	"berth/model"
	"berth/results"
)

func TestParseNumber(t *testing.T) {
	for text, want := range map[string]*big.Rat{
		"12": big.NewRat(12, 1), "-3.5": big.NewRat(-7, 2), "+1.25e+02": big.NewRat(125, 1), "1e-2": big.NewRat(1, 100), ".5": big.NewRat(1, 2),
		"inf": nil, "-inf": nil, "--": nil, "not": nil, "": nil, "nan": nil, "0x10": nil, "1/2": nil,
		"1e+20": nil, "1e50": nil, "-1.79769e+308": nil, "1e9999999": nil, "9999999999999999999999999999999999": nil,
	} {
		got := parseNumber(text)
		if (got == nil) != (want == nil) || got != nil && got.Cmp(want) != 0 {
			t.Errorf("%q is read as %v, want %v", text, got, want)
		}
	}
}

func TestParseSeconds(t *testing.T) {
	for text, want := range map[string]float64{
		"12.5": 12.5, "0.1s": 0.1, "167m": 10020, "2h": 7200, "1d": 86400, "": math.Inf(1), "soon": math.Inf(1), "-1": math.Inf(1), "nan": math.Inf(1),
	} {
		if got := parseSeconds(text); got != want {
			t.Errorf("%q is read as %g, want %g", text, got, want)
		}
	}
}

// A true bound stays true, and the value of an optimum stays what it is, however few
// digits a program prints: seven are the fewest that any of the shipped ones does.
func TestNumbersSurviveRounding(t *testing.T) {
	_, p, _ := instance(t, "edge")
	rapid.Check(t, func(t *rapid.T) {
		s := scale{Scale: encode.Scale{Unit: rapid.Int64Range(1, 1000).Draw(t, "unit"), Zero: rapid.Int64Range(-1e6, 1e6).Draw(t, "zero")}, problem: p}
		optimum := rapid.Int64Range(-1e12, 1e12).Draw(t, "optimum")
		digits := rapid.IntRange(7, 16).Draw(t, "digits")
		said := parseNumber(fmt.Sprintf("%.*e", digits-1, float64(optimum)))
		if s.atLeast(said).Cmp(big.NewInt(optimum)) > 0 {
			t.Fatalf("the bound %v of %d counts as %v", said, optimum, s.atLeast(said))
		}
		if s.atMost(said).Cmp(big.NewInt(optimum)) < 0 {
			t.Fatalf("the bound %v does not reach %d", said, optimum)
		}
		if math.Abs(float64(optimum)) < 1e6 && s.nearest(said).Int64() != optimum {
			t.Fatalf("the objective %v of %d counts as %v", said, optimum, s.nearest(said))
		}
		cost, ok := s.cost(big.NewInt(optimum))
		if back := s.objective(cost); !ok || back.Cmp(new(big.Rat).SetInt64(optimum)) != 0 {
			t.Fatalf("%d is worth %d and comes back as %v", optimum, cost, back)
		}
		exact := new(big.Rat).SetInt64(optimum)
		if got := s.claimed(exact); got.Rat().Cmp(model.Number(p.Format(cost)).Rat()) != 0 {
			t.Fatalf("%d is claimed as %s, it is %s", optimum, got, p.Format(cost))
		}
	})
}

// A bound that lies between two integers counts as the upper one.
func TestBoundsRoundUp(t *testing.T) {
	for _, c := range []struct {
		said          string
		exact         bool
		least, atMost int64
	}{
		{"260.4", false, 261, 261},
		{"261.0000001", false, 261, 262},
		{"260.9999999", false, 261, 262},
		{"261", false, 261, 262},
		{"-3.5", false, -3, -3},
		{"0.0000005", false, 0, 1},
		{"2000000", false, 1999998, 2000002},
		{"2000000", true, 2000000, 2000000},
	} {
		s := scale{Scale: encode.Scale{Unit: 1}, exact: c.exact}
		said := parseNumber(c.said)
		if s.atLeast(said).Int64() != c.least || s.atMost(said).Int64() != c.atMost {
			t.Errorf("%s counts as %v to %v, want %d to %d", c.said, s.atLeast(said), s.atMost(said), c.least, c.atMost)
		}
	}
}

// However much a program prints, few steps are kept, and the first and last among
// them.
func TestTrajectoryIsThinned(t *testing.T) {
	tr := edge(t)
	c, err := shippedAdapter(t, "clasp").Prepare(Job{Problem: tr.problem, Dir: t.TempDir(), Program: "clasp"})
	if err != nil {
		t.Fatal(err)
	}
	const lines = 20000
	best := tr.optimum.Num().Int64()
	for k := range int64(lines) {
		c.Line(time.Duration(k)*time.Millisecond, fmt.Appendf(nil, "o %d", best+lines-1-k))
	}
	j := c.Judge(Ended{End: Exited, Stdout: []byte("s OPTIMUM FOUND\n" + tr.best), Wall: lines * time.Millisecond}, tr.known)
	n := len(j.Trajectory)
	if j.Outcome != results.Optimal || n < moments/2 || n > moments+2 {
		t.Fatalf("%s, %q, %d steps", j.Outcome, j.Note, n)
	}
	first, last := j.Trajectory[0], j.Trajectory[n-1]
	if first.Seconds != 0 || last.Seconds != lines/1000 || last.Cost != tr.known.Value || last.Bound != tr.known.Value {
		t.Errorf("from %+v to %+v", first, last)
	}
	checkJudged(t, tr, j)
}

// Whatever is printed and left as a file, judging ends with an outcome, an optimum
// that is claimed above the true one is never taken for one, and nothing infeasible
// counts.
func FuzzJudge(f *testing.F) {
	in, p, known := instance(f, "edge")
	adapters := Shipped()
	for _, log := range []string{
		"s OPTIMUM FOUND\nv x1 -x2\n", "o 5\no -3\n", "  Status            Optimal\n  Primal bound      1326\n  Dual bound        1e400\n",
		" J       0       0         0   0.00%   -inf            526                Large        0      0      0         0     0.0s\n",
		"p 0.1s|     1 |     0 |     0 |     - | vbounds|   0 |2000 | 291 | 210 |   0 |  0 |  80 |   0 | 0.000000e+00 | 1.416500e+04 |    Inf | unknown\n",
		"Cbc0010I After 0 nodes, 1 on tree, 1e+50 best solution, best possible 935.82074 (0.91 seconds)\n",
		"+ 22449: mip =   1.616000000e+03 >=   1.519000000e+03   6.0% (181; 205)\n", "Optimality gap: [246, 264] 6.818 % (143 backtracks, 379 nodes)\n",
		`{"format":"berth/v1","kind":"solution","status":"unknown"}`,
	} {
		for k := range adapters {
			f.Add(uint8(k), uint8(0), []byte(log), []byte("0 1 0 1"))
		}
	}
	f.Fuzz(func(t *testing.T, which, end uint8, log, file []byte) {
		a := adapters[int(which)%len(adapters)]
		c, err := a.Prepare(Job{Problem: p, Instance: in, Dir: t.TempDir(), Program: "program"})
		if err != nil {
			t.Fatal(err)
		}
		for k, line := range strings.Split(string(log), "\n") {
			c.Line(time.Duration(k)*time.Millisecond, []byte(line))
		}
		for _, s := range a.answers {
			if s.file != "" {
				leave(t, c.Dir, s.file, file)
			}
		}
		ends := []End{Exited, Signalled, Timeout, Memory, Output}
		j := c.Judge(Ended{End: ends[int(end)%len(ends)], Exit: int(end) / 8, Stdout: log, Stderr: file, Wall: time.Second}, known)
		if j.Outcome == results.Optimal && j.Cost != known.Value {
			t.Errorf("an optimum of cost %s counts", j.Cost)
		}
		if j.Outcome == results.Infeasible {
			t.Error("a solved instance counts as infeasible")
		}
		if j.Outcome != results.Wrong && j.Claim.Bound != "" && j.Claim.Bound.Rat().Cmp(known.Value.Rat()) > 0 {
			t.Errorf("a bound of %s counts", j.Claim.Bound)
		}
		checkJudged(t, &truth{problem: p, cost: costOf(p, known.Value)}, j)
	})
}

func costOf(p *model.Problem, value model.Number) int64 {
	units, _ := p.Units(value.Rat())
	return units.Int64()
}
