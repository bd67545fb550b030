package proof_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"berth/encode"
	"berth/instances"
	"berth/internal/bruteforce"
	"berth/internal/compiled"
	"berth/model"
	"berth/proof"
	"berth/solvers/certify"
)

const five = `
format: berth/v1
kind: placement
name: five
nodes:
  - {name: a, capacity: {memory: 10}}
  - {name: b, capacity: {memory: 10}}
  - {name: c, capacity: {memory: 9}}
tasks:
  - {name: t1, demand: {memory: 6}, home: a, fetch: {b: 4, c: 7}}
  - {name: t2, demand: {memory: 4}, home: a, fetch: {b: 5, c: 3}}
  - {name: t3, demand: {memory: 5}, home: a, fetch: {b: 6, c: 8}}
  - {name: t4, demand: {memory: 4}, home: b, fetch: {a: 6, c: 5}}
  - {name: t5, demand: {memory: 7}, home: b, fetch: {a: 6, c: 9}}
`

// fiveProof has a step of every kind. x1, x2 and x3 are t1 on a, b and c, and so on; r1 to
// r5 say that the tasks are placed, r6 to r8 what the nodes hold.
const fiveProof = `berth proof 1
instance DIGEST
bound 13
below 13
cut 1 x7:1 x1:1 x13:1 from r6:1
branch x1=0
cut 1 x14:1 x11:1 from r7:1
price 2 r1:14 r3:14 r4:10 r5:13 r7:-1 c1:-14 c2:-6
else
cut 1 x14:1 x11:1 from r7:1
price 2 r1:14 r3:14 r4:10 r5:13 r7:-1 c1:-14 c2:-6
end
qed
`

func TestCheck(t *testing.T) {
	p := compiled.Document(t, five)
	bound, feasible, err := proof.Check(strings.NewReader(honest(p)), "proof", p)
	if err != nil || !feasible || p.Format(bound) != "13" {
		t.Fatalf("bound %d, feasible %v: %v", bound, feasible, err)
	}
}

func honest(p *model.Problem) string { return strings.Replace(fiveProof, "DIGEST", p.Digest, 1) }

// A forgery for each way to be wrong.
func TestForgeries(t *testing.T) {
	p := compiled.Document(t, five)
	for _, c := range []struct{ name, from, to, want string }{
		{"nothing", honest(p), "", "proof:1: this is no proof"},
		{"another format", "berth proof 1", "berth proof 2", "its first line would be"},
		{"another instance", p.Digest, "sha256:00", "the proof is about instance sha256:00"},
		{"another question", "bound 13\n", "given {\"fix\":{\"a\":[\"n1\"]}}\nbound 13\n", "proof:3: this was asked beside the instance"},
		{"no bound", "bound 13\n", "", `found "below", want bound`},
		{"a bound that is no number", "bound 13", "bound 1/2", `found "1/2", want a cost or none`},
		{"a bound beyond all", "bound 13", "bound 99999999999999999999", "too large"},
		{"a limit under the bound", "below 13", "below 12", "is left out"},
		{"a limit where nothing is feasible", "bound 13", "bound none", "is left out"},
		{"a higher bound", "bound 13\nbelow 13", "bound 14\nbelow 14", "x1=0: what is left here is not shown"},
		{"no limit", "below 13", "below none", "x1=0: what is left here is not shown"},
		{"nothing is feasible", "bound 13\nbelow 13", "bound none\nbelow none", "not shown"},
		{"a cut that does not follow", "cut 1 x7:1", "cut 0 x7:1", "proof:5: the proof does not hold: the cut does not follow"},
		{"a cut of a stranger", "cut 1 x7:1 x1:1 x13:1 from r6:1", "cut 1 x7:1 x1:1 x14:1 from r6:1", "the cut does not follow: 2 on its left side weighs 5, and 10 fits"},
		{"a cut from the wrong side", "from r6:1\n", "from r6:-1\n", "r6: a multiplier has the wrong sign"},
		{"a cut from no row", "from r6:1\n", "from r9:1\n", "r9: there is no such row"},
		{"a cut from a cut to come", "from r6:1\n", "from c1:1\n", "c1: there is no such row"},
		{"a cut with a variable twice", "x7:1 x1:1", "x7:1 x7:1", `found "x7:1", want one of x1 to x15, each once`},
		{"a cut without its rows", " from r6:1", "", "the line ends where a term or from is wanted"},
		{"a cut with large numbers", "cut 1 x7:1", "cut 1 x7:1152921504606846977", "too large"},
		{"a cut out of its part", "else\ncut 1 x14:1 x11:1 from r7:1\n", "else\n", "c2: there is no such row"},
		{"a price of the wrong sign", "c1:-14", "c1:14", "c1: a multiplier has the wrong sign"},
		{"a price beyond all", "r1:14 r3", "r1:9223372036854775807 r3", "r1: it is multiplied by more than"},
		{"a price of no row", "r7:-1", "r77:-1", "r77: there is no such row"},
		{"a price that says less", "r1:14", "r1:4", "not shown"},
		{"no denominator", "price 2", "price", `found "r1:14", want a denominator`},
		{"a denominator below 0", "price 2", "price -2", "the denominator must be"},
		{"a contradiction that is none", "price 2", "price 0", "x1=0: what is left here is not shown"},
		{"a missing price", "price 2 r1:14 r3:14 r4:10 r5:13 r7:-1 c1:-14 c2:-6\n", "", "proof:8: the proof does not hold: x1=0: what is left here"},
		{"a branch on nothing", "branch x1=0", "branch x16=1", `found "x16=1", want one of x1 to x15`},
		{"a branch on half", "branch x1=0", "branch x1=2", "at 0 or 1"},
		{"no branch", "branch x1=0\n", "", "found else where no branch waits"},
		{"no else", "else\n", "", "found end where no else waits"},
		{"no end", "end\n", "", "what is left here"},
		{"cut off", "qed\n", "", "proof:12: the proof does not hold: the proof is cut off here"},
		{"qed too soon", "branch x1=0", "qed\nbranch x1=0", "proof:6: the proof does not hold: what is left here"},
		{"more after qed", "qed\n", "qed\nqed\n", "there is more after qed"},
		{"words too much", "qed\n", "qed really\n", `"really" is too much here`},
		{"an unknown step", "branch x1=0", "guess x1=0", `found "guess", want cut, price, learn, branch`},
	} {
		t.Run(c.name, func(t *testing.T) {
			text := strings.Replace(honest(p), c.from, c.to, 1)
			if text == honest(p) {
				t.Fatal("nothing was forged")
			}
			_, _, err := proof.Check(strings.NewReader(text), "proof", p)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("%v, want %q\n%s", err, c.want, text)
			}
		})
	}
}

// keptProof is a proof in one step, within what the nodes hold.
const keptProof = `berth proof 1
instance DIGEST
bound 13
below 13
price 1024 r1:53440 r2:10659 r3:53436 r4:13553 r5:62915 within r6 r7 r8
qed
`

func TestWithin(t *testing.T) {
	p := compiled.Document(t, five)
	honest := strings.Replace(keptProof, "DIGEST", p.Digest, 1)
	for _, c := range []struct{ name, from, to, want string }{
		{"as it is", "", "", ""},
		{"a row multiplied as well", "within", "r6:-1 within", ""},
		{"a higher bound", "bound 13\nbelow 13", "bound 14\nbelow 14", "what is left here is not shown"},
		{"a multiplier less", " r1:53440 r2:10659 r3:53436", "", "what is left here is not shown"},
		{"a row less", " r8", "", "what is left here is not shown"},
		{"no rows", " within r6 r7 r8", "", "what is left here is not shown"},
		{"an equation", "within r6", "within r1", "an equation cannot be kept"},
		{"a row twice", "r7 r8", "r7 r7", "x2 is in two of the rows that are kept"},
		{"no such row", "r7 r8", "r7 r9", "r9: there is no such row"},
		{"a cut that is not there", "r7 r8", "r7 c1", "c1: there is no such row"},
		{"a multiplier", "r7 r8", "r7 r8:1", `found "r8:1", want a row r1, r2`},
		{"numbers beyond all", "price 1024 r1:53440", "price 4398046511104 r1:4398046511104 r1:4398046511104", "what is left here is not shown"},
	} {
		t.Run(c.name, func(t *testing.T) {
			bound, feasible, err := proof.Check(strings.NewReader(strings.Replace(honest, c.from, c.to, 1)), "proof", p)
			switch {
			case c.want == "" && (err != nil || !feasible || p.Format(bound) != "13"):
				t.Errorf("bound %d, feasible %v: %v", bound, feasible, err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("%v, want %q", err, c.want)
			}
		})
	}
}

// A row with amounts beyond every table is refused.
func TestWithinLimits(t *testing.T) {
	p := compiled.Document(t, strings.NewReplacer("10}", "1000000000}", "6}", "600000001}", "4}", "400000001}").Replace(five))
	text := "berth proof 1\ninstance " + p.Digest + "\nbound 1000\nbelow 1000\nprice 1 r1:50 r2:50 r3:50 r4:50 r5:50 within r6 r7 r8\nqed\n"
	if _, _, err := proof.Check(strings.NewReader(text), "proof", p); err == nil || !strings.Contains(err.Error(), "its table would be too large") {
		t.Error(err)
	}
}

// Three nodes cost something to use, and two are needed: the sum of all rows says how much room
// there must be, and the cheapest nodes that have it are found within that.
func TestWithinASum(t *testing.T) {
	p := compiled.Document(t, `
format: berth/v1
kind: placement
name: open
weights: {open: 1}
nodes: [{name: a, capacity: {cpu: 10}, openCost: 7}, {name: b, capacity: {cpu: 9}, openCost: 5}, {name: c, capacity: {cpu: 8}, openCost: 4}]
tasks: [{name: t, demand: {cpu: 6}}, {name: u, demand: {cpu: 5}}, {name: v, demand: {cpu: 3}}]
`)
	g := encode.Build(p)
	sum := map[int32]int64{}
	var from []string
	for r := range g.Rows {
		row, times := &g.Rows[r], int64(0)
		switch row.Origin.Kind {
		case encode.Capacity:
			times = 1
		case encode.Assignment:
			times = -p.Demands[p.Items[row.Origin.A].Demand].Usual()[0]
		default:
			continue
		}
		for _, term := range row.Terms {
			sum[term.Var] += times * term.Coef
		}
		from = append(from, fmt.Sprintf("r%d:%d", r+1, times))
	}
	cut := "cut -14"
	for v := range int32(len(g.Vars)) {
		if sum[v] != 0 {
			cut += fmt.Sprintf(" x%d:%d", v+1, sum[v])
		}
	}
	head := func(bound string) string {
		return "berth proof 1\ninstance " + p.Digest + "\nbound " + bound + "\nbelow " + bound + "\n"
	}
	for _, c := range []struct{ name, text, want string }{
		{"two nodes", head("9") + cut + " from " + strings.Join(from, " ") + "\nprice 1 within c1\nqed\n", ""},
		{"more", head("10") + cut + " from " + strings.Join(from, " ") + "\nprice 1 within c1\nqed\n", "is not shown"},
		{"less room", head("9") + strings.Replace(cut, "-14", "-18", 1) + " from " + strings.Join(from, " ") + "\nprice 1 within c1\nqed\n", "does not follow"},
		{"another row", head("9") + strings.Replace(cut, ":-10", ":-2", 1) + " from " + strings.Join(from, " ") + "\nprice 1 within c1\nqed\n", "does not follow"},
	} {
		_, _, err := proof.Check(strings.NewReader(c.text), "proof", p)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q\n%s", c.name, err, c.want, c.text)
		}
	}
}

// Four tasks of which no two may share a node do not fit on three; that is learned in steps.
func TestLearn(t *testing.T) {
	p := compiled.Document(t, `
format: berth/v1
kind: placement
name: apart
nodes: [{name: a, capacity: {cpu: 10}}, {name: b, capacity: {cpu: 10}}, {name: c, capacity: {cpu: 10}}]
tasks: [{name: t, demand: {cpu: 1}}, {name: u, demand: {cpu: 2}}, {name: v, demand: {cpu: 3}}, {name: w, demand: {cpu: 4}}]
rules:
  - {antiAffinity: [t, u]}
  - {antiAffinity: [t, v]}
  - {antiAffinity: [t, w]}
  - {antiAffinity: [u, v]}
  - {antiAffinity: [u, w]}
  - {antiAffinity: [v, w]}
`)
	head := "berth proof 1\ninstance " + p.Digest + "\nbound none\nbelow none\n"
	for _, c := range []struct{ steps, want string }{
		{"learn x1=0 x5=0\nlearn x1=0 x6=0\nlearn x1=0\nlearn x2=0 x4=0\nlearn x2=0\nlearn x4=0\nqed\n", ""},
		{"learn x1=0 x5=0\nlearn x1=0\nlearn x2=0 x4=0\nlearn x2=0\nbranch x4=1\nelse\nend\nqed\n", ""},
		{"learn x1=0\nqed\n", "proof:5: the proof does not hold: nothing refutes that all of them fail"},
		{"learn x1=0 x5=0\nlearn x2=0\nqed\n", "proof:6: the proof does not hold: nothing refutes"},
		{"qed\n", "what is left here is not shown"},
		{"learn\nqed\n", "proof:5: the proof does not hold: nothing refutes that all of them fail"},
		{"learn x1=1 x2=1\nqed\n", "nothing refutes"},
		{"branch x1=1\nlearn x2=0\nelse\nlearn x2=0\nend\nqed\n", "outside of all branches"},
		{"learn x99=0\nqed\n", "want one of x1 to"},
		{"learn x1\nqed\n", "want a name"},
	} {
		_, feasible, err := proof.Check(strings.NewReader(head+c.steps), "proof", p)
		switch {
		case c.want == "" && (err != nil || feasible):
			t.Errorf("%q: feasible %v: %v", c.steps, feasible, err)
		case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
			t.Errorf("%q: %v, want %q", c.steps, err, c.want)
		}
	}
}

// Whatever a line of a proof is changed to: what the checker still believes is true.
func TestForgeriesByChance(t *testing.T) {
	believed, refused := 0, 0
	for seed := range uint64(60) {
		p := compiled.Instance(t, instances.Mixed(seed, 5, 3))
		best, cost, ok := bruteforce.Solve(p)
		if !ok || best == nil {
			continue
		}
		c, err := certify.Make(p, cost, unlimited)
		if err != nil || c == nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if err := c.Write(&b); err != nil {
			t.Fatal(err)
		}
		lines := strings.SplitAfter(b.String(), "\n")
		random := rand.New(rand.NewPCG(seed, 0))
		for range 40 {
			text := strings.Join(forge(random, lines), "")
			bound, feasible, err := proof.Check(strings.NewReader(text), "proof", p)
			switch {
			case err != nil:
				refused++
			case !feasible || bound > cost:
				t.Fatalf("seed %d: the checker believes a bound of %s (feasible: %v), and the optimum is %s\n%s",
					seed, p.Format(bound), feasible, p.Format(cost), text)
			default:
				believed++
			}
		}
	}
	if believed < 100 || refused < 100 {
		t.Errorf("%d believed, %d refused: the test tests little", believed, refused)
	}
}

var unlimited = certify.Limit{Spare: math.MaxInt64, Work: func(float64) func(int64) bool { return func(int64) bool { return true } }}

// forge changes some lines behind the instance's.
func forge(random *rand.Rand, honest []string) []string {
	lines := append([]string{}, honest...)
	for range 1 + random.IntN(3) {
		at := 2 + random.IntN(len(lines)-2)
		switch random.IntN(4) {
		case 0:
			lines[at] = ""
		case 1:
			other := 2 + random.IntN(len(lines)-2)
			lines[at], lines[other] = lines[other], lines[at]
		default:
			if digits := strings.IndexAny(lines[at], "0123456789"); digits >= 0 {
				from := digits + random.IntN(len(lines[at])-digits)
				lines[at] = lines[at][:from] + string("0123456789-"[random.IntN(11)]) + lines[at][from+1:]
			}
		}
	}
	return lines
}

// Cuts and prices at random: none makes the checker believe what is not true.
func TestRandomSteps(t *testing.T) {
	type solved struct {
		program *encode.Program
		cost    int64
	}
	var problems []solved
	for seed := range uint64(41) {
		p := compiled.Instance(t, instances.Mixed(seed, 4, 3))
		if best, cost, ok := bruteforce.Solve(p); ok && best != nil {
			if g := encode.Build(p); len(g.Rows) > 0 {
				problems = append(problems, solved{g, cost})
			}
		}
	}
	closed := 0
	rapid.Check(t, func(t *rapid.T) {
		k := rapid.IntRange(0, len(problems)-1).Draw(t, "problem")
		g, cost, p := problems[k].program, problems[k].cost, problems[k].program.Problem
		bound := p.Format(cost - rapid.Int64Range(-3, 20).Draw(t, "less")*g.Scale().Unit)
		var b bytes.Buffer
		w := proof.NewWriter(&b, proof.Head{Digest: p.Digest, Bound: &bound, Below: &bound})
		multiplier := func(r int) proof.Multiplier {
			by := rapid.Int64Range(0, 30).Draw(t, "by")
			if g.Rows[r].Sense == encode.AtMost {
				by = -by
			}
			return proof.Multiplier{Row: proof.Name(r), By: by}
		}
		for range rapid.IntRange(1, 4).Draw(t, "steps") {
			r := rapid.IntRange(0, len(g.Rows)-1).Draw(t, "row")
			if rapid.Bool().Draw(t, "cut") && len(g.Rows[r].Terms) > 0 {
				terms := append([]encode.Term{}, g.Rows[r].Terms...)
				for k := range terms {
					terms[k].Coef = rapid.Int64Range(-2, 4).Draw(t, "coef")
				}
				from := multiplier(r)
				from.By = -from.By
				w.Cut(terms, rapid.Int64Range(0, 12).Draw(t, "right"), from)
				continue
			}
			var rows []proof.Multiplier
			for r := range g.Rows {
				rows = append(rows, multiplier(r))
			}
			w.Price(rapid.Int64Range(0, 4).Draw(t, "denominator"), rows, disjoint(t, g)...)
		}
		if err := w.End(); err != nil {
			t.Fatal(err)
		}
		found, feasible, err := proof.Check(&b, "proof", p)
		if err == nil && (!feasible || found > cost) {
			t.Fatalf("the checker believes a bound of %s, and the optimum is %s", p.Format(found), p.Format(cost))
		}
		if err == nil {
			closed++
		}
	})
	if closed < 3 {
		t.Errorf("%d proofs hold: the test tests little", closed)
	}
}

// disjoint draws rows of which none shares a variable with another.
func disjoint(t *rapid.T, g *encode.Program) (within []proof.Name) {
	used := map[int32]bool{}
	for r := range g.Rows {
		row := &g.Rows[r]
		if row.Sense == encode.Equal || rapid.Bool().Draw(t, "left out") ||
			slices.ContainsFunc(row.Terms, func(t encode.Term) bool { return used[t.Var] }) {
			continue
		}
		for _, t := range row.Terms {
			used[t.Var] = true
		}
		within = append(within, proof.Name(r))
	}
	return within
}

func FuzzCheck(f *testing.F) {
	p := compiled.Document(f, five)
	f.Add([]byte(honest(p)))
	f.Add([]byte(strings.Replace(keptProof, "DIGEST", p.Digest, 1)))
	f.Add([]byte("berth proof 1\ninstance " + p.Digest + "\nbound none\nbelow none\nprice 0 r1:1\nqed\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		bound, feasible, err := proof.Check(bytes.NewReader(data), "fuzz", p)
		if err == nil && (!feasible || p.Value(bound) > 13) {
			t.Fatalf("the checker believes a bound of %d, feasible %v", bound, feasible)
		}
	})
}
