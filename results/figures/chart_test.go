package figures

import (
	"math"
	"strings"
	"testing"
)

// Charts draw what comes, whatever axes cannot show left out.
func TestCharts(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	many := Line{Name: "many"}
	var names []string
	for k := range 5000 {
		many.Y = append(many.Y, float64(k%977))
		names = append(names, "server")
	}
	for name, c := range map[string]struct {
		figure Figure
		wants  string
	}{
		"no curve":      {Curves("c", Axis{}, Axis{}, nil, nil), "nothing to draw"},
		"no number":     {Curves("c", Axis{}, Axis{Log: true}, []Line{{"a", []float64{1, 2, 3}, []float64{nan, inf, 0}}}, []Mark{{"b", inf, 1}}), "nothing to draw"},
		"one point":     {Curves("c", Axis{"x", true}, Axis{"y", true}, []Line{{"alpha", []float64{1e-9}, []float64{1e12}}}, nil), "alpha"},
		"zeros":         {Curves("c", Axis{}, Axis{}, []Line{{"alpha", []float64{0, 0}, []float64{0, 0}}}, nil), "alpha"},
		"a mark":        {Curves("c", Axis{}, Axis{}, []Line{{"alpha", []float64{0, 5}, []float64{1, 2}}}, []Mark{{"here", 2, 1}, {"", 3, 1}}), "here"},
		"no bars":       {Bars("b", "things", Axis{}, nil, []Line{{Name: "a"}}), "nothing to draw"},
		"bars":          {Bars("b", "things", Axis{"n", true}, []string{"first", "second"}, []Line{{Name: "a", Y: []float64{1, inf}}, {Name: "beta", Y: []float64{nan, 1e-7}}}), "second"},
		"too many bars": {Bars("b", "servers", Axis{"n", false}, names, []Line{many}), "servers, for each curve"},
	} {
		svg := drawn(t, c.figure, "svg")
		wellMade(t, name, svg)
		if !strings.Contains(string(svg), c.wants) {
			t.Errorf("%s: no %q in %s", name, c.wants, svg)
		}
		if len(svg) > 200_000 {
			t.Errorf("%s: %d bytes", name, len(svg))
		}
	}
}
