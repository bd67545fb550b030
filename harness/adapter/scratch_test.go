package adapter

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"berth/instances"
	"berth/results"
)

func TestScratch(t *testing.T) {
	for _, name := range filepath.SplitList(os.Getenv("AD")) {
		a := shippedAdapter(t, name)
		prog := installed(t, a)
		v, err := a.Version(t.Context(), prog)
		fmt.Println(name, v, err)
		for _, f := range filepath.SplitList(os.Getenv("INST")) {
			data, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			in, err := instances.Read(data, f, instances.Options{})
			if err != nil {
				t.Fatal(err)
			}
			limit := 2.0
			fmt.Sscan(os.Getenv("LIMIT"), &limit)
			c, err := a.Prepare(Job{Problem: compile(t, in), Instance: in, InstanceFile: f, Dir: t.TempDir(), Program: prog, Seed: 1, Limits: results.Limits{Seconds: limit, Memory: 1 << 31, Threads: 1}})
			if err != nil {
				fmt.Println(name, f, err)
				continue
			}
			e := run(t, c, time.Duration(limit*1e9))
			j := c.Judge(e, nil)
			fmt.Printf("%-9s %-20s %-10s end=%s exit=%d wall=%.2f %+v cost=%s note=%q work=%d\n", name, filepath.Base(f), j.Outcome, e.End, e.Exit, e.Wall.Seconds(), j.Claim, j.Cost, j.Note, j.Work)
			for _, s := range j.Trajectory {
				fmt.Printf("     %+v\n", s)
			}
			if os.Getenv("SHELL_") != "" {
				fmt.Println("    ", c.Shell)
			}
			if dir := os.Getenv("KEEP"); dir != "" {
				os.WriteFile(filepath.Join(dir, name+"-"+filepath.Base(f)+".log"), e.Stdout, 0o666)
			}
		}
	}
}
