package results

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const header = "name\tvalue\tstatus\tsource"

func TestReadKnown(t *testing.T) {
	for _, c := range []struct {
		name, text, asked string
		want              Published // Status empty: not found
	}{
		{"plain", header + "\nshop\t191\toptimal\tHiGHS", "shop", Published{"191", "optimal", "HiGHS", "min", ""}},
		{"line ends", "\ufeff" + header + "\r\n\r\n# a remark\r\nshop\t191\toptimal\tHiGHS\r\n", "shop", Published{"191", "optimal", "HiGHS", "min", ""}},
		{"other columns in another order", "source\tagents\tsense\tlower_bound\tname\tstatus\tvalue\nOR-Library\t5\tmax\t340.5\tgap1-0\tbest-known\t336\n", "gap1-0", Published{"336", "best-known", "OR-Library", "max", "340.5"}},
		{"no sense in the row", header + "\tsense\tlower_bound\na\t1\toptimal\t\t\t-", "a", Published{"1", "optimal", "", "min", ""}},
		{"infeasible", header + "\na\t-\tinfeasible\tby hand", "a", Published{"", "infeasible", "by hand", "min", ""}},
		{"negative decimal", header + "\na\t-790.5\toptimal\t", "a", Published{"-790.5", "optimal", "", "min", ""}},
		{"not there", header + "\na\t1\toptimal\t", "b", Published{}},
		{"no rows", header, "a", Published{}},

		{"extension in the table", header + "\nx.dat\t1\toptimal\t", "x", Published{"1", "optimal", "", "min", ""}},
		{"extension in the name", header + "\nx\t1\toptimal\t", "x.yaml", Published{"1", "optimal", "", "min", ""}},
		{"another extension", header + "\nx.dat\t1\toptimal\t", "x.json", Published{"1", "optimal", "", "min", ""}},
		{"folder in the table", header + "\n50/x.stg\t1\toptimal\t", "x", Published{"1", "optimal", "", "min", ""}},
		{"folder in the name", header + "\nx\t1\toptimal\t", "gap/chu/x", Published{"1", "optimal", "", "min", ""}},
		{"more folders in the name", header + "\nchu/x\t1\toptimal\t", "gap/chu/x.txt", Published{"1", "optimal", "", "min", ""}},
		{"another folder", header + "\nchu/x\t1\toptimal\t", "gap/orlib/x", Published{}},
		{"half a name", header + "\nx1\t1\toptimal\t", "1", Published{}},
		{"in doubt", header + "\n50/x\t1\toptimal\t\n100/x\t2\toptimal\t", "x", Published{}},
		{"no doubt with the folder", header + "\n50/x\t1\toptimal\t\n100/x\t2\toptimal\t", "100/x.stg", Published{"2", "optimal", "", "min", ""}},
		{"no doubt where they agree", header + "\n50/x\t1\toptimal\t\n100/x\t1\toptimal\t", "x", Published{"1", "optimal", "", "min", ""}},
		{"the exact name before others", header + "\nx\t1\toptimal\t\nx.txt\t2\toptimal\t", "x", Published{"1", "optimal", "", "min", ""}},
		{"numbers are no extensions", header + "\ngap1.1\t1\toptimal\t", "gap1.2", Published{}},
		{"dots elsewhere", header + "\nCCR_0.10_n-6.dot\t1\toptimal\t", "CCR_0.10_n-6", Published{"1", "optimal", "", "min", ""}},
		{"told apart by a column that means nothing here", header + "\tprocessors\nx\t1\toptimal\t\t2\nx\t2\toptimal\t\t4", "x", Published{}},
		{"said twice", header + "\nx\t1\toptimal\t\nx\t1\toptimal\t", "x", Published{"1", "optimal", "", "min", ""}},
	} {
		table, err := ReadKnown([]byte(c.text), "best.tsv")
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		got, ok := table.Lookup(c.asked, 0)
		if got != c.want || ok != (c.want.Status != "") {
			t.Errorf("%s: %+v, %v; want %+v", c.name, got, ok, c.want)
		}
	}
}

// TestKnownByProcessors: a value is for so many processors, where the table says so.
func TestKnownByProcessors(t *testing.T) {
	table, err := ReadKnown([]byte("name\tvalue\tstatus\tsource\tprocessors\na.stg\t9\toptimal\ts\t2\na.stg\t5\toptimal\ts\t4\n"), "best.tsv")
	if err != nil {
		t.Fatal(err)
	}
	if got, ok := table.Lookup("a", 4); !ok || got.Value != "5" {
		t.Errorf("on 4: %+v, %t", got, ok)
	}
	for _, processors := range []int{0, 8} {
		if got, ok := table.Lookup("a", processors); ok {
			t.Errorf("on %d: %+v", processors, got)
		}
	}
}

func TestBadKnown(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", `best.tsv:1: the table is empty; begin it with the line "name value status source"`},
		{"\n# nothing\n", "best.tsv:1: the table is empty"},
		{"name\tvalue\tstatus\n", `best.tsv:1: the first line is "name value status" and has no column "source"`},
		{"name value status source\nx 1 optimal y", `best.tsv:1: the first line is "name value status source" and has no column "name"; it names the columns, parted by tabs`},
		{header + "\tvalue\n", `best.tsv:1: two columns are named "value"; take one out`},
		{header + "\n\nx\t1\toptimal", "best.tsv:3: 3 fields, and the first line names 4 columns; part them by tabs"},
		{header + "\nx\tone\toptimal\t", `best.tsv:2: value "one" is no number; write a decimal such as 412.5`},
		{header + "\nx\t\toptimal\t", `best.tsv:2: value "" is no number`},
		{header + "\nx\t5\tinfeasible\t", `best.tsv:2: value "5" of an infeasible instance; leave it empty`},
		{header + "\nx\t5\tsolved\t", `best.tsv:2: status "solved"; write optimal, best-known or infeasible`},
		{header + "\n\t5\toptimal\t", "best.tsv:2: the name is empty"},
		{header + "\tsense\nx\t5\toptimal\t\tup", `best.tsv:2: sense "up"; write min or max`},
		{header + "\tlower_bound\nx\t5\toptimal\t\t5.5", `best.tsv:2: value 5 is better than lower_bound 5.5`},
		{header + "\tlower_bound\tsense\nx\t5\tbest-known\t\t5\tmax\ny\t5\tbest-known\t\t4\tmax", `best.tsv:3: value 5 is better than lower_bound 4`},
		{header + "\tlower_bound\nx\t5\toptimal\t\tlow", `best.tsv:2: lower_bound "low" is no number`},
		{header + "\nx\t5\toptimal\t\ny\t1\toptimal\t\nx\t6\toptimal\t", `best.tsv:4: "x" is in line 2 with other values; leave one of the two`},
	} {
		if _, err := ReadKnown([]byte(c.text), "best.tsv"); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%q: %v, want %s", c.text, err, c.want)
		}
	}
}

// Every table beside the public instances is read, and finds its own rows.
func TestKnownTablesOfPublicInstances(t *testing.T) {
	tables := []string{"../instances/library/optima.tsv"}
	err := filepath.WalkDir("../../shared/instances", func(path string, _ fs.DirEntry, err error) error {
		if err == nil && filepath.Ext(path) == ".tsv" {
			tables = append(tables, path)
		}
		return err
	})
	if err != nil {
		t.Logf("the public instances are not here, the shipped table alone is read: %v", err)
	}
	for _, path := range tables {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		table, err := ReadKnown(data, path)
		if err != nil {
			t.Error(err)
			continue
		}
		if len(table.rows) != strings.Count(string(data), "\n")-1 {
			t.Errorf("%s: %d rows of %d lines", path, len(table.rows), strings.Count(string(data), "\n"))
		}
		found := 0
		for _, row := range table.rows {
			if got, ok := table.Lookup(row.name, 0); ok {
				found++
				if got != row.Published {
					t.Errorf("%s: %s is %v, want %v", path, row.name, got, row.Published)
				}
			}
		}
		// An instance that is scheduled on several numbers of processors has several values.
		if found < len(table.rows) && !strings.Contains(path, "/stg/") {
			t.Errorf("%s: %d of %d rows are found by their own names", path, found, len(table.rows))
		}
	}
}

func FuzzKnown(f *testing.F) {
	f.Add(header+"\tsense\nx.dat\t1\toptimal\tS\tmax\n", "x")
	f.Add("name\tvalue\tstatus\tsource\tlower_bound\r\na/b\t-1.5\tbest-known\t\t-2\r\n", "b.txt")
	f.Add(header+"\n.\t1\toptimal\t\n/\t1\toptimal\t\n..\t2\toptimal\t", "/")
	f.Fuzz(func(t *testing.T, text, name string) {
		table, err := ReadKnown([]byte(text), "best.tsv")
		if err != nil {
			if !strings.HasPrefix(err.Error(), "best.tsv:") {
				t.Errorf("%v names no line", err)
			}
			return
		}
		if p, ok := table.Lookup(name, 0); ok && p.Status != string(Infeasible) && p.Value.Rat() == nil {
			t.Errorf("%s is %+v", name, p)
		}
		for _, row := range table.rows {
			if p, ok := table.Lookup(row.name, 0); ok && p != row.Published {
				t.Errorf("%q is %+v, and the row has %+v", row.name, p, row.Published)
			}
		}
	})
}
