package main

import (
	"bytes"
	"fmt"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"berth/instances"
	"berth/model"
)

func (a *app) convertCommand() *cobra.Command {
	s := &source{}
	known := ""
	for _, f := range instances.Formats() {
		known += fmt.Sprintf("    %-9s %s\n", f.Name, f.Short)
	}
	c := &cobra.Command{
		Use:   "convert FILE",
		Short: "Rewrite an instance of any known format as berth/v1",
		Long: `convert reads an instance in any format that berth knows and writes it as a berth/v1
document, YAML for people or JSON for programs. What the instance means stays the
same: it has the same digest and the same costs. Formats:

` + known,
		Example: `  berth convert --from orlib --problem 3 gap1.txt --output gap1-3.yaml
  berth convert --to json shop.yaml`,
		Args: files("FILE"), Annotations: rewrites,
	}
	s.flags(c.Flags())
	to := formFlag(c.Flags())
	out := a.outputFlag(c.Flags())
	c.RunE = a.verb(func(args []string) error {
		if err := out.check(); err != nil {
			return err
		}
		in, err := a.instance(args[0], s)
		if err != nil {
			return err
		}
		return out.writeInstance(in, *to)
	})
	return c
}

// formFlag adds the flag that names the form of an instance to be written.
func formFlag(set *pflag.FlagSet) *string {
	to := new(string)
	flag(set, to, "to", "", "form", "yaml or json (default: json for an output called *.json, else yaml)", oneOf("yaml", "json"))
	return to
}

// writeInstance puts out an instance as a document; where the form is not named,
// in the one that the name of the output suggests.
func (o *output) writeInstance(in *model.Instance, to string) error {
	if to == "" {
		to = "yaml"
		if strings.HasSuffix(o.name, ".json") {
			to = "json"
		}
	}
	var b bytes.Buffer
	if err := in.Write(&b, to); err != nil {
		return err
	}
	return o.write(b.Bytes())
}
