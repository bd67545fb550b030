package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"berth/model"
	"berth/search"
	"berth/solvers/frontier"
	"berth/view"
)

// frontierDoc is the curve of cost against moves, as JSON.
type frontierDoc struct {
	Instance       string          `json:"instance"`
	InstanceDigest string          `json:"instanceDigest"`
	Complete       bool            `json:"complete"` // false: the points are those that there was time for
	Points         []frontierPoint `json:"points"`   // by moves, ascending
}

// frontierPoint is the best that is known with so many moves.
type frontierPoint struct {
	Moves     int             `json:"moves"` // at most so many replicas leave
	Left      *int            `json:"left"`  // so many do
	Status    model.Status    `json:"status"`
	Objective *json.Number    `json:"objective"`
	Bound     *json.Number    `json:"bound"`
	Solution  json.RawMessage `json:"solution"` // the whole document
}

// frontier draws the curve. The time that is left is shared out evenly among the
// points to come; the best of all gets half of it.
func (a *app) frontier(ctx context.Context, file string, s *solving, method *search.Method, deadline time.Time) error {
	if s.given.MaxMoves != nil || s.warm != "" {
		return errors.New("--frontier limits moves itself and begins each point with the one before; leave --max-moves and --warm out")
	}
	q, err := a.readInTime(ctx, file, s, deadline)
	if err != nil {
		return err
	}
	if q.Workflow {
		return fmt.Errorf("%s is a workflow, in which nothing runs today; leave --frontier out", shownName(file))
	}
	if !q.problem.RunsToday() {
		return fmt.Errorf("%s: no task says where it runs today, so that nothing can move; add `current` to the tasks", shownName(file))
	}
	inTime := ctx
	if !deadline.IsZero() {
		var cancel context.CancelFunc
		inTime, cancel = context.WithDeadline(ctx, deadline)
		defer cancel()
	}
	points, complete, err := frontier.Curve(inTime, q.Instance, func(ctx context.Context, p *model.Problem, warm model.Placement, more int) (*search.Result, error) {
		if err := handles(method, p); err != nil {
			return nil, err
		}
		until := deadline
		if !until.IsZero() {
			until = time.Now().Add(time.Until(deadline) / time.Duration(more+1))
		}
		var offer func(*search.Board)
		if warm != nil {
			offer = func(b *search.Board) { b.Offer(warm, p.Evaluate(warm).Cost) }
		}
		return a.hunt(ctx, &question{q.Instance, p}, method, s, until, offer)
	})
	if errors.Is(err, frontier.ErrNothing) {
		return &failure{statusNothing, err}
	}
	if err != nil {
		return err
	}
	if points[0].Moves < 0 {
		fmt.Fprintf(a.err, "berth: no placement exists%s\n", because(reasons(ctx, q.problem, 0, deadline)))
		return answered(statusInfeasible)
	}
	if err := a.writeFrontier(q, points, complete, s); err != nil {
		return err
	}
	if s.out.watched() {
		fmt.Fprintln(a.err, frontierHeadline(q, points, complete))
	}
	return nil
}

func (a *app) writeFrontier(q *question, points []frontier.Point, complete bool, s *solving) error {
	switch {
	case s.html:
		return s.out.writeBy(drawnFrontier(q, points, complete).WriteHTML)
	case s.out.table():
		return s.out.write(frontierText(q, points, complete))
	}
	doc, err := a.frontierDocument(q, points, complete, s)
	if err != nil {
		return err
	}
	return s.out.writeJSON(doc)
}

// frontierHeadline says in a line where the curve begins and where it ends.
func frontierHeadline(q *question, points []frontier.Point, complete bool) string {
	first, last := points[slices.IndexFunc(points, func(pt frontier.Point) bool { return pt.Placement != nil })], points[len(points)-1]
	text := fmt.Sprintf("%s: cost %s with %s", title(q.problem), first.Problem.Format(first.Cost), model.Plural(first.Moves, "move"))
	if last.Moves > first.Moves {
		text += fmt.Sprintf(", %s with %d", last.Problem.Format(last.Cost), last.Moves)
	}
	if !complete {
		text += "; there was no time for all points between"
	}
	return text
}

func (a *app) frontierDocument(q *question, points []frontier.Point, complete bool, s *solving) (*frontierDoc, error) {
	doc := &frontierDoc{Instance: q.Name, InstanceDigest: q.problem.Digest, Complete: complete}
	for k := range points {
		pt := &points[k]
		bound := known(pt.Bound, search.NoBound)
		if pt.Status == model.Infeasible {
			bound = nil
		}
		solution, err := pt.Problem.Document(pt.Status, pt.Placement, bound)
		if err != nil {
			return nil, broken(err)
		}
		solution.Solver, solution.Seed = s.solver, s.seed
		var text bytes.Buffer
		if err := solution.Write(&text); err != nil {
			return nil, broken(err)
		}
		row := frontierPoint{Moves: pt.Moves, Status: pt.Status, Solution: text.Bytes()}
		if pt.Placement != nil {
			left := pt.Left()
			cost := json.Number(solution.Objective)
			row.Left, row.Objective = &left, &cost
		}
		if solution.Bound != "" {
			least := json.Number(solution.Bound)
			row.Bound = &least
		}
		doc.Points = append(doc.Points, row)
	}
	return doc, nil
}

// frontierText is the curve as a table: what each further move saves.
func frontierText(q *question, points []frontier.Point, complete bool) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "%s: what moves buy\n\n", title(q.problem))
	t := newTable(&b, right, right, right, right, left)
	t.row("moves", "cost", "saves", "bound", "")
	for k := range points {
		pt := &points[k]
		cost, saves, bound := "–", "", "–"
		if pt.Bound != search.NoBound && pt.Status != model.Infeasible {
			bound = pt.Problem.Format(pt.Bound)
		}
		if pt.Placement != nil {
			cost = pt.Problem.Format(pt.Cost)
			if k > 0 && points[k-1].Placement != nil {
				saves = pt.Problem.Format(points[k-1].Cost - pt.Cost)
			}
		}
		t.row(fmt.Sprint(pt.Moves), cost, saves, bound, string(pt.Status))
	}
	t.render()
	if complete {
		fmt.Fprintf(&b, "\nno lower cost is known with more than %s\n", model.Plural(points[len(points)-1].Moves, "move"))
	} else {
		b.WriteString("\nthe points between are those that there was time for\n")
	}
	return b.Bytes()
}

func drawnFrontier(q *question, points []frontier.Point, complete bool) *view.Frontier {
	drawn := &view.Frontier{Title: title(q.problem), Complete: complete}
	for k := range points {
		pt := &points[k]
		d := view.FrontierPoint{Moves: pt.Moves, Status: pt.Status}
		if pt.Placement != nil {
			d.Cost = model.Number(pt.Problem.Format(pt.Cost))
		}
		if pt.Bound != search.NoBound && pt.Status != model.Infeasible {
			d.Bound = model.Number(pt.Problem.Format(pt.Bound))
		}
		drawn.Points = append(drawn.Points, d)
	}
	return drawn
}
