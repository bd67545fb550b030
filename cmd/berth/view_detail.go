package main

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"berth/model"
)

// showNode is everything on one node.
func (t *viewer) showNode(name string) ([]byte, error) {
	node := slices.IndexFunc(t.Instance.Nodes, func(n model.Node) bool { return n.Name == name })
	if node < 0 {
		return nil, fmt.Errorf("--node: %w", model.NotKnown("node", name, t.Problem.NodeNames))
	}
	t.head()
	if t.Bill == nil {
		return t.b.Bytes(), nil
	}
	n := &t.Instance.Nodes[node]
	var labels []string
	for _, l := range n.Labels {
		labels = append(labels, plainText(l.Key+"="+l.Value))
	}
	t.heading("node " + plainText(name))
	if len(labels) > 0 {
		t.line(" " + strings.Join(labels, ", "))
	}
	if cost := t.Bill.Open[node]; cost > 0 {
		t.line(" being in use costs " + t.Problem.Format(cost))
	}
	t.bars([]int{node})
	t.tasksOn(node)
	t.trafficOf(node)
	return t.b.Bytes(), nil
}

// tasksOn lists the tasks on a node, the largest first.
func (t *viewer) tasksOn(node int) {
	p := t.Problem
	stack := t.Stack(node)
	_, capacity := t.Load(node)
	if len(stack) == 0 {
		t.line(" nothing is on it")
		return
	}
	cost := map[int]*model.Terms{} // by task
	for _, r := range t.On(node) {
		task, _ := t.TaskOf(r)
		if cost[task] == nil {
			cost[task] = &model.Terms{}
		}
		cost[task].Fetch += t.Bill.Own[r].Fetch
		cost[task].Move += t.Bill.Own[r].Move
	}
	header, sides := []string{"task"}, []side{left}
	for _, resource := range p.Resources {
		header, sides = append(header, shortName(resource)), append(sides, right)
	}
	rows := [][]string{append(header, "home", "costs")}
	for _, s := range stack {
		row := []string{t.segmentName(s)}
		for r, amount := range s.Takes {
			row = append(row, amounts(p, r, capacity[r])(amount))
		}
		rows = append(rows, append(row, t.homes(s.Task), worded(t.Problem, *cost[s.Task])))
	}
	t.heading(model.Plural(len(t.On(node)), "replica") + " on it")
	t.fit(rows, append(sides, left, left)...)
}

// trafficOf lists where the traffic of a node goes.
func (t *viewer) trafficOf(node int) {
	rows := [][]string{{"traffic with", "volume", "cost"}}
	sum := int64(0)
	for _, e := range t.Exchanges(t.Groupings()[0]) {
		if e.From != int32(node) && e.To != int32(node) {
			continue
		}
		other := t.nodeName(e.From + e.To - int32(node))
		if e.From == e.To {
			other = "itself"
		}
		sum += e.Cost
		if len(rows) <= shownPlaces {
			rows = append(rows, []string{other, number(e.Volume), t.Problem.Format(e.Cost)})
		}
	}
	if len(rows) > 1 {
		t.heading("its traffic costs " + t.Problem.Format(sum))
		t.fit(rows, left, right, right)
	}
}

// showTask is one task: its replicas, what each costs where it is, and what keeps it
// from where it would cost less.
func (t *viewer) showTask(name string) ([]byte, error) {
	task := slices.IndexFunc(t.Instance.Tasks, func(n model.Task) bool { return n.Name == name })
	if task < 0 {
		return nil, fmt.Errorf("--task: %w", model.NotKnown("task", name, namesOf(t.Instance.Tasks)))
	}
	t.head()
	if t.Bill == nil {
		return t.b.Bytes(), nil
	}
	t.heading("task " + plainText(name))
	t.aboutTask(task)
	t.replicas(task)
	t.reads(func(read model.Unserved) bool { return int(read.Task) == task })
	t.partners(task)
	t.rulesOf(task)
	return t.b.Bytes(), nil
}

// replicas lists the nodes of a task's replicas with what these pay there, and the
// traffic that ends there.
func (t *viewer) replicas(task int) {
	name := t.Instance.Tasks[task].Name
	traffic := map[int32]int64{}
	for k := range t.Instance.Traffic {
		for end, other := range t.Instance.Traffic[k].Between {
			if other != name {
				continue
			}
			for _, f := range t.FlowsOf(k) {
				traffic[f.Nodes[end]] += f.Cost
			}
		}
	}
	var order []int32 // the first replica on each node
	count, own := map[int32]int{}, map[int32]*model.Terms{}
	span := t.Problem.Replicas(task)
	for r := span.From; r < span.To; r++ {
		node := t.Bill.At[r]
		if count[node]++; count[node] == 1 {
			order = append(order, r)
			own[node] = &model.Terms{}
		}
		own[node].Fetch += t.Bill.Own[r].Fetch
		own[node].Move += t.Bill.Own[r].Move
		own[node].Unplaced += t.Bill.Own[r].Unplaced
	}
	rows := [][]string{{"node", "replicas", "costs there", "what keeps it from the node it wants"}}
	for _, r := range order {
		node := t.Bill.At[r]
		own[node].Traffic = traffic[node]
		rows = append(rows, []string{t.nodeName(node), fmt.Sprint(count[node]), worded(t.Problem, *own[node]), plainText(t.Kept(r, true))})
	}
	t.b.WriteByte('\n')
	t.fit(rows, left, right, left, left)
}

func namesOf(tasks []model.Task) []string {
	names := make([]string, len(tasks))
	for i := range tasks {
		names[i] = tasks[i].Name
	}
	return names
}

// aboutTask says what a task needs and where it would be.
func (t *viewer) aboutTask(i int) {
	task := &t.Instance.Tasks[i]
	var demand []string
	for _, a := range task.Demand {
		demand = append(demand, plainText(a.Resource)+" "+a.Quantity.String())
	}
	if len(demand) > 0 {
		t.line(" takes " + strings.Join(demand, ", "))
	}
	if homes := t.Home(i); len(homes) > 0 {
		t.line(" at home on " + few(homes, 8))
	}
	if len(task.Current) > 0 {
		t.line(" runs today on " + few(task.Current, 8))
	}
	if task.Apart != "" {
		t.line(" replicas apart by " + plainText(task.Apart))
	}
}

// partners lists whom a task exchanges with.
func (t *viewer) partners(task int) {
	name := t.Instance.Tasks[task].Name
	var pairs []int
	sum := int64(0)
	for k := range t.Instance.Traffic {
		if slices.Contains(t.Instance.Traffic[k].Between[:], name) {
			pairs = append(pairs, k)
			sum += t.Bill.Traffic[k]
		}
	}
	if len(pairs) == 0 {
		return
	}
	slices.SortStableFunc(pairs, func(a, b int) int { return cmp.Compare(t.Bill.Traffic[b], t.Bill.Traffic[a]) })
	t.heading("its traffic costs " + t.Problem.Format(sum))
	rows := [][]string{{"with", "volume", "cost", "between nodes"}}
	for _, k := range pairs[:min(len(pairs), shownPlaces)] {
		traffic := &t.Instance.Traffic[k]
		other := traffic.Between[0]
		if other == name {
			other = traffic.Between[1]
		}
		rows = append(rows, []string{
			shortName(other), traffic.Volume.String(), t.Problem.Format(t.Bill.Traffic[k]), t.flowsOf(k),
		})
	}
	t.fit(rows, left, right, right, left)
	if more := len(pairs) - shownPlaces; more > 0 {
		t.line(fmt.Sprintf(" … and %d more that cost less", more))
	}
}

// rulesOf lists the rules that name a task.
func (t *viewer) rulesOf(task int) {
	name := t.Instance.Tasks[task].Name
	rows := [][]string{{"rule", "of", "if broken"}}
	for k := range t.Instance.Rules {
		rule := &t.Instance.Rules[k]
		if !slices.Contains(rule.Tasks, name) || len(rows) > shownWishes {
			continue
		}
		price := "not allowed"
		if rule.Weight != nil {
			price = "costs " + rule.Weight.String() + ", kept"
			if cost := t.Bill.Wishes[k]; cost > 0 {
				price = "costs " + rule.Weight.String() + ", broken " + times(t.Bill.Broken[k])
			}
		}
		rows = append(rows, []string{ruleKind(rule), few(rule.Tasks, 6), price})
	}
	if len(rows) > 1 {
		t.heading("its rules")
		t.fit(rows, left, left, left)
	}
}

// number is a rounded number, for volumes that are shared out.
func number(x float64) string {
	return brief(strings.TrimSuffix(strings.TrimRight(fmt.Sprintf("%.6f", x), "0"), "."))
}
