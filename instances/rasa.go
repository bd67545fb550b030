package instances

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"math/big"
	"slices"

	"github.com/go-json-experiment/json"

	"berth/model"
)

// Services with traffic, as ByteDance publishes them (B. Wang and others: Service
// affinity scheduling, RASA; the files of its repository). A JSON object:
//
//	ServiceList  [{Service, RequestCPU, RequestMem, ContainerList, CompatibleMachines: "*" or a list}]
//	MachineList  [{MachineIP, TotalCPU, TotalMem, InitialDeployingContainers}]
//	TrafficList  [{Service1, Service2, Traffic}], which sums to 1
//
// Services become tasks, their containers replicas, which are interchangeable; where
// these run today is `current`. The gained affinity of the paper, the share of the
// traffic that stays on its machine, is 1 less the cost, for the weight of traffic
// is a millionth; where the traffic sums to something else, it is that less the cost.
// A move costs weights.move, which is 0.
//
// Numbers are floats of up to 17 digits and are rounded: requests up and capacities
// down to 10⁻¹² of the file's unit (amounts are in thousandths of it), traffic to the
// nearest 10⁻⁹.
var rasaFormat = Format{
	Name:  "rasa",
	Short: "services with traffic on machines (RASA), as ByteDance publishes them",
	Looks: func(data []byte, _ string) bool { return looksRasa(data) },
	Read:  readRasa,
}

func looksRasa(data []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(data, " \t\r\n"), []byte("{")) &&
		bytes.Contains(data, []byte(`"ServiceList"`)) && bytes.Contains(data, []byte(`"MachineList"`))
}

// rasaFile is the document as it stands.
type rasaFile struct {
	ServiceList []struct {
		Service                string
		RequestCPU, RequestMem *float64
		ContainerList          []string
		CompatibleMachines     machines
	}
	MachineList []struct {
		MachineIP                  string
		TotalCPU, TotalMem         *float64
		InitialDeployingContainers []string
	}
	TrafficList []struct {
		Service1, Service2 string
		Traffic            *float64
	}
}

// machines is a list of names; nil for "*", which is all of them.
type machines []string

// UnmarshalJSON reads "*" or a list of names.
func (m *machines) UnmarshalJSON(data []byte) error {
	var all string
	if json.Unmarshal(data, &all) == nil {
		if all != "*" {
			return fmt.Errorf("%s, which is neither \"*\" nor a list of machines", model.Quote(all))
		}
		return nil
	}
	list := []string{}
	if err := json.Unmarshal(data, &list); err != nil {
		return errors.New("what is neither \"*\" nor a list of machines")
	}
	*m = list
	return nil
}

func readRasa(data []byte, file string, opts Options) (*model.Instance, error) {
	if err := opts.plain("rasa", file); err != nil {
		return nil, err
	}
	var f rasaFile
	if err := json.Unmarshal(data, &f, json.RejectUnknownMembers(true)); err != nil {
		return nil, model.JSONError(data, file, err, "services with traffic (RASA): ServiceList, MachineList and TrafficList alone")
	}
	r := rasaReader{rasaFile: &f, file: file, in: &model.Instance{
		Weights: model.Weights{
			Fetch: model.DecimalOne, Traffic: model.DecimalOne / rasaVolume, Open: model.DecimalOne,
		},
	}}
	for _, part := range []func() error{r.machines, r.services, r.traffic} {
		if err := part(); err != nil {
			return nil, err
		}
	}
	if err := r.in.Check(); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	r.in.Name = fmt.Sprintf("%s (gained affinity = %s - cost)", baseName(file), r.all())
	return r.in, nil
}

// rasaVolume is the volume of all traffic.
const rasaVolume = 1_000_000

// rasaReader turns the document into an instance.
type rasaReader struct {
	*rasaFile
	file string
	in   *model.Instance
	runs map[string]string // the machine of each container
}

func (r *rasaReader) refuse(path, found, want string) error {
	return &model.DocumentError{File: r.file, Path: path, Found: found, Want: want}
}

func (r *rasaReader) machines() error {
	r.runs = map[string]string{}
	for j := range r.MachineList {
		m := &r.MachineList[j]
		path := fmt.Sprintf("MachineList[%d]", j)
		capacity, err := r.amounts(path, "Total", m.TotalCPU, m.TotalMem, false)
		if err != nil {
			return err
		}
		r.in.Nodes = append(r.in.Nodes, model.Node{Name: m.MachineIP, Capacity: capacity})
		for k, container := range m.InitialDeployingContainers {
			if _, twice := r.runs[container]; twice {
				return r.refuse(fmt.Sprintf("%s.InitialDeployingContainers[%d]", path, k),
					model.Quote(container)+" again", "each container on one machine")
			}
			r.runs[container] = m.MachineIP
		}
	}
	return nil
}

func (r *rasaReader) services() error {
	claimed := map[string]string{} // the service of each container
	for i := range r.ServiceList {
		s := &r.ServiceList[i]
		path := fmt.Sprintf("ServiceList[%d]", i)
		demand, err := r.amounts(path, "Request", s.RequestCPU, s.RequestMem, true)
		if err != nil {
			return err
		}
		task := model.Task{Name: s.Service, Demand: demand, Replicas: len(s.ContainerList)}
		if task.Replicas == 0 {
			return r.refuse(path+".ContainerList", "no containers", "at least one")
		}
		for k, container := range s.ContainerList {
			if of, twice := claimed[container]; twice {
				return r.refuse(fmt.Sprintf("%s.ContainerList[%d]", path, k),
					fmt.Sprintf("%s again, which is one of %s", model.Quote(container), model.Quote(of)), "each container in one service, once")
			}
			claimed[container] = s.Service
		}
		if s.CompatibleMachines != nil {
			task.On = &model.Selector{Nodes: s.CompatibleMachines}
		}
		for _, container := range s.ContainerList {
			if machine, runs := r.runs[container]; runs {
				task.Current = append(task.Current, machine)
			}
		}
		slices.Sort(task.Current)
		r.in.Tasks = append(r.in.Tasks, task)
	}
	for j := range r.MachineList {
		for k, container := range r.MachineList[j].InitialDeployingContainers {
			if _, known := claimed[container]; !known {
				return r.refuse(fmt.Sprintf("MachineList[%d].InitialDeployingContainers[%d]", j, k),
					model.Quote(container), "a container of one of the services")
			}
		}
	}
	return nil
}

// traffic adds up what flows between two services, whichever comes first.
func (r *rasaReader) traffic() error {
	const step = 1000 // volumes keep three digits behind the point
	for k := range r.TrafficList {
		t := &r.TrafficList[k]
		path, want := fmt.Sprintf("TrafficList[%d].Traffic", k), "a share of all traffic, from 0 to 1"
		if t.Traffic == nil {
			return r.refuse(path, "no number", want)
		}
		steps := math.Round(*t.Traffic * rasaVolume * step)
		if *t.Traffic < 0 || steps > rasaVolume*step {
			return r.refuse(path, fmt.Sprint(*t.Traffic), want)
		}
		if steps > 0 {
			r.in.Traffic = append(r.in.Traffic, model.Traffic{
				Between: [2]string{t.Service1, t.Service2}, Volume: model.Decimal(steps) * (model.DecimalOne / step),
			})
		}
	}
	return nil
}

// all is the sum of the traffic, to a millionth: what is gained and the cost add up to it.
func (r *rasaReader) all() model.Decimal {
	sum := model.Decimal(0)
	for k := range r.in.Traffic {
		sum += r.in.Traffic[k].Volume
	}
	return (sum + rasaVolume/2) / rasaVolume
}

// amounts rounds amounts of cpu and memory to 10⁻¹² of the file's unit, of which
// resources count thousandths.
func (r *rasaReader) amounts(path, what string, cpu, memory *float64, up bool) (model.Resources, error) {
	list := model.Resources{{Resource: "cpu"}, {Resource: "memory"}}
	for k, value := range []*float64{cpu, memory} {
		path, want := path+"."+what+[]string{"CPU", "Mem"}[k], "an amount from 0 to 10⁹"
		if value == nil {
			return nil, r.refuse(path, "no number", want)
		}
		quantity, ok := thousandths(*value, up)
		if !ok {
			return nil, r.refuse(path, fmt.Sprint(*value), want)
		}
		list[k].Quantity = quantity
	}
	return list, nil
}

// thousandths is a thousand times a value, rounded to a billionth.
func thousandths(value float64, up bool) (model.Quantity, bool) {
	const most = 1e9
	if value < 0 || value > most {
		return model.Quantity{}, false
	}
	const one = 1_000_000_000
	nanos := new(big.Rat).SetFloat64(value)
	nanos.Mul(nanos, big.NewRat(1000*one, 1))
	whole, rest := new(big.Int).QuoRem(nanos.Num(), nanos.Denom(), new(big.Int))
	if up && rest.Sign() > 0 {
		whole.Add(whole, big.NewInt(1))
	}
	units, part := whole.QuoRem(whole, big.NewInt(one), rest)
	return model.Quantity{Units: units.Int64(), Nanos: int32(part.Int64())}, true
}
