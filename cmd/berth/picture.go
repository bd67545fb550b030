package main

import (
	"bytes"
	"errors"
	"fmt"

	"github.com/spf13/pflag"

	"berth/results/figures"
)

// modelOutput is where what a model says goes: a table or JSON, and a picture where one
// is asked for.
type modelOutput struct {
	*output
	picture *output
}

func (a *app) modelFlags(set *pflag.FlagSet) *modelOutput {
	return &modelOutput{a.outputFlags(set), a.pictureFlag(set)}
}

// pictureFlag is --svg; without it the output has no name.
func (a *app) pictureFlag(set *pflag.FlagSet) *output {
	o := &output{app: a, flag: "--svg"}
	set.StringVar(&o.name, "svg", "", "`file` to draw a picture into, as SVG")
	return o
}

// check finds out whether both can be written.
func (o *modelOutput) check() error {
	return errors.Join(o.output.check(), o.picture.checkBeside(o.name))
}

// checkBeside finds out whether what is asked for, if it is, can be written beside what
// --output names.
func (o *output) checkBeside(other string) error {
	switch {
	case o.name == "":
		return nil
	case o.name == "-" && other == "-":
		return fmt.Errorf("%s and --output are both standard output; name a file for one of them", o.flag)
	case sameFile(o.name, other):
		return fmt.Errorf("%s and --output are both %s; name another file for one of them", o.flag, o.name)
	}
	return o.check()
}

// put shows what a model says, and draws it.
func (o *modelOutput) put(m *modelled) error {
	if err := o.picture.draw(m.picture); err != nil {
		return err
	}
	return o.output.put(m)
}

// draw writes a picture where one is asked for.
func (o *output) draw(picture func() figures.Figure) error {
	if o.name == "" {
		return nil
	}
	var b bytes.Buffer
	if err := picture().Draw(&b, "svg"); err != nil {
		return broken(err)
	}
	return o.write(b.Bytes())
}
