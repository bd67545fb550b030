package tidy

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"
)

// mayImport is who may import whom. A folder that is not named goes by the
// nearest one above it that is. Imports point down, never up.
var mayImport = map[string][]string{
	"model":      {},
	"instances":  {"model"},
	"search":     {"model"},
	"sizing":     {},
	"heuristics": {"sizing", "search", "model"},
	"encode":     {"model"},
	"proof":      {"encode", "model"},
	"solvers":    {"proof", "encode", "heuristics", "search", "model"},
	"simulate":   {"model"},
	"page":       {},
	"view":       {"page", "model"},
	"results":    {"page", "model"},
	"harness":    {"results", "solvers", "encode", "search", "instances", "model"},
	"cmd":        {"sizing", "harness", "results", "simulate", "view", "solvers", "proof", "encode", "heuristics", "search", "instances", "model"},
	"internal":   {"instances", "model"},
}

// Imports holds the table of who may import whom. Tests may import what they like.
func Imports(f *File) []string {
	if f.Test {
		return nil
	}
	own := top(f.Folder())
	allowed, known := mayImport[own]
	var found []string
	if !known {
		found = append(found, f.at(f.Syntax.Package, "folder %q is not in the table of imports in internal/tidy/rules.go; add it, and to ARCHITECTURE.md", own))
	}
	for _, spec := range f.Syntax.Imports {
		path, ours := strings.CutPrefix(strings.Trim(spec.Path.Value, `"`), "berth/")
		if !ours || top(path) == own || path == "internal" || !known {
			continue
		}
		if !slices.Contains(allowed, top(path)) {
			found = append(found, f.at(spec.Pos(), "%s may not import %s; imports point down the table of ARCHITECTURE.md", own, path))
		}
	}
	return found
}

func top(folder string) string {
	name, _, _ := strings.Cut(folder, "/")
	return name
}

// ban is a call that belongs in some folders only.
type ban struct {
	names   []string // empty: every function but those of except
	except  []string
	folders []string // where it is allowed
	remedy  string
}

var bans = map[string]ban{
	"time": {
		names: []string{"Now", "Since", "Until", "Sleep", "After", "Tick", "NewTimer", "NewTicker"}, folders: []string{"search", "harness", "cmd"},
		remedy: "the board has the clock; a method that reads it does not repeat",
	},
	"log":          {folders: []string{"cmd"}, remedy: "return an error"},
	"os":           {names: []string{"Exit"}, folders: []string{"cmd"}, remedy: "return an error"},
	"fmt":          {names: []string{"Print", "Printf", "Println"}, folders: []string{"cmd"}, remedy: "write to an io.Writer that the caller names"},
	"math/rand":    {remedy: "use math/rand/v2 with a seed"},
	"math/rand/v2": {except: []string{"New", "NewPCG", "Rand", "PCG", "Source"}, remedy: "draw from rand.New(rand.NewPCG(seed, …)), so that a run repeats"},
}

// Calls finds calls outside the folders where they belong. Tests are free.
func Calls(f *File) []string {
	if f.Test {
		return nil
	}
	imports := f.imports()
	var found []string
	ast.Inspect(f.Syntax, func(n ast.Node) bool {
		selector, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		name, ok := selector.X.(*ast.Ident)
		if !ok {
			return true
		}
		rule, ok := bans[imports[name.Name]]
		if !ok || slices.Contains(rule.folders, top(f.Folder())) || slices.Contains(rule.except, selector.Sel.Name) {
			return true
		}
		if len(rule.names) == 0 || slices.Contains(rule.names, selector.Sel.Name) {
			found = append(found, f.at(n.Pos(), "%s.%s: %s", name.Name, selector.Sel.Name, rule.remedy))
		}
		return true
	})
	return found
}

// The functions and files of package model that may use floating point: for what
// is shown to people, and for fields of a solution that are rounded anyhow.
var (
	roundedFunctions = []string{"Value", "Gap", "bound"}
	roundedFiles     = []string{"model/solution.go", "model/solution_read.go"}
)

// Floats finds floating-point numbers in packages model and proof, whose judge, bounds and
// checker are exact integers.
func Floats(f *File) []string {
	if f.Test || f.Folder() != "model" && f.Folder() != "proof" || slices.Contains(roundedFiles, f.Path) {
		return nil
	}
	var found []string
	ast.Inspect(f.Syntax, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			return !slices.Contains(roundedFunctions, n.Name.Name)
		case *ast.Ident:
			if n.Name == "float64" || n.Name == "float32" {
				found = append(found, f.at(n.Pos(), "%s in package %s; count in integers", n.Name, f.Folder()))
			}
		case *ast.BasicLit:
			if n.Kind == token.FLOAT {
				found = append(found, f.at(n.Pos(), "%s in package %s; count in integers", n.Value, f.Folder()))
			}
		}
		return true
	})
	return found
}

const (
	longestFile     = 500
	longestFunction = 100
)

// Length finds files that cannot be read in one sitting and functions that do not
// fit on two screens. Tables in tests may be long.
func Length(f *File) []string {
	var found []string
	if f.Lines > longestFile {
		found = append(found, f.at(f.Syntax.Package, "%d lines; split the file, %d is the most", f.Lines, longestFile))
	}
	for _, declaration := range f.Syntax.Decls {
		function, ok := declaration.(*ast.FuncDecl)
		if !ok || f.Test {
			continue
		}
		if lines := f.Set.Position(function.End()).Line - f.Set.Position(function.Pos()).Line + 1; lines > longestFunction {
			found = append(found, f.at(function.Pos(), "%s has %d lines; split it, %d is the most", function.Name.Name, lines, longestFunction))
		}
	}
	return found
}

// Documented finds exported identifiers without a doc comment.
func Documented(f *File) []string {
	if f.Test || f.Syntax.Name.Name == "main" {
		return nil
	}
	var found []string
	want := func(name *ast.Ident, docs ...*ast.CommentGroup) {
		if !name.IsExported() {
			return
		}
		for _, doc := range docs {
			if doc != nil {
				return
			}
		}
		found = append(found, f.at(name.Pos(), "%s has no doc comment", name.Name))
	}
	for _, declaration := range f.Syntax.Decls {
		switch d := declaration.(type) {
		case *ast.FuncDecl:
			if d.Recv == nil || exportedReceiver(d.Recv) && !conventional(d.Name.Name) {
				want(d.Name, d.Doc)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch s := spec.(type) {
				case *ast.TypeSpec:
					want(s.Name, s.Doc, d.Doc)
				case *ast.ValueSpec:
					for _, name := range s.Names {
						want(name, s.Doc, s.Comment, d.Doc)
					}
				}
			}
		}
	}
	return found
}

// exportedReceiver says whether a method belongs to a type that others see.
func exportedReceiver(receiver *ast.FieldList) bool {
	t := receiver.List[0].Type
	for {
		switch inner := t.(type) {
		case *ast.StarExpr:
			t = inner.X
		case *ast.IndexExpr:
			t = inner.X
		case *ast.IndexListExpr:
			t = inner.X
		case *ast.Ident:
			return inner.IsExported()
		default:
			return false
		}
	}
}

// conventional methods mean what their interface says.
func conventional(name string) bool {
	return slices.Contains([]string{"Len", "Less", "Swap", "Push", "Pop", "Error", "Unwrap", "Is"}, name)
}

// Finished finds marks of unfinished work.
func Finished(f *File) []string {
	var found []string
	for _, group := range f.Syntax.Comments {
		for _, comment := range group.List {
			for _, mark := range []string{"TO" + "DO", "FIX" + "ME", "XX" + "X"} {
				if strings.Contains(comment.Text, mark) {
					found = append(found, f.at(comment.Pos(), "%s; finish it or leave it out", mark))
				}
			}
		}
	}
	return found
}
