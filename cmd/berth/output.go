package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"syscall"

	"github.com/spf13/pflag"
)

// output is where a verb's result goes, and in which form.
type output struct {
	app    *app
	flag   string // that names it
	name   string // "-": standard output
	format string // "": a table on a terminal, else JSON
}

func (a *app) outputFlags(set *pflag.FlagSet) *output {
	o := a.outputFlag(set)
	flag(set, &o.format, "format", "", "form", "table or json (default: table on a terminal, else json)", oneOf("table", "json"))
	return o
}

func (a *app) outputFlag(set *pflag.FlagSet) *output {
	o := &output{app: a, flag: "--output"}
	set.StringVarP(&o.name, "output", "o", "-", "`file` to write, whole or not at all; - is standard output")
	return o
}

// table says whether people are to read the result.
func (o *output) table() bool {
	return o.format == "table" || o.format == "" && o.name == "-" && o.app.outTerminal
}

// watched says whether the result goes to a file while somebody sits at the terminal and
// wants to know what came of it.
func (o *output) watched() bool { return o.name != "-" && o.app.errTerminal }

// check finds out, before the work begins, whether the output can be written.
func (o *output) check() error {
	if o.name == "-" {
		if _, shut := o.app.out.(closed); shut {
			return o.write(nil)
		}
		return nil
	}
	target, whole, err := o.target()
	if err != nil || !whole {
		return err
	}
	probe, err := beside(target)
	if err != nil {
		return o.refused(err)
	}
	probe.Close()
	os.Remove(probe.Name())
	return nil
}

// sameFile says whether two names are those of one file that can be written over: a device is none.
func sameFile(a, b string) bool {
	if a == "-" || b == "-" {
		return false
	}
	one, err1 := os.Stat(a)
	two, err2 := os.Stat(b)
	if err1 == nil && err2 == nil {
		return os.SameFile(one, two) && one.Mode().IsRegular()
	}
	return errors.Is(err1, fs.ErrNotExist) && errors.Is(err2, fs.ErrNotExist) && filepath.Clean(a) == filepath.Clean(b)
}

// target finds the file behind the name. A device or a pipe cannot be written as a
// whole.
func (o *output) target() (target string, whole bool, err error) {
	if o.name == "" {
		return "", false, fmt.Errorf("%s names no file; name one, or - for standard output", o.flag)
	}
	info, err := os.Stat(o.name)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return o.name, true, nil
	case err != nil:
		return "", false, o.refused(err)
	case info.IsDir():
		return "", false, fmt.Errorf("%s %s is a folder; name a file in it", o.flag, o.name)
	case !info.Mode().IsRegular():
		return o.name, false, nil
	}
	target, err = filepath.EvalSymlinks(o.name)
	if err != nil {
		return "", false, o.refused(err)
	}
	return target, true, nil
}

func (o *output) refused(err error) error {
	if errors.Is(err, syscall.ENOSPC) {
		return broken(fmt.Errorf("%s %s cannot be written: %w; make room, or name a file elsewhere", o.flag, o.name, plain(err)))
	}
	return fmt.Errorf("%s %s cannot be written: %w; name a file in a folder that exists and may be written to", o.flag, o.name, plain(err))
}

// closed is a standard output that the program was started without.
type closed struct{}

func (closed) Write([]byte) (int, error) { return 0, errors.New("it is closed") }

// beside creates a file in the folder of another, with the permissions of a file
// that anybody makes.
func beside(target string) (*os.File, error) {
	name := filepath.Join(filepath.Dir(target), fmt.Sprintf(".%s.%d", filepath.Base(target), os.Getpid()))
	return os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o666)
}

// write puts out the result: a file appears whole or not at all.
func (o *output) write(data []byte) error {
	if o.name == "-" {
		if _, err := o.app.out.Write(data); err != nil {
			return broken(fmt.Errorf("standard output cannot be written: %w; send it elsewhere or use %s FILE", plain(err), o.flag))
		}
		return nil
	}
	target, whole, err := o.target()
	if err != nil {
		return err
	}
	if !whole {
		if err := os.WriteFile(target, data, 0o666); err != nil {
			return o.refused(err)
		}
		return nil
	}
	if err := replace(target, data); err != nil {
		return o.refused(err)
	}
	return nil
}

// writeBy puts out what a function writes, as a whole.
func (o *output) writeBy(write func(io.Writer) error) error {
	var b bytes.Buffer
	if err := write(&b); err != nil {
		return broken(err)
	}
	return o.write(b.Bytes())
}

// writing is held while a file comes into being, and for good when the program ends: an
// interrupt leaves no part of one.
var writing sync.Mutex

// replace writes a file beside the target and then renames it.
func replace(target string, data []byte) (err error) {
	writing.Lock()
	defer writing.Unlock()
	file, err := beside(target)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(file.Name())
		}
	}()
	if info, err := os.Stat(target); err == nil {
		if err := file.Chmod(info.Mode().Perm()); err != nil {
			file.Close()
			return err
		}
	}
	if _, err := file.Write(data); err != nil {
		file.Close()
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	return os.Rename(file.Name(), target)
}
