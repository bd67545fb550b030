package main

import (
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"berth/instances"
	"berth/model"
	"berth/results/figures"
)

func (a *app) demandCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "demand LOG FILE",
		Short: "Turn an access log into the reads of an instance",
		Long: `demand counts in an access log how often each rack reads each chunk, and writes FILE, an
instance whose nodes are the racks and whose tasks are the chunks, with these counts
as reads in place of those that it had.

The log holds JSON objects, one a line, or CSV whose first line names the columns:
rack and chunk, and where it is there time (RFC 3339 or seconds since 1970). Others are
passed over. It may be compressed by gzip, and is read as a stream. Counts of a log that
shows a part of all accesses are scaled up by --sample. How uncertain the counts are is
said on standard error: reads are taken as a Poisson process, of which a log of n reads
of a chunk tells the rate with a standard error of √n.`,
		Example: `  berth demand access.csv chunks.yaml --output today.yaml --svg demand.svg
  zcat -f access.csv | berth demand - chunks.yaml --sample 1% | berth solve -`,
		Args: files("LOG", "FILE"), Annotations: rewrites,
	}
	var share float64
	flag(c.Flags(), &share, "sample", "100%", "share", "the share of all accesses that the log shows", parsePart)
	to := formFlag(c.Flags())
	picture := a.pictureFlag(c.Flags())
	out := a.outputFlag(c.Flags())
	c.RunE = a.verb(func(args []string) error {
		if err := errors.Join(out.check(), picture.checkBeside(out.name)); err != nil {
			return err
		}
		in, err := a.placement(args[1], &source{})
		if err != nil {
			return err
		}
		d := instances.NewDemand(in)
		log, err := a.open(args[0])
		if err != nil {
			return err
		}
		defer log.Close()
		if err := instances.ReadAccesses(log, shownName(args[0]), d.Add); err != nil {
			return err
		}
		if err := d.Apply(share); err != nil {
			return fmt.Errorf("%s: %w", shownName(args[1]), err)
		}
		if err := picture.draw(func() figures.Figure { return demandPicture(d.Popularity(share)) }); err != nil {
			return err
		}
		showDemand(a.err, d, share)
		return out.writeInstance(in, *to)
	})
	return c
}

// parsePart reads a share that is not 0.
func parsePart(text string) (float64, error) {
	share, err := parseShare(text)
	if err == nil && share == 0 {
		err = errors.New("want a share above 0%, such as 1%")
	}
	return share, err
}

// mostShown is how many chunks are shown.
const mostShown = 10

// showDemand says what was counted, and how sure it is.
func showDemand(w io.Writer, d *instances.Demand, share float64) {
	popular := d.Popularity(share)
	fmt.Fprintf(w, "%s of %s", model.Plural(int(d.Reads), "read"), model.Plural(len(popular), "chunk"))
	if d.Last.After(d.First) {
		fmt.Fprintf(w, " in %s", d.Last.Sub(d.First).Round(time.Second))
	}
	fmt.Fprintln(w)
	var all, unsure float64
	for _, p := range popular {
		all += p.Reads
		if p.Error > unsureFrom*p.Reads {
			unsure += p.Reads
		}
	}
	t := newTable(w, left, right, right)
	t.row("chunk", "reads", "±")
	for _, p := range popular[:min(len(popular), mostShown)] {
		t.row(p.Chunk, fmt.Sprintf("%.0f", p.Reads), fmt.Sprintf("%.0f", normal95*p.Error))
	}
	t.render()
	fmt.Fprintf(w, "± is the 95%% interval. %.0f%% of the reads are of chunks with so few that one count in three is off by a fifth or more.\n", 100*unsure/max(all, 1))
}

// demandPicture shows how the reads fall from chunk to chunk, and how sure that is.
func demandPicture(popular []instances.Popular) figures.Figure {
	reads, low, high := figures.Line{Name: "reads"}, figures.Line{Name: "95 % interval, from"}, figures.Line{Name: "to"}
	add := func(l *figures.Line, rank int, v float64) {
		l.X, l.Y = append(l.X, float64(rank)), append(l.Y, v)
	}
	for k, p := range popular {
		add(&reads, k+1, p.Reads)
		add(&low, k+1, p.Reads-normal95*p.Error)
		add(&high, k+1, p.Reads+normal95*p.Error)
	}
	return figures.Curves("demand", figures.Axis{Label: "chunks, the most read first", Log: true}, figures.Axis{Label: "reads", Log: true},
		[]figures.Line{reads, low, high}, nil)
}

const (
	unsureFrom = 0.2  // of the reads: the standard error from which on they are called unsure
	normal95   = 1.96 // standard errors
)
