// Package instances is where problems come from: readers of berth's own and of
// foreign formats, the generator, and a small library of instances whose optima
// are proven.
//
//   - instances.go: the registry of formats and Read.
//   - berth.go, orlib.go, elloumi.go, gqap.go, rasa.go, kubectl.go with kube/: one format each; numbers.go scans files
//     that hold nothing but numbers. Workflows: stg.go, auckland.go, hetero.go and
//     wfformat.go, with what they share in graphs.go.
//   - spec.go: the settings of the generator; generate.go with plant.go, homes.go,
//     rules.go and flows.go: placements; mixed.go and gap.go: two families that
//     have few settings.
//   - library.go with library/: the shipped instances.
package instances

import (
	"bytes"
	"fmt"
	"strings"

	"berth/model"
)

// Options say how a file is to be read.
type Options struct {
	From     string // the format by name; "" goes by what the file looks like
	Problem  int    // which problem of a file that holds several, from 1; 0: its only one
	Maximise bool   // the values are profits to be maximised (orlib)

	// Of formats that say nothing of where tasks run:
	Processors int             // how many there are, all alike (stg; auckland, whose names say it)
	Platform   *model.Instance // a workflow whose nodes and network are taken (wfformat)

	Without []string // nodes that what is solved does without: what runs there may wait then (kubectl)

	Note func(text string) // is told what a user should know of how the file was read; nil: nobody is
}

// Format is a row of the registry: a way to write an instance down.
type Format struct {
	Name  string
	Short string // what it is, in one line
	// Looks reports whether the data could be of this format. It is quick: O(data)
	// at most, and decided by the first bytes where these rule the format out.
	Looks func(data []byte, file string) bool
	// Problems counts what a file holds that may hold several problems; nil: one.
	Problems func(data []byte, file string) (int, error)
	// Read decodes the data. file is the name that errors give.
	Read func(data []byte, file string, opts Options) (*model.Instance, error)
}

// Formats lists the known formats.
func Formats() []Format {
	return []Format{berthFormat, orlibFormat, elloumiFormat, gqapFormat, rasaFormat, kubectlFormat, stgFormat, aucklandFormat, heteroFormat, wfFormat}
}

// Read decodes an instance in the format that the options name, or else in the
// one format that the data looks like. file is the name that errors give and that
// foreign instances, which have no name of their own, are called after.
func Read(data []byte, file string, opts Options) (*model.Instance, error) {
	data = unmarked(data)
	format, err := choose(data, file, opts.From)
	if err != nil {
		return nil, err
	}
	if opts.Problem < 0 {
		return nil, fmt.Errorf("%s: there is no problem %d, problems are counted from 1", file, opts.Problem)
	}
	return format.Read(data, file, opts)
}

func unmarked(data []byte) []byte { return bytes.TrimPrefix(data, []byte(model.ByteOrderMark)) }

// Recognised says whether the data looks like an instance of any known format.
func Recognised(data []byte, file string) bool {
	data = unmarked(data)
	for _, f := range Formats() {
		if f.Looks(data, file) {
			return true
		}
	}
	return false
}

// Problems counts the problems that a file holds, of which Options.Problem picks one.
func Problems(data []byte, file, from string) (int, error) {
	data = unmarked(data)
	format, err := choose(data, file, from)
	if err != nil || format.Problems == nil {
		return 1, err
	}
	return format.Problems(data, file)
}

// plain refuses the options that make no sense for a file that holds one problem,
// to be minimised.
func (o Options) plain(format, file string) error {
	if o.Problem > 1 {
		return fmt.Errorf("%s: %s files hold one problem, there is no problem %d", file, format, o.Problem)
	}
	if o.Processors > 0 {
		return fmt.Errorf("%s: only stg and auckland files take a number of processors, this one is read as %s", file, format)
	}
	if o.Platform != nil {
		return fmt.Errorf("%s: only wfformat files take a platform, this one is read as %s", file, format)
	}
	if o.Maximise {
		return fmt.Errorf("%s: only %s files can be maximised, this one is read as %s", file, orlibFormat.Name, format)
	}
	return nil
}

// mostExplained is how many bytes are read as every format in turn, to say why they are
// none: of more that would take minutes, and gigabytes of memory.
const mostExplained = 4 << 20

// choose picks the format by name or by looks.
func choose(data []byte, file, from string) (Format, error) {
	var like []Format
	for _, f := range Formats() {
		if f.Name == from {
			return f, nil
		}
		if from == "" && f.Looks(data, file) {
			like = append(like, f)
		}
	}
	switch {
	case from != "":
		return Format{}, fmt.Errorf("%s: unknown format %q; the known formats are %s", file, from, names(Formats()))
	case len(bytes.TrimSpace(data)) == 0:
		return Format{}, fmt.Errorf("%s: found an empty file; want an instance: a document that begins with format: berth/v1, or one of %s", file, names(Formats()[1:]))
	case len(like) == 0 && bytes.IndexByte(data, 0) >= 0: // all formats are text, and one message says so
		_, err := berthFormat.Read(data, file, Options{})
		return Format{}, err
	case len(like) == 0 && len(data) > mostExplained:
		return Format{}, fmt.Errorf("%s: looks like none of the known formats: %s; --from names one, and then it is said why the file is none", file, names(Formats()))
	case len(like) == 0:
		return Format{}, fmt.Errorf("%s: looks like none of the known formats; --from names one. Why it is none:%s", file, whyNot(data, file))
	case len(like) > 1:
		return Format{}, fmt.Errorf("%s: could be any of %s; say which with --from", file, names(like))
	}
	return like[0], nil
}

// whyNot says for each format, a line each, what keeps the data from being read as it.
func whyNot(data []byte, file string) string {
	var reasons strings.Builder
	for _, f := range Formats() {
		if _, err := f.Read(data, file, Options{}); err != nil {
			fmt.Fprintf(&reasons, "\n  as %s: %s", f.Name, strings.TrimPrefix(err.Error(), file+":"))
		}
	}
	return reasons.String()
}

func names(formats []Format) string {
	list := make([]string, len(formats))
	for k, f := range formats {
		list[k] = f.Name
	}
	return strings.Join(list, ", ")
}
