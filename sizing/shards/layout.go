// Package shards sizes the metadata of a file system and cuts it into shards: what each
// file and each directory takes, which directories a shard holds, and how that compares
// with hashing by name.
//
//   - layout.go: what metadata takes. Its tests write such shards and compare.
//   - listing.go, tree.go: listings of paths, and the tree that they make.
//   - partition.go: directories to shards.
//   - servers.go: what a placement of the shards comes to.
//   - hashing.go: the same by hashing, to compare.
package shards

import "fmt"

// Layout is how a shard holds metadata. Each file and each directory has a record of File
// bytes (what it is, whose, where its blocks are), and an entry in its directory: its
// name, in slots of Entry bytes, of which the first begins with entryHead bytes for the
// number, the directory and the kind. Records and slots stand in pages of Page bytes that
// begin with a header and hold as many as fit. An index of the first key of each page
// stands in pages too, level above level, and the shard has a page about itself. These
// are the overheads; a copy of a shard takes all of it again.
type Layout struct{ File, Entry, Page int }

// Usual is a record of 256 bytes, an entry of 64 and a page of 4 KiB.
func Usual() Layout { return Layout{File: 256, Entry: 64, Page: 4096} }

const (
	pageHead   = 32 // checksum, kind, count, shard
	entryHead  = 19 // number, directory, kind, length of the name
	recordHead = 17 // number, directory, kind
	indexEntry = 24 // first key of a page and where it is
	mostPage   = 1 << 20
)

// Check refuses a layout that cannot hold what it must.
func (l Layout) Check() error {
	switch {
	case l.Page < 512 || l.Page > mostPage:
		return fmt.Errorf("a page of %d bytes; want 512 to %d", l.Page, mostPage)
	case l.File < recordHead || l.File > l.Page-pageHead:
		return fmt.Errorf("a record of %d bytes; want %d to %d, what a page holds", l.File, recordHead, l.Page-pageHead)
	case l.Entry <= entryHead || l.Entry > l.Page-pageHead:
		return fmt.Errorf("an entry of %d bytes; want %d to %d, what a page holds", l.Entry, entryHead+1, l.Page-pageHead)
	}
	return nil
}

// Slots is how many slots an entry with a name of so many bytes takes.
func (l Layout) Slots(name int) int64 { return int64(ceilDiv(entryHead+name, l.Entry)) }

// Bytes is what one copy of a shard takes that holds so many records and slots.
func (l Layout) Bytes(records, slots int64) int64 {
	r := pages(records, l.Page, l.File)
	s := pages(slots, l.Page, l.Entry)
	return int64(l.Page) * (1 + r + s + l.index(r) + l.index(s))
}

// Weight is what records and slots take of the pages that hold them, without rounding up
// to whole pages: what a directory adds to a shard.
func (l Layout) Weight(records, slots int64) float64 {
	perRecord := float64(l.Page) / float64((l.Page-pageHead)/l.File)
	perSlot := float64(l.Page) / float64((l.Page-pageHead)/l.Entry)
	return float64(records)*perRecord + float64(slots)*perSlot
}

// index is how many pages the index of so many pages takes.
func (l Layout) index(pages int64) (total int64) {
	fan := int64((l.Page - pageHead) / indexEntry)
	for pages > 1 {
		pages = (pages + fan - 1) / fan
		total += pages
	}
	return total
}

// pages is how many pages things of one size take.
func pages(count int64, page, size int) int64 {
	each := int64((page - pageHead) / size)
	return (count + each - 1) / each
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }
