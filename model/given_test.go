package model

import (
	"slices"
	"strings"
	"testing"
)

func TestGivenIsRefused(t *testing.T) {
	few, none := -1, 0
	for _, row := range []struct {
		current string
		given   Given
		want    string
	}{
		{"", Given{Fix: []TaskNodes{{"b", []string{"n1"}}}}, `fix: there is no task "b"`},
		{"", Given{Forbid: []TaskNodes{{"a", []string{"n9"}}}}, `forbid: there is no node "n9"`},
		{"", Given{Forbid: []TaskNodes{{"a", []string{"n1"}}, {"a", []string{"n2"}}}}, "forbid: it leaves task a no node"},
		{"", Given{MaxMoves: &none}, "no task says where it runs today"},
		{"n1", Given{MaxMoves: &few}, "found -1; want 0 or more"},
		{"", Given{Without: []string{"n9"}}, `without: there is no node "n9"`},
		{"n1", Given{Without: []string{"n1", "n2"}}, ""},
		{"n1", Given{Fix: []TaskNodes{{"a", []string{"n1"}}}, Forbid: []TaskNodes{{"a", []string{"n2"}}}, MaxMoves: &none}, ""},
	} {
		in := &Instance{Nodes: []Node{{Name: "n1"}, {Name: "n2"}}, Tasks: []Task{{Name: "a", Replicas: 1}}}
		if row.current != "" {
			in.Tasks[0].Current = []string{row.current}
		}
		in.Given = row.given
		_, err := Compile(in)
		if (err == nil) != (row.want == "") || err != nil && !strings.Contains(err.Error(), row.want) {
			t.Errorf("%+v: %v; want %q", row.given, err, row.want)
		}
	}
}

// Where what is given takes the last node, the reason says so.
func TestGivenIsNamed(t *testing.T) {
	in := &Instance{Nodes: []Node{{Name: "n1"}}, Tasks: []Task{{Name: "a", Replicas: 1}}, Given: Given{Without: []string{"n1"}}}
	p, err := Compile(in)
	if err != nil || !strings.Contains(p.Impossible, "what is given") {
		t.Errorf("%v, %v", p.Impossible, err)
	}
}

// A limit that all who run today may use up is none; without one nothing has to stay.
func TestMoveLimit(t *testing.T) {
	in := &Instance{Nodes: []Node{{Name: "n1"}, {Name: "n2"}}, Tasks: []Task{
		{Name: "a", Replicas: 3, Current: []string{"n1", "n2", "n1"}},
		{Name: "b", Replicas: 1, Current: []string{"n2"}},
		{Name: "c", Replicas: 1, Current: []string{"n1"}},
		{Name: "d", Replicas: 2},
	}, Rules: []Rule{{Kind: Affinity, Tasks: []string{"b", "c"}}}}
	for most, stay := range []int64{5, 4, 3, 2, 1, 0, 0} {
		in.Given.MaxMoves = &most
		p, err := Compile(in)
		if err != nil {
			t.Fatal(err)
		}
		if p.MustStay != stay || (p.Features&MoveLimit != 0) != (stay > 0) {
			t.Errorf("at most %d moves: %d must stay, features %v; want %d", most, p.MustStay, p.Features.Names(), stay)
		}
		// a, and b with c on one node, where either of them has to leave
		want := []Run{{0, 2, 1}, {1, 1, 1}, {0, 1, 1}, {1, 1, 1}}
		if !slices.Equal(p.Runs, want) {
			t.Errorf("it runs on %v, want %v", p.Runs, want)
		}
		if (p.Impossible != "") != (most == 0) {
			t.Errorf("at most %d moves: %q", most, p.Impossible)
		}
	}
}

// What is left out takes nothing of any task, of a placement or of a workflow; where
// nothing is left there is no answer.
func TestWithout(t *testing.T) {
	work := DecimalOne
	for _, workflow := range []bool{false, true} {
		for _, row := range []struct {
			without []string
			want    string
		}{{nil, ""}, {[]string{"n2", "n2"}, ""}, {[]string{"n1"}, "b"}, {[]string{"n1", "n2", "n3"}, "a"}} {
			in := &Instance{
				Workflow: workflow, Weights: Weights{DecimalOne, DecimalOne, DecimalOne, DecimalOne},
				Nodes: []Node{{Name: "n1"}, {Name: "n2"}, {Name: "n3"}},
				Tasks: []Task{{Name: "a", Replicas: 1}, {Name: "b", Replicas: 1}},
				Given: Given{Without: row.without},
			}
			if workflow {
				in.Tasks[0].Work, in.Tasks[1].Durations = &work, []NodeTime{{"n1", work}}
			} else {
				in.Tasks[1].On = &Selector{Nodes: []string{"n1"}}
			}
			p, err := Compile(in)
			if err != nil {
				t.Fatal(err)
			}
			if row.want == "" && p.Impossible != "" || !strings.Contains(p.Impossible, row.want) {
				t.Errorf("without %v: %q, want %q", row.without, p.Impossible, row.want)
			}
			if row.want != "" {
				continue
			}
			var broken []Violation
			if workflow {
				broken = p.EvaluateSchedule(Schedule{{1, 0}, {0, 0}}).Violations
			} else {
				broken = p.Evaluate(Placement{1, 0}).Violations
			}
			if (len(broken) > 0) != (row.without != nil) {
				t.Errorf("without %v: task a on n2 breaks %v", row.without, broken)
			}
			if row.without != nil && !p.Given.equal(&Given{Without: []string{"n2"}}) {
				t.Errorf("given is %+v", p.Given)
			}
		}
	}
}
