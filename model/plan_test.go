package model

import (
	"bytes"
	"strings"
	"testing"
)

const moved = `
format: berth/v1
kind: placement
name: moved
nodes:
  - {name: n1, capacity: {cpu: 4}, labels: {rack: a}}
  - {name: n2, capacity: {cpu: 4}, labels: {rack: a}}
  - {name: n3, capacity: {cpu: 2}, labels: {rack: b}}
tasks:
  - {name: a, demand: {cpu: 2}, current: n1}
  - {name: b, demand: {cpu: 1}, replicas: 2, apart: rack, current: [n2, n3]}
  - {name: c, demand: {cpu: 2}, current: n2, on: [n1, n2]}
  - {name: d, demand: {cpu: 1}, unplaced: 9}
rules:
  - {antiAffinity: [a, c]}
`

func movedProblem(t testing.TB) *Problem {
	t.Helper()
	in, err := Read([]byte(moved), "moved.yaml")
	if err != nil {
		t.Fatal(err)
	}
	p, err := Compile(in)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// What is no placement at all is refused, not followed beyond the nodes that there are.
func TestEvaluateRefuses(t *testing.T) {
	p := movedProblem(t)
	at := make(Placement, p.Copies)
	for _, node := range []int32{int32(len(p.NodeNames)), NoPlace - 1} {
		at[1] = node
		if v := p.Evaluate(at); len(v.Violations) != 1 || !strings.Contains(v.Violations[0].Text, "does not exist") {
			t.Errorf("a copy on node %d: %+v", node, v)
		}
	}
	for _, wrong := range []Placement{at[:len(at)-1], append(at, 0)} {
		if v := p.Evaluate(wrong); len(v.Violations) != 1 || !strings.Contains(v.Violations[0].Text, "the problem has") {
			t.Errorf("%d copies: %+v", len(wrong), v)
		}
	}
}

// A walk refuses what breaks a rule on the way, though all is well at the end.
func TestVerifyPlan(t *testing.T) {
	p := movedProblem(t)
	const stay = `"placement": {"a": "n1", "b": ["n2", "n3"], "c": "n2", "d": null}`
	for name, c := range map[string]struct{ waves, placement, want string }{
		"nothing moves":          {`[]`, stay, ""},
		"there and back":         {`[[{"task": "b", "from": "n2", "to": "n1"}], [{"task": "b", "from": "n1", "to": "n2"}]]`, stay, ""},
		"an empty wave":          {`[[]]`, stay, ""},
		"a replica starts":       {`[[{"task": "d", "to": "n1"}]]`, `"placement": {"a": "n1", "b": ["n3", "n2"], "c": "n2", "d": "n1"}`, ""},
		"too much at once":       {`[[{"task": "a", "from": "n1", "to": "n3"}]]`, stay, "during wave 1: node n3 is asked for 3 of cpu and has 2"},
		"together on the way":    {`[[{"task": "c", "from": "n2", "to": "n1"}], [{"task": "c", "from": "n1", "to": "n2"}]]`, stay, "tasks a and c share node n1"},
		"the two change places":  {`[[{"task": "c", "from": "n2", "to": "n1"}, {"task": "a", "from": "n1", "to": "n2"}]]`, `"placement": {"a": "n2", "b": ["n2", "n3"], "c": "n1", "d": null}`, "during wave 1: rules[0]"},
		"apart on the way":       {`[[{"task": "b", "from": "n3", "to": "n1"}], [{"task": "b", "from": "n1", "to": "n3"}]]`, stay, "two replicas of task b share a rack"},
		"where it may not be":    {`[[{"task": "c", "from": "n2", "to": "n3"}], [{"task": "c", "from": "n3", "to": "n2"}]]`, stay, "task c may not run on node n3"},
		"from where it is not":   {`[[{"task": "a", "from": "n2", "to": "n1"}]]`, stay, "a has no replica on n2"},
		"twice in a wave":        {`[[{"task": "a", "from": "n1", "to": "n2"}, {"task": "a", "from": "n1", "to": "n2"}]]`, stay, "wave 1, move 2: a has no replica on n1"},
		"a task of nobody":       {`[[{"task": "x", "from": "n1", "to": "n2"}]]`, stay, "x has no replica"},
		"to a node of nobody":    {`[[{"task": "b", "from": "n2", "to": "n9"}], [{"task": "b", "from": "n1", "to": "n2"}]]`, stay, "b has no replica on n2 to be moved to n9"},
		"from a node of nobody":  {`[[{"task": "a", "from": "n9", "to": "n2"}]]`, stay, "a has no replica on n9"},
		"stops on the way":       {`[[{"task": "b", "from": "n3"}], [{"task": "b", "to": "n3"}]]`, stay, "1 replicas of task b start and 1 stop"},
		"elsewhere at the end":   {`[[{"task": "b", "from": "n2", "to": "n1"}]]`, stay, "after the last wave task b"},
		"what the judge refuses": {`[]`, `"placement": {"a": "n1", "b": ["n2", "n3"], "c": "n1", "d": null}`, "placement: rules[0]"},
		"more than at a time":    {`[[{"task": "b", "from": "n2", "to": "n1"}, {"task": "d", "to": "n2"}]]`, `"placement": {"a": "n1", "b": ["n1", "n3"], "c": "n2", "d": "n2"}`, "at most 1 may be made at a time"},
		"a bound above the plan": {`[]`, stay + `, "fewest": 3`, "fewest is 3"},
	} {
		t.Run(name, func(t *testing.T) {
			text := `{"format": "berth/v1", "kind": "plan", "instanceDigest": "` + p.Digest + `", "parallel": 9, "waves": ` + c.waves + `, ` + c.placement + `}`
			if strings.HasPrefix(c.want, "at most 1") {
				text = strings.Replace(text, `"parallel": 9`, `"parallel": 1`, 1)
			}
			plan, err := ReadPlan([]byte(text), "plan.json")
			if err != nil {
				t.Fatal(err)
			}
			failed := strings.Join(p.VerifyPlan(plan), "\n")
			if (failed == "") != (c.want == "") || !strings.Contains(failed, c.want) {
				t.Errorf("it says %q, want %q", failed, c.want)
			}
		})
	}
}

func FuzzReadPlan(f *testing.F) {
	p := movedProblem(f)
	head := `{"format":"berth/v1","kind":"plan","instanceDigest":"` + p.Digest + `",`
	for _, rest := range []string{
		`"waves":[],"placement":{"a":"n1","b":["n2","n3"],"c":"n2","d":null}}`,
		`"parallel":2,"moves":1,"fewest":1,"waves":[[{"task":"d","to":"n1"}]],"placement":{"a":"n1","b":["n2","n3"],"c":"n2","d":"n1"}}`,
		`"given":{"maxMoves":1},"waves":[[{"task":"b","from":"n2"}]],"placement":{}}`,
		`"waves":[[{"task":"a","from":"n1","to":"n1"}]],"placement":{}}`,
		`"moves":7,"waves":[[]],"placement":{"a":"n9"}}`,
	} {
		f.Add([]byte(head + rest))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		plan, err := ReadPlan(data, "fuzz")
		if err != nil {
			checkComplete(t, err)
			return
		}
		p.VerifyPlan(plan)
		var first, second bytes.Buffer
		if err := plan.Write(&first); err != nil {
			t.Fatal(err)
		}
		back, err := ReadPlan(first.Bytes(), "back")
		if err != nil {
			t.Fatalf("%v\n%s", err, first.Bytes())
		}
		if err := back.Write(&second); err != nil || !bytes.Equal(first.Bytes(), second.Bytes()) {
			t.Fatalf("%v\n%s\nthen\n%s", err, first.Bytes(), second.Bytes())
		}
	})
}
