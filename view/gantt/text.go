package gantt

import (
	"strings"

	"github.com/mattn/go-runewidth"
)

// Text draws the nodes as lines of so many columns: tasks as blocks with as much of
// their names as fits, those on the path in ▓. It returns a line for each node, the same
// width, and the axis below.
func (c *Chart) Text(columns int) (rows []string, axis string) {
	for j := range c.On {
		rows = append(rows, c.row(j, columns))
	}
	return rows, c.axis(columns)
}

// column is where a time stands on a line.
func (c *Chart) column(time int64, columns int) int {
	if c.Makespan == 0 {
		return 0
	}
	return int(float64(time) / float64(c.Makespan) * float64(columns))
}

func (c *Chart) row(j, columns int) string {
	w := c.Problem.Workflow
	line := make([]rune, columns)
	for k := range line {
		line[k] = '·'
	}
	for n, t := range c.On[j] {
		from, to := c.column(c.Schedule[t].Start, columns), c.column(w.Finish(c.Schedule, t), columns)
		from, to = min(from, columns-1), min(max(to, from+1), columns)
		fill := []rune{'▒', '░'}[n%2]
		if c.critical[t] {
			fill = '▓'
		}
		for k := from; k < to; k++ {
			line[k] = fill
		}
		name := w.Tasks[t]
		if room := to - from - 2; room >= 2 && plainWidth(name) {
			short := []rune(runewidth.Truncate(name, room, "…"))
			copy(line[from+1:], short)
		}
	}
	return string(line)
}

// plainWidth says whether every character of a name is one column wide.
func plainWidth(name string) bool { return runewidth.StringWidth(name) == len([]rune(name)) }

// axis marks times below the lines, as many as fit without touching.
func (c *Chart) axis(columns int) string {
	line := []rune(strings.Repeat(" ", columns+16))
	end := 0
	steps := max(1, columns/16)
	for k := 0; k <= steps; k++ {
		at := columns * k / steps
		label := []rune(short(c.Problem.Value(c.Makespan) * float64(k) / float64(steps)))
		from := min(at, columns) - len(label)/2
		if k == 0 {
			from = 0
		}
		if from < end+1 && k > 0 {
			continue
		}
		copy(line[from:], label)
		end = from + len(label)
	}
	return strings.TrimRight(string(line), " ")
}
