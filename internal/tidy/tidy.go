// Package tidy holds the rules of the house that no compiler and no linter knows:
// who may import whom, which calls belong where, how long a file may be, and that
// no floating-point number decides anything in package model. Its test applies
// them to the whole project.
package tidy

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// File is a Go file of the project, parsed.
type File struct {
	Path   string // from the root of the project, with slashes
	Lines  int
	Test   bool
	Syntax *ast.File
	Set    *token.FileSet
}

// Folder is the file's folder, "" for the root.
func (f *File) Folder() string {
	if k := strings.LastIndexByte(f.Path, '/'); k >= 0 {
		return f.Path[:k]
	}
	return ""
}

// Parse reads the source of a file.
func Parse(path string, source []byte) (*File, error) {
	set := token.NewFileSet()
	syntax, err := parser.ParseFile(set, path, source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	return &File{
		Path: path, Lines: strings.Count(string(source), "\n"),
		Test: strings.HasSuffix(path, "_test.go"), Syntax: syntax, Set: set,
	}, nil
}

// Load parses every Go file below root, except in folders with a go.mod of their
// own and in those that the go command leaves out.
func Load(root string) ([]*File, error) {
	var files []*File
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			return skip(root, path)
		}
		if filepath.Ext(path) != ".go" {
			return nil
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		relative, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		file, err := Parse(filepath.ToSlash(relative), source)
		files = append(files, file)
		return err
	})
	return files, err
}

func skip(root, folder string) error {
	if folder == root {
		return nil
	}
	name := filepath.Base(folder)
	_, err := os.Stat(filepath.Join(folder, "go.mod"))
	if err == nil || name == "testdata" || name[0] == '.' || name[0] == '_' {
		return filepath.SkipDir
	}
	return nil
}

// Rule finds what is wrong with a file: a message for each place.
type Rule func(*File) []string

// Rules are all the rules of the house.
var Rules = []Rule{Imports, Calls, Floats, Length, Documented, Finished}

// at words a finding.
func (f *File) at(pos token.Pos, format string, args ...any) string {
	return fmt.Sprintf("%s:%d: ", f.Path, f.Set.Position(pos).Line) + fmt.Sprintf(format, args...)
}

// imports returns the file's imports: the path by the name that the file uses.
func (f *File) imports() map[string]string {
	names := make(map[string]string)
	for _, spec := range f.Syntax.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		parts := strings.Split(path, "/")
		name := parts[len(parts)-1]
		if len(parts) > 1 && len(name) > 1 && name[0] == 'v' && '0' <= name[1] && name[1] <= '9' {
			name = parts[len(parts)-2]
		}
		if spec.Name != nil {
			name = spec.Name.Name
		}
		names[name] = path
	}
	return names
}
