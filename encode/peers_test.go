package encode_test

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"berth/encode"
	"berth/encode/formats"
	"berth/instances"
	"berth/internal/bruteforce"
	"berth/model"
)

// peer is another solver: the file it reads and the command that solves it, where
// IN is the file, OPTIONS one with highsOptions, and OUT where the answer goes;
// without OUT the answer is printed.
type peer struct {
	name    string
	format  string
	command []string
	decides bool // it finds a solution and knows nothing of costs
}

// highsOptions ask for a proof. HiGHS 1.14 can fail an assertion of its own when it
// restarts.
const highsOptions = "threads = 1\nmip_rel_gap = 0\nmip_abs_gap = 0.5\nmip_allow_restart = false\n"

var peers = []peer{
	{"cbc", "lp", []string{"IN", "-threads", "0", "-ratio", "0", "-allow", "0.5", "-solve", "-solution", "OUT"}, false},
	{"cbc", "mps", []string{"IN", "-threads", "0", "-ratio", "0", "-allow", "0.5", "-solve", "-solution", "OUT"}, false},
	{"highs", "lp", []string{"--options_file", "OPTIONS", "--solution_file", "OUT", "IN"}, false},
	{"highs", "mps", []string{"--options_file", "OPTIONS", "--solution_file", "OUT", "IN"}, false},
	{"scip", "lp", []string{"-c", "read IN", "-c", "optimize", "-c", "display solution", "-c", "quit"}, false},
	{"scip", "mps", []string{"-c", "read IN", "-c", "optimize", "-c", "write solution OUT", "-c", "quit"}, false},
	{"scip", "opb", []string{"-c", "read IN", "-c", "optimize", "-c", "display solution", "-c", "quit"}, false},
	{"glpsol", "lp", []string{"--lp", "IN", "-o", "OUT"}, false},
	{"glpsol", "mps", []string{"--freemps", "IN", "-o", "OUT"}, false},
	{"clasp", "opb", []string{"IN"}, false},
	{"clasp", "wcnf", []string{"IN"}, false},
	{"clasp", "dimacs", []string{"IN"}, true},
	{"cadical", "dimacs", []string{"-q", "IN"}, true},
	{"kissat", "dimacs", []string{"-q", "IN"}, true},
	{"toulbar2", "wcsp", []string{"IN", "-s"}, false},
	{"toulbar2", "wcnf", []string{"IN", "-s"}, false},
}

// find looks for a solver in PATH, in $BERTH_PEERS and in the cache of the user.
func find(name string) string {
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	home, _ := os.UserHomeDir()
	for _, folder := range []string{os.Getenv("BERTH_PEERS"), filepath.Join(home, ".cache/berth-peers/bin")} {
		if path, err := exec.LookPath(filepath.Join(folder, name)); err == nil && folder != "" {
			return path
		}
	}
	return ""
}

// ask writes the file, runs the solver and reads its answer.
func (s *peer) ask(t *testing.T, path string, g *encode.Program) *encode.Answer {
	t.Helper()
	var file bytes.Buffer
	format, known := formats.Find(s.format)
	if !known {
		t.Fatalf("there is no format %s", s.format)
	}
	if err := format.Write(&file, g, nil); err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	in, out, options := filepath.Join(folder, "x."+s.format), filepath.Join(folder, "out"), filepath.Join(folder, "options")
	if err := errors.Join(os.WriteFile(in, file.Bytes(), 0o600), os.WriteFile(options, []byte(highsOptions), 0o600)); err != nil {
		t.Fatal(err)
	}
	args := make([]string, len(s.command))
	for k, arg := range s.command {
		args[k] = strings.NewReplacer("IN", in, "OUT", out, "OPTIONS", options).Replace(arg)
	}
	command := exec.Command(path, args...)
	command.Env = append(os.Environ(), "OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1")
	printed, err := command.CombinedOutput()
	text, failed := os.ReadFile(out)
	if failed != nil {
		text = printed
	}
	a, parsed := encode.ParseAnswer(text, "")
	if parsed != nil {
		t.Fatalf("%v\n%s printed (%v):\n%s\nand was given\n%s", parsed, s.name, err, printed, file.String())
	}
	if a.Status == encode.Unknown {
		t.Fatalf("%s says nothing (%v):\n%s\nand was given\n%s", s.name, err, printed, file.String())
	}
	return a
}

// small returns instances for other solvers: mixed ones with brute force's answer. The
// last three have a limit of moves, which is rare.
func small(t *testing.T, count int) (problems []*model.Problem, costs []int64, best []model.Placement) {
	for seed := uint64(0); len(problems) < count; seed++ {
		p, err := model.Compile(instances.Mixed(seed, 7, 4))
		if err != nil {
			t.Fatal(err)
		}
		if len(problems) >= count-3 && p.Features&model.MoveLimit == 0 {
			continue
		}
		pl, cost, ok := bruteforce.Solve(p)
		if !ok {
			t.Fatal("an instance is too large for brute force")
		}
		problems, costs, best = append(problems, p), append(costs, cost), append(best, pl)
	}
	return problems, costs, best
}

// Other solvers, given the files, find the optimum that brute force finds, and
// their answers decode to it.
func TestOtherSolversAgree(t *testing.T) {
	problems, costs, best := small(t, 12)
	for _, s := range peers {
		t.Run(s.name+"."+s.format, func(t *testing.T) {
			path := find(s.name)
			if path == "" {
				t.Skipf("%s is neither in PATH nor in $BERTH_PEERS nor in ~/.cache/berth-peers/bin", s.name)
			}
			few := problems
			if s.name == "scip" { // it takes long to start
				few = problems[:2]
			}
			for k, p := range few {
				g := encode.Build(p)
				a := s.ask(t, path, g)
				if best[k] == nil {
					if a.Status != encode.Infeasible {
						t.Fatalf("%s: %s, but no placement is feasible", p.Name, a.Status)
					}
					continue
				}
				pl, err := g.DecodeAnswer(a)
				if err != nil {
					t.Fatalf("%s: %v", p.Name, err)
				}
				verdict := p.Evaluate(pl)
				if len(verdict.Violations) > 0 {
					t.Fatalf("%s: the answer decodes to an infeasible placement: %s", p.Name, verdict.Violations[0].Text)
				}
				if !s.decides && verdict.Cost != costs[k] {
					t.Fatalf("%s: the answer (%s) decodes to cost %d, the optimum is %d", p.Name, a.Status, verdict.Cost, costs[k])
				}
			}
		})
	}
}
