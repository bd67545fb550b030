package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"berth/instances"
	"berth/model"
)

// solved is a solution and the instance that it solves, with the names that
// messages give them.
type solved struct {
	solution     *model.Solution
	solutionFile string // as it was called
	solutionName string
	instance     *model.Instance
	instanceName string
}

// solutionAndInstance reads the solution and its instance, in whichever order they
// are named. Where only the solution is, the instance is looked for.
func (a *app) solutionAndInstance(args []string, s *source) (*solved, error) {
	documents := make([][]byte, len(args))
	for k, name := range args {
		var err error
		if documents[k], err = a.document(name); err != nil {
			return nil, err
		}
	}
	which := 0
	if len(args) == 2 {
		// To know its kind a document in YAML is read to its end: the second is asked only where the
		// first has none.
		if first := model.Kind(documents[0]); first != kindSolution && (first != "" || model.Kind(documents[1]) == kindSolution) {
			which = 1 // where neither is one, what is wrong is wrong with the second
		}
	}
	opts, err := a.options(s)
	if err != nil {
		return nil, err
	}
	pair := &solved{solutionFile: args[which], solutionName: shownName(args[which])}
	if pair.solution, err = model.ReadSolution(documents[which], pair.solutionName); err != nil {
		return nil, err
	}
	opts.Without = pair.solution.Given.Without
	if len(args) == 2 {
		pair.instanceName = shownName(args[1-which])
		pair.instance, err = instances.Read(documents[1-which], pair.instanceName, opts)
		if err != nil && model.Kind(documents[1-which]) == kindSolution {
			err = fmt.Errorf("%s and %s are both solutions; name one solution and the instance that it solves", shownName(args[0]), shownName(args[1]))
		}
		return pair, err
	}
	return pair, pair.find(opts)
}

// kindSolution is the kind of the documents that solve writes.
const kindSolution = "solution"

// How much is read in search of an instance.
const (
	maxCandidates    = 200       // files in each folder
	maxCandidateSize = 64 << 20  // bytes of a file
	maxCandidateSum  = 256 << 20 // bytes in all
)

// find looks for the instance by its digest: beside the solution, in the current
// folder, and among the shipped instances.
func (pair *solved) find(opts instances.Options) error {
	folders := []string{"."}
	if beside := filepath.Dir(pair.solutionFile); pair.solutionFile != "-" && beside != "." {
		folders = []string{beside, "."}
	}
	looked, budget := 0, int64(maxCandidateSum)
	for _, folder := range folders {
		for _, name := range candidates(folder, pair.solution.Instance, &budget) {
			data, err := os.ReadFile(name)
			if err != nil {
				continue
			}
			looked++
			if pair.is(data, name, opts) {
				return nil
			}
		}
	}
	for _, e := range instances.Library() {
		if e.Name == pair.solution.Instance && pair.is(e.Data, e.Name, instances.Options{}) {
			return nil
		}
	}
	where := "in the current folder"
	if len(folders) == 2 {
		where = "in " + folders[0] + " and in the current folder"
	}
	return fmt.Errorf("%s solves the instance %q with digest %s, which is neither among %s %s nor shipped with berth; "+
		"name it as well: `berth view %s FILE`, with --from, --problem and --maximise if it was solved with these",
		pair.solutionName, pair.solution.Instance, pair.solution.InstanceDigest, model.Plural(looked, "file"), where, pair.solutionFile)
}

// candidates lists the files in a folder that can be the instance, those first that
// are called like it. budget is what may still be read.
func candidates(folder, instance string, budget *int64) []string {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil
	}
	var names []string
	for _, entry := range entries {
		if info, err := entry.Info(); err == nil && info.Mode().IsRegular() && info.Size() <= maxCandidateSize {
			names = append(names, filepath.Join(folder, entry.Name()))
		}
	}
	like := func(name string) int {
		base := strings.TrimSuffix(filepath.Base(name), filepath.Ext(name))
		if instance != "" && base != "" && (strings.HasPrefix(base, instance) || strings.HasPrefix(instance, base)) {
			return 0
		}
		return 1
	}
	slices.SortStableFunc(names, func(x, y string) int { return like(x) - like(y) })
	for k, name := range names {
		info, err := os.Stat(name)
		if err == nil {
			*budget -= info.Size()
		}
		if k == maxCandidates || *budget < 0 {
			return names[:k]
		}
	}
	return names
}

// is reports whether data reads as the instance, and keeps it if so.
func (pair *solved) is(data []byte, name string, opts instances.Options) bool {
	if bytes.IndexByte(data[:min(len(data), 4096)], 0) >= 0 || pair.isAnother(data) || model.Kind(data) == kindSolution {
		return false
	}
	for _, how := range []instances.Options{opts, pair.guess(opts)} {
		in, err := instances.Read(data, name, how)
		if err == nil && in.Name == pair.solution.Instance && in.Digest() == pair.solution.InstanceDigest {
			pair.instance, pair.instanceName = in, name
			return true
		}
	}
	return false
}

// isAnother reports whether data is a document of berth in which the instance's name, of characters
// that nobody escapes, stands nowhere: reading it would take long.
func (pair *solved) isAnother(data []byte) bool {
	name := pair.solution.Instance
	odd := strings.ContainsFunc(name, func(r rune) bool {
		return r != '-' && r != '_' && (r > 'z' || !unicode.IsLetter(r) && !unicode.IsDigit(r))
	})
	return !odd && bytes.Contains(data, []byte("berth/v1")) && !bytes.Contains(data, []byte(name))
}

// guess fills in the flags that the name of a foreign instance tells: gap1-3 is the
// third problem of a file.
func (pair *solved) guess(opts instances.Options) instances.Options {
	name := pair.solution.Instance
	if _, profits := instances.Profit(name); profits {
		opts.Maximise = true
		name, _, _ = strings.Cut(name, " ")
	}
	if opts.Problem == 0 {
		opts.Problem, _ = strconv.Atoi(name[strings.LastIndexByte(name, '-')+1:])
	}
	return opts
}
