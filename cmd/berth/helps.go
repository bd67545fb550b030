package main

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"berth/instances/kube"
	"berth/model"
	"berth/solvers"
	"berth/solvers/conflict"
)

// way is what would let a task in, all else staying placed: changes to the document, or one more
// node.
type way struct {
	Changes  []wayChange `json:"changes,omitempty"`
	Another  string      `json:"another,omitempty"` // one more node like this
	Moves    int         `json:"moves"`             // other replicas that are elsewhere then
	Cheapest bool        `json:"cheapest"`          // no placement with these changes costs less; else perhaps fewer moves would do
}

// How much of the time the question itself gets where it is followed by what would help, and
// how many ways with moves are asked for and, each of another kind, looked at.
const (
	forcePart = 0.6
	mostAsked = 12
	mostMoved = 3
)

// helps finds what would let the task in that is out, or that no placement has there. Where
// others give way, what they cost is in the changes; here they stay.
func (a *app) helps(ctx context.Context, v *verifiedQuestion, r *forcing, s *solving, deadline time.Time) error {
	task := slices.IndexFunc(v.Tasks, func(t model.Task) bool { return t.Name == r.Task })
	var nodes []int
	for k := range v.Nodes {
		if slices.Contains(r.There, v.Nodes[k].Name) {
			nodes = append(nodes, k)
		}
	}
	still, err := conflict.Admit(v.Instance, v.doc.Placement, task, nodes)
	if err != nil {
		return broken(err)
	}
	for _, w := range still {
		r.Help = append(r.Help, way{Changes: changesOf(v.Instance, w), Cheapest: true})
	}
	if r.anywhere {
		like, err := conflict.Another(v.Instance, v.doc.Placement, task)
		if err != nil {
			return broken(err)
		}
		for _, node := range like {
			r.Help = append(r.Help, way{Another: node, Cheapest: true})
		}
	}
	return a.moved(ctx, v, r, s, task, deadline)
}

// moved adds ways that others make smaller by moving.
func (a *app) moved(ctx context.Context, v *verifiedQuestion, r *forcing, s *solving, task int, deadline time.Time) error {
	held := v.held(task, r)
	if held == nil || ctx.Err() != nil {
		return nil
	}
	left := time.Until(deadline) / (mostMoved + 1)
	timed, cancel := context.WithTimeout(ctx, left)
	defer cancel()
	report, err := conflict.Find(timed, held, conflict.Limits{Work: left.Nanoseconds() / 2, Ways: mostAsked})
	if err != nil {
		return nil // what is held asks for more than a document can
	}
	tried, seen := 0, map[string]bool{}
	for _, w := range report.Ways {
		changes := changesOf(held, w)
		if tried == mostMoved || seen[kindsOf(changes)] || !r.useful(w, changes, task) {
			continue
		}
		tried++
		seen[kindsOf(changes)] = true
		changed, err := w.Apply(held)
		if err != nil {
			return broken(err)
		}
		q, err := compile(changed, v.file)
		if err != nil {
			return broken(err)
		}
		result, err := a.hunt(ctx, q, solvers.Auto, s, time.Now().Add(time.Until(deadline)/time.Duration(mostMoved+1-tried)), nil)
		if err != nil {
			return err
		}
		placement, cheapest := w.Placement, false
		if result.Placement != nil {
			found, err := q.problem.Document(model.Feasible, result.Placement, nil)
			if err != nil {
				return broken(err)
			}
			placement, cheapest = found.Placement, result.Status == model.Optimal
		}
		r.Help = append(r.Help, way{Changes: changes, Moves: movesBetween(v.doc.Placement, placement, r.Task), Cheapest: cheapest})
	}
	return nil
}

// held is the instance in which all that is placed has to be, and one more replica of the task, or
// all where an affinity leaves it no part, on the nodes that are asked about; nil where a document
// cannot say that. What is out may stay out at no price, or tasks would move to let it in.
func (v *verifiedQuestion) held(task int, r *forcing) *model.Instance {
	held := *v.Instance
	held.Tasks = slices.Clone(held.Tasks)
	if !r.anywhere {
		held.Given.Fix = append(slices.Clone(held.Given.Fix), model.TaskNodes{Task: r.Task, Nodes: r.There})
	}
	placed := map[string]int{}
	for _, p := range v.doc.Placement {
		placed[p.Task] = len(p.Nodes)
		for _, node := range p.Nodes {
			if node == "" {
				placed[p.Task]--
			}
		}
	}
	for i := range held.Tasks {
		t := &held.Tasks[i]
		want := placed[t.Name]
		switch {
		case i != task:
		case slices.ContainsFunc(v.Rules, func(k model.Rule) bool {
			return k.Kind == model.Affinity && k.Weight == nil && slices.Contains(k.Tasks, t.Name)
		}):
			want = t.Replicas
		default:
			want = min(want+1, t.Replicas)
		}
		switch {
		case want == 0:
			t.Unplaced = new(model.Decimal)
			continue
		case want < len(t.Current):
			return nil
		}
		t.Replicas, t.Unplaced = want, nil
	}
	return &held
}

// useful says whether a way does not leave tasks out or take back the question, and is not
// listed with nothing moving.
func (r *forcing) useful(w conflict.Way, changes []wayChange, task int) bool {
	return !slices.ContainsFunc(w.Changes, func(c conflict.Change) bool {
		return c.Kind == conflict.Placed || c.Kind == conflict.Fix && c.Task == task
	}) && !slices.ContainsFunc(r.Help, func(h way) bool {
		return slices.EqualFunc(h.Changes, changes, func(a, b wayChange) bool { return a.Text == b.Text })
	})
}

// kindsOf is what ways have in common that change the like of one another.
func kindsOf(changes []wayChange) string {
	kinds := ""
	for _, c := range changes {
		kinds += c.Kind + " "
	}
	return kinds
}

// changesOf words the changes of a way.
func changesOf(in *model.Instance, w conflict.Way) []wayChange {
	var list []wayChange
	for _, c := range w.Changes {
		part := conflictPart{Kind: c.Kind.String(), Text: changeText(in, c)}
		list = append(list, wayChange{part, c.Add, c.Allow, c.Limit, c.Least})
	}
	return list
}

// changeText says a change in words; what no node takes is said as it is in a cluster.
func changeText(in *model.Instance, c conflict.Change) string {
	if c.Kind == conflict.Capacity && c.Resource == kube.Taker {
		return fmt.Sprintf("let node %s take what no node takes: by its labels, taints, volumes or the rules about other pods", in.Nodes[c.Node].Name)
	}
	return c.Text(in)
}

// movesBetween counts replicas that are elsewhere in another placement, but for those of a task.
func movesBetween(now, then []model.TaskNodes, but string) int {
	moves := 0
	nodes := map[string][]string{}
	for _, t := range then {
		nodes[t.Task] = t.Nodes
	}
	for _, t := range now {
		if t.Task == but {
			continue
		}
		left, _ := difference(t.Nodes, nodes[t.Task])
		for _, node := range left {
			if node != "" {
				moves++
			}
		}
	}
	return moves
}

// helpText lists what would help, for people.
func (f *forcing) helpText(b *bytes.Buffer) {
	if len(f.Help) == 0 {
		return
	}
	where := "let it in"
	if !f.anywhere {
		where = "let it be there"
	}
	fmt.Fprintf(b, "\nwhat would %s; each was tried, and keeps placed what is placed\n\n", where)
	t := newTable(b, right, left, left)
	for k, h := range f.Help {
		moves := "nothing else moves"
		switch {
		case h.Moves > 0 && h.Cheapest:
			moves = othersMove(h.Moves)
		case h.Moves > 0:
			moves = "at most " + othersMove(h.Moves)
		}
		if h.Another != "" {
			t.row(fmt.Sprint(k+1), "one more node like "+h.Another, moves)
			continue
		}
		for n, c := range h.Changes {
			switch n {
			case 0:
				t.row(fmt.Sprint(k+1), c.Text, moves)
			default:
				t.row("", "and "+c.Text, "")
			}
		}
	}
	t.render()
}

func othersMove(n int) string {
	if n == 1 {
		return "1 other moves"
	}
	return fmt.Sprintf("%d others move", n)
}
