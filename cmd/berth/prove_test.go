package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"berth/instances"
	"berth/model"
)

// proven solves with a proof and returns the names of both documents, which must verify
// together.
func proven(t *testing.T, file string, status int, args ...string) (answer, proof string, doc *model.Solution) {
	t.Helper()
	answer, proof = filepath.Join(t.TempDir(), "answer.json"), filepath.Join(t.TempDir(), "proof")
	if got, _, errs := call(t, "", append([]string{"solve", file, "--proof", proof, "--output", answer}, args...)...); got != status {
		t.Fatalf("solve %s: status %d, want %d: %s", file, got, status, errs)
	}
	data, err := os.ReadFile(answer)
	if err != nil {
		t.Fatal(err)
	}
	if doc, err = model.ReadSolution(data, answer); err != nil {
		t.Fatal(err)
	}
	if status, out, errs := call(t, "", "verify", file, answer, "--proof", proof); status != statusSolved {
		t.Errorf("%s: the answer and its proof do not verify: %s%s", file, out, errs)
	}
	return answer, proof, doc
}

// Every shipped instance has a proof of its optimum, or of there being none, which verify
// follows and so does a script that knows nothing of berth.
func TestProofsOfTheLibrary(t *testing.T) {
	for _, e := range instances.Library() {
		t.Run(e.Name, func(t *testing.T) {
			file := library(t, e.Name)
			status, wanted := statusSolved, model.Optimal
			if e.Name == "overfull" {
				status, wanted = statusInfeasible, model.Infeasible
			}
			_, proof, doc := proven(t, file, status, "--work", "2G")
			if doc.Status != wanted {
				t.Errorf("the answer is %s", doc.Status)
			}
			want := "nothing costs less than " + string(doc.Objective)
			if wanted == model.Infeasible {
				want = "nothing is feasible"
			}
			followed(t, file, proof, want)
		})
	}
}

// followed runs the script on a proof.
func followed(t *testing.T, file, proof, want string, asked ...string) {
	t.Helper()
	python, missing := exec.LookPath("python3")
	if missing != nil {
		t.Logf("examples/proof/check.py is not run: %v", missing)
		return
	}
	program := filepath.Join(t.TempDir(), "program.lp")
	if status, _, errs := call(t, "", append([]string{"encode", file, "--to", "lp", "--proof", proof, "--output", program}, asked...)...); status != statusSolved {
		t.Fatal(errs)
	}
	out, err := exec.CommandContext(t.Context(), python, filepath.Join("..", "..", "examples", "proof", "check.py"), program, proof).CombinedOutput()
	if err != nil || strings.TrimSpace(string(out)) != want {
		t.Errorf("the script says %q, want %q: %v", out, want, err)
	}
}

func TestProofOfAWorkflow(t *testing.T) {
	_, _, doc := proven(t, library(t, "flight"), statusSolved, "--work", "1M")
	if doc.Status != model.Feasible || doc.Bound == "" {
		t.Errorf("%s with bound %q, want what the longest way takes", doc.Status, doc.Bound)
	}
	text := "format: berth/v1\nkind: workflow\nnodes: [{name: a}, {name: b}]\n" +
		"tasks: [{name: x, work: 2}, {name: y, work: 2}, {name: z, work: 2}]\n"
	file := filepath.Join(t.TempDir(), "three.yaml")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, doc := proven(t, file, statusSolved, "--work", "20M"); doc.Status != model.Optimal || doc.Objective != "4" {
		t.Errorf("%s at %s, want 4, optimal", doc.Status, doc.Objective)
	}
}

// Tasks that take no time end at 0, below which nothing is to be shown.
func TestProofOfNoTime(t *testing.T) {
	file := filepath.Join(t.TempDir(), "none.yaml")
	if err := os.WriteFile(file, []byte("format: berth/v1\nkind: workflow\nnodes: [{name: a}]\ntasks: [{name: x, work: 0}]\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, proof, _ := proven(t, file, statusSolved, "--work", "20M")
	followed(t, file, proof, "nothing costs less than 0")
}

// What was asked beside the instance is part of what is proven.
func TestProofOfWhatIsAsked(t *testing.T) {
	file := library(t, "batch")
	answer, proof, doc := proven(t, file, statusSolved, "--work", "300M", "--forbid", "ledger=n1")
	if doc.Status != model.Optimal {
		t.Errorf("the answer is %s", doc.Status)
	}
	if status, _, errs := call(t, "", "verify", file, answer, "--proof", proof); status != statusSolved {
		t.Errorf("status %d: %s", status, errs)
	}
	other, _, _ := proven(t, file, statusSolved, "--work", "300M")
	if status, _, errs := call(t, "", "verify", file, other, "--proof", proof); status != statusRefuted || !strings.Contains(errs, "proof:3: this was asked beside the instance") {
		t.Errorf("the proof of another question: status %d: %s", status, errs)
	}
	for status, asked := range map[int][]string{
		statusSolved: {"--forbid", "ledger=n1"}, statusWrong: {"--forbid", "ledger=n1", "--fix", "archive=n1"},
	} {
		if got, _, errs := call(t, "", append([]string{"encode", file, "--to", "lp", "--proof", proof}, asked...)...); got != status {
			t.Errorf("its program with %v: status %d, want %d: %s", asked, got, status, errs)
		}
	}
	followed(t, file, proof, "nothing costs less than "+string(doc.Objective), "--forbid", "ledger=n1")
}

// With little work the answer claims no more than the proof shows.
func TestProofOfLess(t *testing.T) {
	_, _, doc := proven(t, library(t, "gap-d"), statusSolved, "--work", "3M")
	if doc.Status != model.Feasible || doc.Bound == "" {
		t.Errorf("%s with bound %q", doc.Status, doc.Bound)
	}
	for _, step := range doc.Trajectory {
		if step.Bound.Rat() != nil && step.Bound.Rat().Cmp(doc.Bound.Rat()) > 0 {
			t.Errorf("the trajectory has a bound of %s, the answer %s", step.Bound, doc.Bound)
		}
	}
}

func TestProofsThatDoNotHold(t *testing.T) {
	file := library(t, "gap-c")
	answer, proof, _ := proven(t, file, statusSolved)
	data, err := os.ReadFile(proof)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, from, to, want string }{
		{"a higher bound", "bound 239\nbelow 239", "bound 240\nbelow 240", "the proof does not hold"},
		{"a lower bound", "bound 239", "bound 238", "bound is 239, and the proof shows 238 only"},
		{"cut off", "qed\n", "", "the proof is cut off"},
		{"no proof", "berth proof 1", "berth", "this is no proof"},
	} {
		if err := os.WriteFile(proof, []byte(strings.Replace(string(data), c.from, c.to, 1)), 0o600); err != nil {
			t.Fatal(err)
		}
		if status, _, errs := call(t, "", "verify", file, answer, "--proof", proof); status != statusRefuted || !strings.Contains(errs, c.want) {
			t.Errorf("%s: status %d, %q, want %q", c.name, status, errs, c.want)
		}
	}
	for _, args := range [][]string{
		{"solve", file, "--proof", "-"},
		{"encode", file, "--to", "opb", "--proof", proof},
		{"solve", file, "--proof", ""},
		{"solve", file, "--proof", filepath.Join(t.TempDir(), "no", "folder")},
		{"solve", library(t, "drain"), "--frontier", "moves", "--proof", proof},
		{"verify", file, answer, "--proof", filepath.Join(t.TempDir(), "none")},
	} {
		if status, _, errs := call(t, "", args...); status != statusWrong || !strings.Contains(errs, "proof") && !strings.Contains(errs, "none") {
			t.Errorf("%v: status %d: %s", args, status, errs)
		}
	}
}
