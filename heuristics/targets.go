package heuristics

import "berth/model"

// targets lists nodes for a copy: its whole domain where that is small, else the
// exceptions of its row, where it runs today, nodes of its partners, and a few by
// chance; and NoPlace where leaving out has a price. The list is valid until the
// next call.
func (w *walk) targets(c int32) []int32 {
	i := w.itemOf[c]
	it := &w.p.Items[i]
	domain := &w.p.Domains[it.Domain]
	if domain.Size <= wideDomain {
		return w.listed(it)
	}
	list := w.list[:0]
	row := &w.p.Costs[it.Cost]
	for k, j := range row.Nodes[:min(len(row.Nodes), someExcept)] {
		if domain.Has(j) && row.Values[k] <= row.Rest {
			list = append(list, j)
		}
	}
	for _, r := range w.runsOf(i) {
		if domain.Has(r.Node) {
			list = append(list, r.Node)
		}
	}
	from := len(list)
	list = w.partnerNodes(i, list, somePartners)
	kept := list[:from]
	for _, j := range list[from:] {
		if domain.Has(j) {
			kept = append(kept, j)
		}
	}
	for range someOthers {
		if j := int32(w.rng.IntN(len(w.held))); domain.Has(j) {
			kept = append(kept, j)
		}
	}
	if it.Unplaced != model.NoLimit {
		kept = append(kept, model.NoPlace)
	}
	w.list = kept
	return kept
}

// listed returns the whole domain of an item, with NoPlace at the end where
// leaving out has a price.
func (w *walk) listed(it *model.Item) []int32 {
	list := w.domains[it.Domain]
	if list == nil {
		list = append(w.p.Domains[it.Domain].Nodes(), model.NoPlace)
		w.domains[it.Domain] = list
	}
	if it.Unplaced == model.NoLimit {
		return list[:len(list)-1]
	}
	return list
}
