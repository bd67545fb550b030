package prices

import (
	"context"
	"fmt"
	"os"
	"testing"
	"time"

	"berth/instances"
	"berth/model"
	"berth/search"
)

func TestProto(t *testing.T) {
	file := os.Getenv("PX")
	if file == "" {
		t.Skip()
	}
	data, _ := os.ReadFile(file)
	in, err := instances.Read(data, file, instances.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := model.Compile(in)
	if err != nil {
		t.Fatal(err)
	}
	in, data = nil, nil
	t0 := time.Now()

	if v := os.Getenv("MM"); v != "" {
	if v := os.Getenv("SECS"); v != "" {
		fmt.Sscan(v, &secs)
	}
	r, err := search.Run(context.Background(), p, Method, search.Limits{Deadline: time.Now().Add(time.Duration(secs * 1e9))}, 1, 2, func(e search.Event) {
		fmt.Printf("%.2f %dM cost %s bound %s gap %.4f%%\n", e.Seconds, e.Work/1000000, p.Format(e.Cost), p.Format(e.Bound), 100*p.Gap(e.Cost, e.Bound))
	})
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println("RESULT", file, r.Status, p.Format(r.Cost), p.Format(r.Bound), "gap", p.Gap(r.Cost, r.Bound), "work", r.Work, time.Since(t0))
}
