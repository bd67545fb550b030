package model

import (
	"bytes"
	"math"
	"math/big"
	"os"
	"reflect"
	"testing"
)

const solutionHead = `{"format": "berth/v1", "kind": "solution", "instanceDigest":
 "sha256:0000000000000000000000000000000000000000000000000000000000000000",`

func TestReadSolutionRefuses(t *testing.T) {
	for _, row := range badDocuments(t, "testdata/bad-solutions.txt") {
		t.Run(row.name, func(t *testing.T) {
			_, err := ReadSolution([]byte(row.text), "bad")
			checkMessage(t, err, "bad:"+row.message)
		})
	}
}

func TestSolutionReadsBack(t *testing.T) {
	data, err := os.ReadFile("testdata/good-solution.json")
	if err != nil {
		t.Fatal(err)
	}
	s, err := ReadSolution(data, "good")
	if err != nil {
		t.Fatal(err)
	}
	gap, moves := 0.25, 0
	want := &Solution{
		Instance: "shop", InstanceDigest: "sha256:67fea65becf9c210ac61b0a3d7273c9a6dbb64ead9f40b0a7b3ac63d829dfc85",
		Given:  Given{Fix: []TaskNodes{{"cache", []string{"n1", "n2"}}}, Forbid: []TaskNodes{{"index", []string{"n2"}}}, MaxMoves: &moves},
		Status: Feasible, Objective: "412.5", Bound: "-1e-7", Gap: &gap,
		Cost:      &Costs{"12", "400.5", "0", "0", "0", "0"},
		Placement: []TaskNodes{{"index", []string{"n1", "", "n4"}}, {"cache", []string{"n1"}}, {"off", []string{""}}},
		Solver:    "auto", Seed: math.MaxUint64, Seconds: 0.41, Work: 52318004,
		Trajectory: []Step{{0.01, "500", "", "penalty-first"}},
	}
	if !reflect.DeepEqual(s, want) {
		t.Errorf("got  %+v\nwant %+v", s, want)
	}
	var text bytes.Buffer
	if err := s.Write(&text); err != nil {
		t.Fatal(err)
	}
	back, err := ReadSolution(text.Bytes(), "back")
	if err != nil || !reflect.DeepEqual(back, want) {
		t.Errorf("got  %+v, %v\nwant %+v\n%s", back, err, want, text.Bytes())
	}
}

func TestUnknownSolutionReadsBack(t *testing.T) {
	want := &Solution{InstanceDigest: "sha256:" + string(bytes.Repeat([]byte("0a"), 32)), Status: Unknown}
	var text bytes.Buffer
	if err := want.Write(&text); err != nil {
		t.Fatal(err)
	}
	got, err := ReadSolution(text.Bytes(), "back")
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("got  %+v, %v\nwant %+v\n%s", got, err, want, text.Bytes())
	}
}

func TestNumberIsExact(t *testing.T) {
	for text, want := range map[Number]*big.Rat{
		"0.1": big.NewRat(1, 10), "-412.500": big.NewRat(-825, 2), "1e3": big.NewRat(1000, 1),
		"": nil, "x": nil, "+1": nil, ".5": nil, "010": nil, "1e999999999": nil, "0x1p3": nil, "1/3": nil, "inf": nil,
	} {
		got := text.Rat()
		if (got == nil) != (want == nil) || got != nil && got.Cmp(want) != 0 {
			t.Errorf("Number(%q).Rat() = %v, want %v", text, got, want)
		}
	}
}
