package harness

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/bmatcuk/doublestar/v4"

	"berth/instances"
	"berth/model"
	"berth/results"
)

// problem is an instance of a plan: where it is, how it is read, and what is known
// of it.
type problem struct {
	results.Instance
	options  instances.Options
	platform string // the file of options.Platform
	known    *results.Known
	size     int64 // bytes of the file

	loading sync.Mutex
}

// flags are how a command reads the file.
func (p *problem) flags() []string {
	var flags []string
	if p.options.From != "" {
		flags = append(flags, "--from", p.options.From)
	}
	if p.options.Problem != 0 {
		flags = append(flags, "--problem", strconv.Itoa(p.options.Problem))
	}
	if p.options.Maximise {
		flags = append(flags, "--maximise")
	}
	if p.options.Processors != 0 {
		flags = append(flags, "--processors", strconv.Itoa(p.options.Processors))
	}
	if p.platform != "" {
		flags = append(flags, "--platform", p.platform)
	}
	return flags
}

// read reads the file.
func (p *problem) read() (*model.Instance, error) {
	data, err := os.ReadFile(p.File)
	if err != nil {
		return nil, fmt.Errorf("an instance cannot be read: %w", err)
	}
	p.size = int64(len(data))
	return instances.Read(data, p.File, p.options)
}

// identify reads the instance and fills in what it is.
func (p *problem) identify() error {
	in, err := p.read()
	if err != nil {
		return err
	}
	p.Digest, p.Nodes, p.Tasks = in.Digest(), len(in.Nodes), 0
	for k := range in.Tasks {
		p.Tasks += in.Tasks[k].Replicas
	}
	if best, ok := instances.Profit(in.Name); ok && p.known != nil {
		p.known, err = turned(p.known, best)
	}
	return err
}

// turned states what is known of a maximised instance as a cost: the sum of the best
// profits less the profit.
func turned(known *results.Known, best model.Decimal) (*results.Known, error) {
	cost := *known
	for _, value := range []*model.Number{&cost.Value, &cost.Bound} {
		if *value == "" {
			continue
		}
		profit, err := model.ParseDecimal(string(*value))
		if err != nil || profit > best {
			return nil, fmt.Errorf("known: the profit %s, by %q, cannot be: the best profits add up to %s", *value, known.Source, best)
		}
		*value = model.Number((best - profit).String())
	}
	return &cost, nil
}

// problems lists the instances of a plan: files, and then generated ones, which are
// written into folder. What was left out because it is no instance is said in skipped.
func (p *Plan) problems(folder string) (all []*problem, skipped []string, err error) {
	for _, generate := range []bool{false, true} {
		for k := range p.Instances {
			entry := &p.Instances[k]
			var found []*problem
			var passed []string
			switch {
			case (entry.Generate != "") != generate:
				continue
			case generate:
				found, err = entry.generated(folder)
			default:
				found, passed, err = p.files(entry)
			}
			if err != nil {
				return nil, nil, fmt.Errorf("instances[%d]: %w", k, err)
			}
			all, skipped = append(all, found...), append(skipped, passed...)
		}
	}
	if err := identifyAll(all); err != nil {
		return nil, nil, err
	}
	return all, skipped, distinguish(all)
}

// identifyAll reads all instances, several at a time.
func identifyAll(all []*problem) error {
	failures := make([]error, len(all))
	var readers sync.WaitGroup
	next := make(chan int)
	for range 4 {
		readers.Go(func() {
			for k := range next {
				failures[k] = all[k].identify()
			}
		})
	}
	for k := range all {
		next <- k
	}
	close(next)
	readers.Wait()
	const most = 10
	broken := slices.DeleteFunc(failures, func(err error) bool { return err == nil })
	if more := len(broken) - most; more > 0 {
		broken = append(broken[:most], fmt.Errorf("… and %d more", more))
	}
	return errors.Join(broken...)
}

// distinguish gives instances of the same name longer ones.
func distinguish(all []*problem) error {
	for _, longer := range []func(*problem) string{
		func(p *problem) string { return p.Group + "/" + p.Name },
		func(p *problem) string { return p.File + strings.TrimPrefix(p.Name, p.Group+"/") },
	} {
		same := map[string]int{}
		for _, p := range all {
			same[p.Name]++
		}
		for _, p := range all {
			if same[p.Name] > 1 {
				p.Name = longer(p)
			}
		}
	}
	seen := map[string]string{}
	for _, p := range all {
		if file, twice := seen[p.Name]; twice {
			return fmt.Errorf("instances: %s is named by two entries, in groups %s and %s; take it out of one", p.File, file, p.Group)
		}
		seen[p.Name] = p.Group
	}
	return nil
}

// files finds the instances that an entry's patterns match.
func (p *Plan) files(entry *Instances) (found []*problem, skipped []string, err error) {
	tables := tableCache{}
	seen := map[string]bool{}
	if entry.Platform != "" {
		if entry.platform, err = readPlatform(p.path(entry.Platform)); err != nil {
			return nil, nil, fmt.Errorf("platform: %w", err)
		}
	}
	for _, pattern := range entry.Files {
		full := filepath.ToSlash(p.path(pattern))
		matches, err := doublestar.FilepathGlob(full, doublestar.WithFilesOnly(), doublestar.WithFailOnIOErrors())
		switch {
		case errors.Is(err, fs.ErrPermission):
			return nil, nil, fmt.Errorf("files: %s: a folder may not be read; ask for the permission", pattern)
		case err != nil:
			return nil, nil, fmt.Errorf("files: %s: %w", pattern, err)
		case len(matches) == 0 && isFolder(full):
			return nil, nil, fmt.Errorf("files: %s is a folder; %s means all files in it", pattern, filepath.ToSlash(filepath.Join(pattern, "**")))
		case len(matches) == 0:
			return nil, nil, fmt.Errorf("files: %s matches nothing; it is looked for from %s", pattern, cmp.Or(p.folder, "."))
		}
		slices.Sort(matches)
		base, rest := doublestar.SplitPattern(full)
		for _, file := range matches {
			if seen[file] || entry.excludes(base, file) || filepath.Ext(file) == ".tsv" { // a table, no instance
				continue
			}
			seen[file] = true
			some, err := p.file(entry, file, base, tables)
			switch {
			case err != nil:
				return nil, nil, err
			case some == nil && !strings.ContainsAny(rest, "*?[{"):
				_, err := (&problem{Instance: results.Instance{File: file}, options: entry.options(0)}).read()
				return nil, nil, fmt.Errorf("files: %w", err)
			case some == nil:
				skipped = append(skipped, file)
			}
			found = append(found, some...)
		}
	}
	return found, skipped, nil
}

// isFolder reports whether a name is that of a folder.
func isFolder(name string) bool {
	info, err := os.Stat(name)
	return err == nil && info.IsDir()
}

// readPlatform reads the nodes and the network that traces run on.
func readPlatform(file string) (*model.Instance, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	return model.Read(data, file)
}

// excludes says whether a file matches a pattern of those to leave out: by its name,
// or by its path from the folder that the pattern of files begins with.
func (i *Instances) excludes(base, file string) bool {
	path, err := filepath.Rel(base, file)
	if err != nil {
		path = file
	}
	path = filepath.ToSlash(path)
	for _, pattern := range i.Exclude {
		for _, name := range []string{filepath.Base(file), path} {
			if ok, err := doublestar.Match(pattern, name); err == nil && ok {
				return true
			}
		}
	}
	return false
}

func (i *Instances) options(problem int) instances.Options {
	return instances.Options{From: i.From, Problem: problem, Maximise: i.Maximise, Processors: i.Processors, Platform: i.platform}
}

// file returns the instances that one file holds, nil where it looks like none.
func (p *Plan) file(entry *Instances, file, base string, tables tableCache) ([]*problem, error) {
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("files: %w; ask for the permission, or take the file out", err)
	}
	if entry.From == "" && !instances.Recognised(data, file) {
		return nil, nil
	}
	count, err := instances.Problems(data, file, entry.From)
	if err != nil {
		return nil, err
	}
	numbers := []int{entry.Problem}
	if entry.Problem == 0 && count > 1 {
		numbers = numbers[:0]
		for k := range count {
			numbers = append(numbers, k+1)
		}
	}
	var found []*problem
	for _, number := range numbers {
		q := &problem{options: entry.options(number), Instance: results.Instance{
			Name: strings.TrimSuffix(filepath.Base(file), filepath.Ext(file)), File: file,
			Group: cmp.Or(entry.Group, filepath.Base(filepath.Dir(file))),
		}}
		if number != 0 {
			q.Name = fmt.Sprintf("%s-%d", q.Name, number)
		}
		if entry.Processors != 0 {
			q.Name = fmt.Sprintf("%s@%d", q.Name, entry.Processors)
		}
		if entry.Platform != "" {
			if q.platform, err = filepath.Abs(p.path(entry.Platform)); err != nil { // a run has a folder of its own
				return nil, err
			}
		}
		path, err := filepath.Rel(base, file)
		if err != nil {
			path = file
		}
		if q.known, err = p.published(entry, q, filepath.ToSlash(path), tables); err != nil {
			return nil, err
		}
		found = append(found, q)
	}
	return found, nil
}

// generated makes the instances of a family and keeps them in folder.
func (i *Instances) generated(folder string) ([]*problem, error) {
	spec, err := i.spec()
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return nil, fmt.Errorf("generated instances cannot be kept: %w", err)
	}
	var found []*problem
	for _, seed := range i.Seeds {
		in, err := instances.Generate(spec, seed)
		if err != nil {
			return nil, err
		}
		var b bytes.Buffer
		if err := in.Write(&b, "json"); err != nil {
			return nil, err
		}
		name := in.Name
		if i.Group != "" {
			name = i.Group + "-" + name
		}
		digest := strings.TrimPrefix(in.Digest(), "sha256:")
		file := filepath.Join(folder, fmt.Sprintf("%s-%s.json", strings.ReplaceAll(name, "/", "-"), digest[:12]))
		if info, err := os.Stat(file); err != nil || info.Size() != int64(b.Len()) {
			if err := os.WriteFile(file, b.Bytes(), 0o666); err != nil {
				return nil, fmt.Errorf("a generated instance cannot be kept: %w", err)
			}
		}
		found = append(found, &problem{Instance: results.Instance{Name: name, File: file, Group: cmp.Or(i.Group, i.Generate)}})
	}
	return found, nil
}

// tableCache keeps tables of published values by file.
type tableCache map[string]*results.KnownTable

func (c tableCache) read(file string) (*results.KnownTable, error) {
	if table, ok := c[file]; ok {
		return table, nil
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("known: %w", err)
	}
	table, err := results.ReadKnown(data, file)
	if err != nil {
		return nil, err
	}
	c[file] = table
	return table, nil
}

// published looks a value up in the tables that the entry names, else in those in
// the folders from the file's up to where the pattern begins.
func (p *Plan) published(entry *Instances, q *problem, path string, tables tableCache) (*results.Known, error) {
	var files []string
	for _, name := range entry.Known {
		files = append(files, p.path(name))
	}
	for folder := filepath.Dir(q.File); len(entry.Known) == 0; folder = filepath.Dir(folder) {
		for _, pattern := range []string{"best*.tsv", "optima*.tsv"} {
			beside, err := filepath.Glob(filepath.Join(folder, pattern))
			if err != nil {
				return nil, err
			}
			files = append(files, beside...)
		}
		if path = filepath.Dir(path); path == "." {
			break
		}
	}
	sense := "min"
	if q.options.Maximise {
		sense = "max"
	}
	for _, file := range files {
		table, err := tables.read(file)
		if err != nil {
			return nil, err
		}
		for _, name := range []string{filepath.ToSlash(q.File), q.Name} {
			if value, ok := table.Lookup(name, q.options.Processors); ok && value.Sense == sense {
				return &results.Known{Value: value.Value, Status: value.Status, Bound: value.Bound, Source: value.Source}, nil
			}
		}
	}
	return nil, nil
}
