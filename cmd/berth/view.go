package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"berth/view"
)

// viewing is what the flags of view say.
type viewing struct {
	source
	out        *output
	html, svg  bool
	node, task string
}

func (a *app) viewCommand() *cobra.Command {
	s := &viewing{}
	c := &cobra.Command{
		Use:   "view SOLUTION [FILE]",
		Short: "Show a solution: what is where, what is away from home, what flows between nodes",
		Long: `view shows a solution as a picture: the nodes with what lies on them, the tasks that are
away from home with what that costs and what keeps them away, the traffic between nodes,
the nodes that cost something to use and the wishes that are broken. --html makes one
page of it that opens anywhere, with search, hover and zoom.

Of a workflow it shows what runs when on which node, which results change nodes, and what
the makespan hangs on; --svg draws that for papers.

Everything is recomputed from the instance first. Claims that do not hold are shown on
top, and the exit status is then 3, as with verify. A solution of another instance is
refused.

FILE is the instance, in either order. Without it, the instance is looked for by its
digest: beside the solution, in the current folder, and among the shipped ones.`,
		Example: `  berth solve shop.yaml | berth view - shop.yaml
  berth solve shop.yaml --output answer.json
  berth view answer.json
  berth view answer.json --node a1
  berth view answer.json --task web
  berth view answer.json --html --output shop.html
  berth solve flight.yaml --output flown.json
  berth view flown.json --svg --output flight.svg
  berth view gap1.json gap1.txt --from orlib --problem 3 --maximise`,
		Args: solutionAndFile,
	}
	s.flags(c.Flags())
	c.Flags().BoolVar(&s.html, "html", false, "one HTML page instead of text (on a terminal, without --output: into a file beside SOLUTION)")
	c.Flags().BoolVar(&s.svg, "svg", false, "the schedule of a workflow as a picture for papers")
	c.Flags().StringVar(&s.node, "node", "", "`name` of a node: show everything on it")
	c.Flags().StringVar(&s.task, "task", "", "`name` of a task: show where its replicas are, what each costs there and what keeps it there")
	s.out = a.outputFlag(c.Flags())
	c.RunE = a.verb(func(args []string) error { return a.view(args, s) })
	return c
}

// solutionAndFile makes a call name a solution and perhaps an instance.
func solutionAndFile(c *cobra.Command, args []string) error {
	usage := c.CommandPath() + " SOLUTION [FILE]"
	switch {
	case len(args) == 0:
		return fmt.Errorf("SOLUTION is missing; the call is `%s`, - stands for standard input", usage)
	case len(args) > 2:
		return fmt.Errorf("%q is one argument too many; the call is `%s`", args[2], usage)
	case len(args) == 2 && args[0] == "-" && args[1] == "-":
		return errOnce
	}
	return nil
}

func (a *app) view(args []string, s *viewing) error {
	switch {
	case s.html && s.svg:
		return errors.New("--html and --svg write one thing each; leave one of them out")
	case s.node != "" && s.task != "":
		return errors.New("--node and --task show one thing each; leave one of them out")
	case s.html && s.node+s.task != "":
		return errors.New("--node and --task are for text; in the page, search or add #node=NAME or #task=NAME to its address")
	}
	if err := s.out.check(); err != nil {
		return err
	}
	pair, err := a.solutionAndInstance(args, &s.source)
	if err != nil {
		return err
	}
	q, err := compileUnder(pair.instance, pair.instanceName, pair.solution.Given, pair.solutionName)
	if err != nil {
		return err
	}
	problem := q.problem
	if problem.Workflow != nil {
		return a.viewSchedule(pair, problem, s)
	}
	if s.svg {
		return errors.New("--svg is for schedules; a placement is shown as text, or with --html as a page")
	}
	picture, err := view.New(pair.instance, problem, pair.solution)
	if err != nil {
		return fmt.Errorf("%s does not belong to %s: %w; name the right instance, or leave it out and it is looked for",
			pair.solutionName, pair.instanceName, err)
	}
	if err := a.draw(picture, pair.solutionFile, s); err != nil {
		return err
	}
	if len(picture.Failed) > 0 {
		return answered(statusRefuted)
	}
	return nil
}

// draw puts the picture out.
func (a *app) draw(picture *view.Picture, solution string, s *viewing) error {
	if !s.html {
		text, err := a.viewText(picture, s)
		if err != nil {
			return err
		}
		return s.out.write(text)
	}
	return a.writePage(picture.WriteHTML, solution, s)
}

// writePage puts a page out: on a terminal into a file beside the solution.
func (a *app) writePage(write func(io.Writer) error, solution string, s *viewing) error {
	if s.out.name != "-" || !a.outTerminal {
		return s.out.writeBy(write)
	}
	file := *s.out
	file.name = pageBeside(solution)
	if err := file.writeBy(write); err != nil {
		return err
	}
	return s.out.write(fmt.Appendf(nil, "the page is in %s\n", file.name))
}

// pageBeside names the page of a solution.
func pageBeside(solution string) string {
	if solution == "-" {
		return "solution.html"
	}
	return strings.TrimSuffix(solution, filepath.Ext(solution)) + ".html"
}

// viewText is the picture as text, in colour where people see it.
func (a *app) viewText(picture *view.Picture, s *viewing) ([]byte, error) {
	terminal := s.out.name == "-" && a.outTerminal
	t := &viewer{Picture: picture, width: a.width, colours: terminal && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"}
	if t.width == 0 {
		t.width = pipeWidth
	}
	switch {
	case s.node != "":
		return t.showNode(s.node)
	case s.task != "":
		return t.showTask(s.task)
	}
	return t.showAll(), nil
}

// pipeWidth is how wide text is that goes to no terminal.
const pipeWidth = 100

// outWidth is the width of the terminal that standard output is, or 0.
func outWidth() int {
	if width, _, err := term.GetSize(int(os.Stdout.Fd())); err == nil {
		return width
	}
	return 0
}
