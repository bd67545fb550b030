package results

import (
	"reflect"
	"testing"
)

func TestGrowthIsTheMedianAtEachSize(t *testing.T) {
	var records []Record
	add := func(instance string, tasks int, seed uint64, outcome Outcome, cpu float64, peak int64) {
		r := on(instance, "a", outcome, "", "")
		r.Instance.Tasks, r.Instance.Nodes, r.Seed = tasks, 3, seed
		r.Usage = Usage{CPU: cpu, Peak: peak}
		r.ID = r.Digest()
		records = append(records, r)
	}
	add("large", 20, 1, Timeout, 9, 900)
	add("small", 10, 1, Timeout, 1, 100)
	add("small", 10, 2, Timeout, 2, 300)
	add("small", 10, 3, Timeout, 6, 200)
	add("small", 10, 4, Unfit, 100, 1)
	want := []Growth{{Method: "a", Sizes: []float64{30, 60}, Seconds: []float64{2, 9}, Memory: []float64{200, 900}}}
	if got := NewStudy(records).Growth(); !reflect.DeepEqual(got, want) {
		t.Errorf("got %+v, want %+v", got, want)
	}
}
