package heuristics

import "berth/model"

// prices are what breaking something costs a search: adjusted while it runs (see
// adapt.go), in units of cost, at least 1 for anything that is broken.
type prices struct {
	load    []float64 // of a unit of overload, by node and resource
	send    []float64 // of a unit over an uplink, by node
	rule    []int64   // of a unit of a hard rule, by constraint
	apart   int64
	move    int64 // of a replica too many that leaves where it runs today
	missing int64 // of a copy that must be placed and is not
	typical int64 // what one copy's place usually matters
}

// highest bounds a price, so that sums of prices stay in the exact range.
const highest = 1 << 56

// newPrices starts with what one copy's place usually matters, for each broken
// rule and for an overload by one usual demand.
func newPrices(p *model.Problem) prices {
	typical := typicalCost(p)
	x := prices{
		load:    make([]float64, len(p.Capacity)),
		rule:    make([]int64, len(p.Constraints)),
		apart:   typical,
		move:    typical,
		missing: min(4*typical, highest),
		typical: typical,
	}
	usual := usualDemand(p)
	for k := range x.load {
		x.load[k] = float64(typical) / float64(usual[k%len(usual)])
	}
	for k := range x.rule {
		x.rule[k] = typical
	}
	if len(p.Sends) > 0 {
		var reads int64
		for _, send := range p.Sends {
			reads += send.Reads / int64(len(p.Sends))
		}
		x.send = make([]float64, len(p.NodeNames))
		for j := range x.send {
			x.send[j] = float64(typical) / float64(reads+1)
		}
	}
	return x
}

// typicalCost is the mean over the copies of what their place can matter: the
// range of their cost row, and all their traffic at the largest distance.
func typicalCost(p *model.Problem) int64 {
	span := make([]int64, len(p.Costs))
	for k := range p.Costs {
		row := &p.Costs[k]
		low, high := row.Rest, row.Rest
		for n, v := range row.Values {
			if n == 0 && row.Nodes == nil {
				low, high = v, v
			}
			low, high = min(low, v), max(high, v)
		}
		span[k] = high - low
	}
	copies := int64(max(p.Copies, 1))
	var mean float64
	for i := range p.Items {
		mean += float64(float64(span[p.Items[i].Cost]) * float64(p.Items[i].Count))
	}
	far := p.Farthest()
	for _, pair := range p.Pairs {
		mean += float64(float64(pair.Price) * float64(p.Full) * float64(far))
	}
	return int64(min(max(mean/float64(copies), 16), highest>>16))
}

// usualDemand is the mean demand of an item, by resource, at least 1.
func usualDemand(p *model.Problem) []int64 {
	usual := make([]int64, len(p.Resources))
	sum := make([]float64, len(p.Resources))
	for i := range p.Items {
		for r, amount := range p.Demands[p.Items[i].Demand].Usual() {
			sum[r] += float64(amount)
		}
	}
	for r := range usual {
		usual[r] = max(int64(sum[r]/float64(max(len(p.Items), 1))), 1)
	}
	return usual
}

// overload is the price of exceeding capacity k by an amount.
func (x *prices) overload(k int, amount int64) int64 { return fine(x.load[k], amount) }

// uplink is the price of exceeding the uplink of node j by an amount.
func (x *prices) uplink(j int32, amount int64) int64 { return fine(x.send[j], amount) }

func fine(price float64, amount int64) int64 {
	if amount <= 0 {
		return 0
	}
	return 1 + int64(min(price*float64(amount), highest))
}

// scale multiplies all prices.
func (x *prices) scale(by int64) {
	for k := range x.load {
		x.load[k] *= float64(by)
	}
	for j := range x.send {
		x.send[j] *= float64(by)
	}
	for k := range x.rule {
		x.rule[k] *= by
	}
	x.apart *= by
	x.move *= by
	x.missing *= by
}
