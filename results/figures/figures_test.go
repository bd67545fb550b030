package figures

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"berth/results"
)

var look = flag.String("look", "", "a folder to draw all figures of the tests into")

// TestFigures draws every figure of every plan, and checks what holds for all.
func TestFigures(t *testing.T) {
	for name, p := range plans {
		t.Run(name, func(t *testing.T) {
			s := p.study()
			again := All(s)
			for k, f := range All(s) {
				for _, format := range Formats {
					first := drawn(t, f, format)
					if same := drawn(t, again[k], format); !bytes.Equal(first, same) {
						t.Errorf("%s as %s: the same study has two pictures", f.Name, format)
					}
					if format == "svg" {
						wellMade(t, f.Name, first)
						if titles := titled(t, first); !slices.Equal(titles, []string{f.Title}) {
							t.Errorf("%s has the titles %q, want %q", f.Name, titles, f.Title)
						}
					} else if !bytes.HasPrefix(first, []byte("%PDF-")) || !bytes.HasSuffix(bytes.TrimSpace(first), []byte("%%EOF")) {
						t.Errorf("%s is no whole PDF", f.Name)
					}
					if *look != "" {
						file := filepath.Join(*look, strings.ReplaceAll(name, " ", "-")+"."+f.Name+"."+format)
						if err := os.WriteFile(file, first, 0o666); err != nil {
							t.Fatal(err)
						}
					}
				}
			}
		})
	}
}

// titled returns the titles in an SVG.
func titled(t *testing.T, svg []byte) []string {
	t.Helper()
	var picture struct {
		Titles []string `xml:"title"`
	}
	if err := xml.Unmarshal(svg, &picture); err != nil {
		t.Fatal(err)
	}
	return picture.Titles
}

func drawn(t *testing.T, f Figure, format string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := f.Draw(&b, format); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

var (
	noNumber = regexp.MustCompile(`NaN|[+-]?Inf\b|e\+\d\d\d`)
	fontSize = regexp.MustCompile(`font-size:([0-9.]+)px`)
)

// wellMade checks that an SVG is XML with good numbers, and that no text is smaller
// than can be read on paper.
func wellMade(t *testing.T, name string, svg []byte) {
	t.Helper()
	decoder := xml.NewDecoder(bytes.NewReader(svg))
	for {
		token, err := decoder.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		element, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		for _, a := range element.Attr {
			if bad := noNumber.FindString(a.Value); bad != "" {
				t.Errorf("%s: %s has %s=%q", name, element.Name.Local, a.Name.Local, a.Value)
			}
			if size := fontSize.FindStringSubmatch(a.Value); size != nil {
				if points, err := strconv.ParseFloat(size[1], 64); err != nil || points < 6.99 {
					t.Errorf("%s: text of %s points", name, size[1])
				}
			}
		}
	}
}

// TestEveryPairIsAPoint counts the points of a duel.
func TestEveryPairIsAPoint(t *testing.T) {
	s := plan{twelve[:2], 25, 2, slower, always(results.Optimal)}.study()
	d, err := s.Duel("auto", "cbc")
	if err != nil {
		t.Fatal(err)
	}
	f := Duel(s, d)
	var points int
	for _, k := range []int{0, 1} {
		points += strings.Count(string(drawn(t, f, "svg")), fmt.Sprintf("stroke:%s", hex(series(k)))) - 1 // in the key
	}
	if points != 25 {
		t.Errorf("%d points, want 25", points)
	}
}

func hex(s series) string {
	r, g, b, _ := s.colour().RGBA()
	return fmt.Sprintf("#%02X%02X%02X", r>>8, g>>8, b>>8)
}

// TestManyPointsMakeNoLargeFile holds that a curve has no more points than can be seen.
func TestManyPointsMakeNoLargeFile(t *testing.T) {
	c := results.Curve{Method: "auto", Runs: 200_000}
	for k := range c.Runs {
		c.Points = append(c.Points, results.Point{X: 1 + float64(k)/1000, Y: float64(k+1) / float64(c.Runs)})
	}
	if svg := drawn(t, methods{"auto": 0}.profile([]results.Curve{c}), "svg"); len(svg) > 200_000 {
		t.Errorf("%d bytes", len(svg))
	}
}

func TestUnknownFormat(t *testing.T) {
	f := All(plans["one run"].study())[0]
	if err := f.Draw(io.Discard, "gif"); err == nil || !strings.Contains(err.Error(), "svg or pdf") {
		t.Errorf("got %v", err)
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWriteFails(t *testing.T) {
	f := All(plans["one run"].study())[0]
	for _, format := range Formats {
		if err := f.Draw(fullDisk{}, format); err == nil {
			t.Errorf("%s: no error from a full disk", format)
		}
	}
}
