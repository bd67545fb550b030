package instances_test

import (
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"berth/instances"
	"berth/model"
)

// Two machines that hold three containers each; half of the traffic of a is with b.
const rasaOne = `{
 "ServiceList": [
  {"Service": "a", "RequestCPU": 0.1, "RequestMem": 1e-05, "ContainerList": ["a1", "a2"], "CompatibleMachines": "*"},
  {"Service": "b", "RequestCPU": 0.1, "RequestMem": 0, "ContainerList": ["b1", "b2"], "CompatibleMachines": ["m1", "m2"]},
  {"Service": "c", "RequestCPU": 0.1, "RequestMem": 0, "ContainerList": ["c1"], "CompatibleMachines": ["m2"]}],
 "MachineList": [
  {"MachineIP": "m1", "TotalCPU": 0.3000000000058, "TotalMem": 1, "InitialDeployingContainers": ["a2", "a1", "b1"]},
  {"MachineIP": "m2", "TotalCPU": 0.3000000000058, "TotalMem": 1, "InitialDeployingContainers": ["b2", "c1"]}],
 "TrafficList": [
  {"Service1": "a", "Service2": "b", "Traffic": 0.75},
  {"Service1": "c", "Service2": "a", "Traffic": 0.25}]
}`

func TestReadRasa(t *testing.T) {
	in, err := instances.Read([]byte(rasaOne), "d/one.json", instances.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if in.Name != "one (gained affinity = 1 - cost)" {
		t.Errorf("name %q", in.Name)
	}
	if got := in.Tasks[0].Current; !slices.Equal(got, []string{"m1", "m1"}) {
		t.Errorf("a runs on %v", got)
	}
	// 0.1 is a little more than a tenth as a float, so it is rounded up.
	want := []model.Quantity{{Units: 100, Nanos: 1}, {Units: 300, Nanos: 5}}
	if got := []model.Quantity{in.Tasks[0].Demand.Of("cpu"), in.Nodes[0].Capacity.Of("cpu")}; !slices.Equal(got, want) {
		t.Errorf("amounts %v, want %v", got, want)
	}
	// The best keeps a and b together, one pair on each machine, and half of a with c.
	if cost, _ := optimum(t, in); cost != "0.125" {
		t.Errorf("optimum %s, want 0.125", cost)
	}
}

// Where the traffic does not sum to 1, what is gained and the cost add up to what it sums to.
func TestReadRasaOfOtherSum(t *testing.T) {
	for traffic, sum := range map[string]string{"0.75": "1", "0.2500004": "0.5", "1": "1.25", "0.123456": "0.373456"} {
		in, err := instances.Read([]byte(strings.Replace(rasaOne, "0.75", traffic, 1)), "one.json", instances.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if want := "one (gained affinity = " + sum + " - cost)"; in.Name != want {
			t.Errorf("with traffic of %s name %q, want %q", traffic, in.Name, want)
		}
	}
}

func TestReadRasaRefuses(t *testing.T) {
	for _, test := range []struct{ name, old, text, want string }{
		{"not JSON", `"TrafficList":`, `"TrafficList"`, ":9:16: "},
		{"unknown field", `"MachineIP": "m1"`, `"MachineIP": "m1", "GPU": 3`, "GPU"},
		{"text for a number", `"TotalMem": 1,`, `"TotalMem": "1",`, "MachineList[0].TotalMem: found a string where none can be"},
		{"negative amount", `"RequestMem": 1e-05`, `"RequestMem": -1`, "ServiceList[0].RequestMem: found -1"},
		{"huge amount", `"TotalMem": 1,`, `"TotalMem": 1e30,`, "MachineList[0].TotalMem"},
		{"negative traffic", `0.75`, `-0.75`, "TrafficList[0].Traffic"},
		{"no containers", `["c1"]`, `[]`, "ServiceList[2].ContainerList: found no containers"},
		{"container twice", `["b2", "c1"]`, `["b2", "a1"]`, `MachineList[1].InitialDeployingContainers[1]: found "a1" again`},
		{"container of nobody", `["b2", "c1"]`, `["b2", "d1"]`, `MachineList[1].InitialDeployingContainers[1]: found "d1"`},
		{"machine of nowhere", `["m2"]`, `["m3"]`, "m3"},
		{"neither all nor a list", `"*"`, `"all"`, `"all"`},
		{"unknown service", `"Service1": "c"`, `"Service1": "d"`, "d"},
		{"no request", `"RequestCPU": 0.1, `, ``, "ServiceList[0].RequestCPU: found no number"},
		{"no total", `"TotalMem": 1,`, `"TotalMem": null,`, "MachineList[0].TotalMem: found no number"},
		{"more than all traffic", `0.75`, `1.000001`, "TrafficList[0].Traffic: found 1.000001"},
		{"no traffic", `, "Traffic": 0.75`, ``, "TrafficList[0].Traffic: found no number"},
		{"container twice in a service", `["a1", "a2"]`, `["a1", "a2", "a3", "a3"]`, `ServiceList[0].ContainerList[3]: found "a3" again`},
		{"container of two services", `["b1", "b2"]`, `["b1", "b2", "a1"]`, `ServiceList[1].ContainerList[2]: found "a1" again, which is one of "a"`},
		{"service twice", `"Service": "b"`, `"Service": "a"`, "a"},
	} {
		text := strings.Replace(rasaOne, test.old, test.text, 1)
		_, err := instances.Read([]byte(text), "bad.json", instances.Options{From: "rasa"})
		if err == nil || !strings.HasPrefix(err.Error(), "bad.json:") || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want one with %q", test.name, err, test.want)
		}
	}
}

// The published schedules of the production sample are worth what is published, and
// keep every rule.
func TestRasaSchedules(t *testing.T) {
	folder := filepath.Join("..", "..", "shared", "instances", "rasa")
	data, err := os.ReadFile(filepath.Join(folder, "M3.json"))
	if err != nil {
		t.Skipf("the public instance is not here: %v", err)
	}
	in, err := instances.Read(data, "M3.json", instances.Options{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := model.Compile(in)
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		ServiceList []struct {
			Service       string
			ContainerList []string
		}
		MachineList []struct {
			MachineIP                  string
			InitialDeployingContainers []string
		}
	}
	if err := json.Unmarshal(data, &file); err != nil {
		t.Fatal(err)
	}
	today := map[string][]string{}
	for _, m := range file.MachineList {
		today[m.MachineIP] = m.InitialDeployingContainers
	}
	for name, want := range map[string]float64{
		"": 0.069955, "schedule_M3_pop_0.134258.json": 0.134258,
		"schedule_M3_applsci19_0.581551.json": 0.581551, "schedule_M3_shell_0.849470.json": 0.849470,
	} {
		schedule := today
		if name != "" {
			text, err := os.ReadFile(filepath.Join(folder, name))
			if err != nil {
				t.Fatal(err)
			}
			schedule = map[string][]string{}
			if err := json.Unmarshal(text, &schedule); err != nil {
				t.Fatal(err)
			}
		}
		machine := map[string]string{}
		for m, containers := range schedule {
			for _, c := range containers {
				machine[c] = m
			}
		}
		var at []int32
		for _, s := range file.ServiceList {
			for _, c := range s.ContainerList {
				at = append(at, int32(slices.Index(p.NodeNames, machine[c])))
			}
		}
		placement, ok := p.Lift(at)
		if !ok {
			t.Fatalf("%q: no placement", name)
		}
		verdict := p.Evaluate(placement)
		if len(verdict.Violations) > 0 {
			t.Errorf("%q breaks %v", name, verdict.Violations[0])
		}
		// Rounding, mostly that of shares to six digits, takes a little from what stays.
		if got := 1 - p.Value(verdict.Cost); math.Abs(got-want) > 5e-6 {
			t.Errorf("%q keeps %.7f, published %f", name, got, want)
		}
	}
}
