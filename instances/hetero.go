package instances

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"berth/model"
)

// Task graphs on unlike machines, in the layout of the sets that A. Santiago and others
// collected (test cases of the heterogeneous scheduling problem with precedence):
//
//	#critical  a number that is passed over
//	#tasks     i: time on machine 0, on machine 1, …
//	#edges     k: from, to, what the result takes between different machines
//	#end
var heteroFormat = Format{
	Name:  "hetero",
	Short: "task graphs on unlike machines: #tasks with a time for each machine, #edges with delays",
	Looks: func(data []byte, _ string) bool {
		return bytes.Contains(data, []byte("#tasks")) && bytes.Contains(data, []byte("#edges"))
	},
	Read: readHetero,
}

func readHetero(data []byte, file string, opts Options) (*model.Instance, error) {
	if err := opts.plain("hetero", file); err != nil {
		return nil, err
	}
	g := newGraph(file)
	section := ""
	machines := 0
	for k, line := range strings.Split(string(data), "\n") {
		text := strings.TrimSpace(line)
		refuse := func(found, want string) error {
			return &model.DocumentError{File: file, Line: k + 1, Column: 1, Found: found, Want: want}
		}
		switch {
		case text == "":
			continue
		case strings.HasPrefix(text, "#"):
			if section = text; section != "#critical" && section != "#tasks" && section != "#edges" && section != "#end" {
				return nil, refuse(model.Quote(text), "#critical, #tasks, #edges or #end")
			}
			continue
		case section == "#critical":
			continue
		case section != "#tasks" && section != "#edges":
			return nil, refuse(model.Quote(text), "#tasks or #edges before it, nothing after #end")
		}
		name, rest, found := strings.Cut(text, ":")
		fields := strings.Split(rest, ",")
		for f := range fields {
			fields[f] = strings.TrimSpace(fields[f])
		}
		switch {
		case !found:
			return nil, refuse(model.Quote(text), "a number and a colon")
		case section == "#edges":
			if len(fields) != 3 {
				return nil, refuse(model.Plural(len(fields), "value"), "three: from, to and the delay")
			}
			data, err := model.ParseQuantity(fields[2])
			if err != nil {
				return nil, refuse(model.Quote(fields[2]), "a delay from 0")
			}
			g.depend("t"+fields[0], "t"+fields[1], data, k+1)
			continue
		case machines == 0:
			machines = len(fields)
			g.alike(machines, unitBandwidth())
		case len(fields) != machines:
			return nil, refuse(model.Plural(len(fields), "time"), fmt.Sprintf("%d, one for each machine", machines))
		}
		task := model.Task{Name: "t" + strings.TrimSpace(name), Replicas: 1}
		for m, field := range fields {
			time, err := model.ParseDecimal(field)
			if err != nil {
				return nil, refuse(model.Quote(field), "a time from 0 with at most six fractional digits")
			}
			task.Durations = append(task.Durations, model.NodeTime{Node: g.in.Nodes[m].Name, Time: time})
		}
		sortTimes(task.Durations)
		g.add(task, k+1)
	}
	if machines == 0 || section != "#end" {
		return nil, &model.DocumentError{File: file, Found: "a file that is not whole", Want: "#tasks, #edges and #end"}
	}
	return g.done(file, func(line int) (int, int) { return line, 1 })
}

// sortTimes puts times into the order that an Instance keeps them in.
func sortTimes(on []model.NodeTime) {
	slices.SortFunc(on, func(a, b model.NodeTime) int { return strings.Compare(a.Node, b.Node) })
}
