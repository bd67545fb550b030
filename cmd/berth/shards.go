package main

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"berth/model"
	"berth/results/figures"
	"berth/sizing/shards"
)

func (a *app) shardsCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "shards LISTING",
		Short: "Cut the metadata of a file system into shards, and write an instance that places them",
		Long: `shards reads a listing of paths and cuts the metadata of the file system into shards:
ranges of directories of about the same size, each directory whole, large ones in
parts, no shard larger than 1¼ of the mean. It writes an instance in which each shard
is a task that needs so much memory, with replicas kept apart, and says on standard
error how that compares with hashing directories and hashing every path.

A listing is made by one of these, and may be compressed by gzip:

    find ROOT -printf '%y %P\n'            (or \0 for \n where names have line breaks)
    hdfs oiv -p Delimited -i FSIMAGE
    an S3 inventory as CSV

A file or directory takes a record (--file-bytes) and an entry (--entry-bytes, more where
its name is long); both stand in pages of 4 KiB with headers, under an index. The nodes
are --servers with --memory each, in --racks, or those of an instance that --into names.
--map writes what each shard holds, for whoever has to find a directory.

--together 2 keeps the shards below one directory of depth 2, such as /home/ann, on one
server, by rules of affinity: of each copy, as far as they fill no more than a quarter of
the smallest server. With --placed a solution of such an instance is read back, for the
same listing and flags: what each server holds then, and how many of them a listing
asks, against hashing to as many servers; --map says where each shard is.`,
		Example: `  find /usr -printf '%y %P\n' > listing.txt
  berth shards listing.txt --shards 64 --servers 8 --memory 4Gi --racks 4 --output shards.yaml
  berth shards listing.txt --into drain.yaml --map map.json --output placed.yaml
  berth solve shards.yaml --output answer.json
  berth shards listing.txt --shards 64 --placed answer.json --map where.json --svg servers.svg`,
		Args: files("LISTING"),
	}
	set := c.Flags()
	cut := cutting{layout: shards.Usual()}
	flag(set, &cut.from, "from", "", "format", "of LISTING: "+strings.Join(shards.Formats(), ", ")+" (default: what it looks like)", oneOf(shards.Formats()...))
	flag(set, &cut.shards, "shards", "", "number", "of shards (default: as many as make 256 MiB each)", count(1, shards.MostShards))
	flag(set, &cut.replicas, "replicas", "3", "number", "of copies of each shard", count(1, 100))
	flag(set, &cut.layout.File, "file-bytes", "256", "bytes", "of a file's record", count(1, 1<<20))
	flag(set, &cut.layout.Entry, "entry-bytes", "64", "bytes", "of an entry with a short name", count(1, 1<<20))
	flag(set, &cut.servers, "servers", "", "number", "of servers (default: as many as hold all, 80 % full)", count(1, 1_000_000))
	flag(set, &cut.memory, "memory", "64Gi", "bytes", "that each server has for metadata", parseBytes)
	flag(set, &cut.racks, "racks", "1", "number", "of racks that the servers stand in; with as many as there are replicas, these are kept in different ones", count(1, 1_000_000))
	set.StringVar(&cut.into, "into", "", "place the shards on the nodes of this instance (a `file`) and beside its tasks")
	set.StringVar(&cut.mapping, "map", "", "`file` to write as JSON: what each shard holds")
	flag(set, &cut.together, "together", "0", "depth", "of directories whose shards share a server; 0: of none", count(0, 1000))
	set.StringVar(&cut.placed, "placed", "", "say what this `solution` comes to, instead of writing an instance")
	out := a.modelFlags(set)
	c.RunE = a.verb(func(args []string) error {
		if err := cut.check(set, args[0], out.format); err != nil {
			return err
		}
		mapping := &output{app: a, flag: "--map", name: cut.mapping}
		if err := errors.Join(mapping.checkBeside(out.name), out.check()); err != nil {
			return err
		}
		return a.shards(args[0], &cut, mapping, out)
	})
	return c
}

// check refuses flags that contradict one another.
func (c *cutting) check(set *pflag.FlagSet, listing, format string) error {
	switch {
	case listing == "-" && (c.into == "-" || c.placed == "-"):
		return errOnce
	case c.placed == "" && format != "":
		return errors.New("--format is for --placed: what is written otherwise is an instance")
	case c.placed != "" && (c.into != "" || c.together > 0):
		return errors.New("--placed reads a solution, and --into and --together write an instance; leave out one of them")
	case c.into != "" && (set.Changed("servers") || set.Changed("memory") || set.Changed("racks")):
		return errors.New("--into and --servers, --memory or --racks contradict one another: the nodes are those of the instance, or new ones")
	}
	return c.layout.Check()
}

// shards cuts a listing, and writes the instance or says what a solution comes to.
func (a *app) shards(listing string, c *cutting, mapping *output, out *modelOutput) error {
	in := &model.Instance{Name: "shards", Weights: model.Weights{Fetch: model.DecimalOne, Traffic: model.DecimalOne, Move: model.DecimalOne, Open: model.DecimalOne}}
	if c.into != "" {
		var err error
		if in, err = a.placement(c.into, &source{}); err != nil {
			return err
		}
	}
	tree, err := a.listing(listing, c.from, c.layout)
	if err != nil {
		return err
	}
	list, err := c.partition(tree)
	if err != nil {
		return err
	}
	if c.placed != "" {
		return c.tell(a, tree, list, mapping, out)
	}
	if err := c.write(in, list); err != nil {
		if c.into == "" {
			return err
		}
		return fmt.Errorf("%s: %w", shownName(c.into), err)
	}
	m := c.compare(tree, list, len(in.Nodes))
	if c.mapping != "" {
		if err := mapping.writeJSON(shardMap(list, nil)); err != nil {
			return err
		}
	}
	if err := out.picture.draw(m.picture); err != nil {
		return err
	}
	if err := out.writeInstance(in, ""); err != nil {
		return err
	}
	_, err = a.err.Write(m.text())
	return err
}

// listing reads a listing into a tree, as a stream.
func (a *app) listing(name, from string, layout shards.Layout) (*shards.Tree, error) {
	in, err := a.open(name)
	if err != nil {
		return nil, err
	}
	defer in.Close()
	tree, err := shards.NewTree(layout)
	if err != nil {
		return nil, err
	}
	if err := shards.Read(in, from, tree.Add); err != nil {
		return nil, fmt.Errorf("%s: %w", shownName(name), err)
	}
	return tree, nil
}

// cutting is what is asked of shards.
type cutting struct {
	layout                           shards.Layout
	from, into, mapping, placed      string
	shards, replicas, servers, racks int
	together                         int // the depth of directories
	memory                           int64
}

const usualShard = 256 << 20 // bytes

func (c *cutting) partition(tree *shards.Tree) ([]shards.Shard, error) {
	n := c.shards
	if n == 0 {
		t := tree.Totals()
		n = min(int(math.Ceil(c.layout.Weight(t.Files+t.Directories+1, t.Slots)/usualShard)), shards.MostShards)
	}
	return tree.Partition(n)
}

// total is what all shards take, one copy of each.
func total(list []shards.Shard) (bytes int64) {
	for _, s := range list {
		bytes += s.Bytes
	}
	return bytes
}

func (c *cutting) compare(tree *shards.Tree, list []shards.Shard, nodes int) *modelled {
	t := tree.Totals()
	raw := (t.Files+t.Directories)*int64(c.layout.File) + t.Slots*int64(c.layout.Entry)
	whole := total(list)
	m := &modelled{facts: facts{
		{"files", "files", t.Files},
		{"directories", "directories", t.Directories},
		{"records", "records and entries", size(raw)},
		{"bytes", "with pages and index", size(whole)},
		{"overhead", "overhead", part(float64(whole)/float64(max(raw, 1)) - 1)},
		{"allBytes", fmt.Sprintf("%d times over", c.replicas), size(whole * int64(c.replicas))},
		{"perNode", fmt.Sprintf("of it on each of %s, evenly", model.Plural(nodes, "node")), size(whole * int64(c.replicas) / int64(max(nodes, 1)))},
		{"shards", "shards", len(list)},
	}}
	m.schemes(tree.Compare(list), "shards", "largest", "largest shard")
	return m
}

// schemes adds rows that compare ways of cutting metadata, and draws them: what holds it,
// and how the size of the largest of these is called.
func (m *modelled) schemes(list []shards.Scheme, holders, key, largest string) {
	for _, s := range list {
		m.rows = append(m.rows, facts{
			{"scheme", "scheme", s.Name},
			{key, largest, size(s.Largest)},
			{"skew", "to the mean", s.Skew},
			{"touched", holders + " a listing asks", s.Touched},
			{"worst", "of the largest directory", s.Worst},
		})
	}
	m.picture = func() figures.Figure {
		value := largest + " to the mean; " + holders + " that a listing asks"
		return barsOf(holders, "schemes", figures.Axis{Label: value, Log: true}, m.rows, "skew", "touched", "worst")
	}
}

// size is an amount of bytes.
type size int64

// String writes it in the largest unit that leaves a whole part.
func (s size) String() string {
	v, units := float64(s), []string{" B", " KiB", " MiB", " GiB", " TiB", " PiB"}
	for v >= 1024 && len(units) > 1 {
		v, units = v/1024, units[1:]
	}
	return significant(v) + units[0]
}
