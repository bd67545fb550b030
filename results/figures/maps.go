package figures

import (
	"image/color"
	"slices"

	"berth/results"
)

// gapMap shows what each method reaches on each instance.
func gapMap(h *results.Heat) Figure {
	limits := []struct {
		gap  float64
		text string
	}{{0, "best known, no proof"}, {0.001, "gap up to 0.1 %"}, {0.01, "up to 1 %"}, {0.1, "up to 10 %"}}
	classes := []class{{text: "proven", colour: blues[0]}}
	for k, l := range limits {
		classes = append(classes, class{text: l.text, colour: blues[k+1]})
	}
	classes = append(classes, class{text: "over 10 %", colour: blues[5]}, class{text: "no placement", colour: black})
	return newChart(h, classes, func(c *results.Cell) int {
		switch {
		case c.Proven == 1:
			return 0
		case !slices.ContainsFunc(c.Runs, func(r *results.Run) bool { return r.Outcome.Solved() }):
			return len(limits) + 2
		}
		for k, l := range limits {
			if c.Gap <= l.gap {
				return k + 1
			}
		}
		return len(limits) + 1
	}).figure("gap-map", "How near to the best known each method comes on each instance, in the mean over seeds")
}

// timeMap shows how long each method takes to its proof on each instance.
func timeMap(h *results.Heat) Figure {
	limits := []struct {
		seconds float64
		text    string
	}{{0.1, "proven within 0.1 s"}, {1, "1 s"}, {10, "10 s"}, {100, "100 s"}, {1000, "1000 s"}}
	var classes []class
	for k, l := range limits {
		classes = append(classes, class{text: l.text, colour: blues[k]})
	}
	classes = append(classes, class{text: "longer", colour: blues[5]}, class{text: "no proof", colour: black})
	return newChart(h, classes, func(c *results.Cell) int {
		if c.Proven < 1 {
			return len(limits) + 1
		}
		for k, l := range limits {
			if c.Time <= l.seconds {
				return k
			}
		}
		return len(limits)
	}).figure("time-map", "How long each method takes to its proof on each instance, in the mean over seeds")
}

// newChart classes every cell, adding the classes that every chart has.
func newChart(h *results.Heat, classes []class, of func(*results.Cell) int) chart {
	unfit, refuted := len(classes), len(classes)+1
	c := chart{
		classes: append(classes, class{"does not handle it", color.Gray{0xF4}, slash(faint)}, class{"wrong claim", red, slash(color.White)}),
		methods: h.Methods,
	}
	for k, e := range h.Instances {
		r := row{name: e.Name, group: e.Group, fields: make([]int, len(h.Methods))}
		for m, cell := range h.Cells[k] {
			switch {
			case cell == nil:
				r.fields[m] = notRun
			case cell.Outcome == results.Wrong:
				r.fields[m] = refuted
			case cell.Fit == 0:
				r.fields[m] = unfit
			default:
				r.fields[m] = of(cell)
			}
		}
		c.rows = append(c.rows, r)
	}
	return c
}
