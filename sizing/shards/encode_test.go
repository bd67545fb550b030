package shards

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
)

// Inode is a file or a directory of a shard, with the name that its directory has for it.
type Inode struct {
	Number, Parent uint64
	Directory      bool
	Name           string
}

// The kinds of pages.
const (
	recordPage = 1 + iota
	slotPage
	indexPage
	shardPage
)

// Encoder writes the metadata of a shard in a Layout, so that tests can hold the formula
// against what is written: pages as they fill, then what is
// left, the index and the page about the shard. It keeps a page of each kind and the
// index in memory.
type Encoder struct {
	layout  Layout
	out     io.Writer
	record  pageWriter
	slot    pageWriter
	written uint64 // pages
}

// pageWriter fills pages of one kind and remembers the first key of each.
type pageWriter struct {
	kind  byte
	size  int
	page  []byte
	count int
	first [16]byte
	index []byte
}

// NewEncoder begins a shard.
func NewEncoder(out io.Writer, layout Layout) (*Encoder, error) {
	if err := layout.Check(); err != nil {
		return nil, err
	}
	return &Encoder{layout: layout, out: out, record: pageWriter{kind: recordPage, size: layout.File}, slot: pageWriter{kind: slotPage, size: layout.Entry}}, nil
}

// Add writes a file or a directory.
func (e *Encoder) Add(n Inode) error {
	if len(n.Name) > mostName {
		return fmt.Errorf("a name of %d bytes; want at most %d", len(n.Name), mostName)
	}
	head := make([]byte, 0, recordHead)
	head = binary.BigEndian.AppendUint64(head, n.Number)
	head = binary.BigEndian.AppendUint64(head, n.Parent)
	kind := byte(0)
	if n.Directory {
		kind = 1
	}
	head = append(head, kind)
	if err := e.put(&e.record, head, head[:16]); err != nil {
		return err
	}
	entry := binary.BigEndian.AppendUint16(head, uint16(len(n.Name)))
	entry = append(entry, n.Name...)
	for len(entry) > 0 {
		part := entry[:min(len(entry), e.layout.Entry)]
		if err := e.put(&e.slot, part, head[:16]); err != nil {
			return err
		}
		entry = entry[len(part):]
	}
	return nil
}

// put adds one thing to the page of its kind.
func (e *Encoder) put(w *pageWriter, thing, key []byte) error {
	if w.page == nil {
		w.page = make([]byte, pageHead, e.layout.Page)
	}
	if w.count == 0 {
		copy(w.first[:], key)
	}
	w.page = append(w.page, thing...)
	w.page = append(w.page, make([]byte, w.size-len(thing))...)
	if w.count++; len(w.page)+w.size > e.layout.Page {
		return e.finish(w)
	}
	return nil
}

// finish writes a page, whole, and enters it in the index.
func (e *Encoder) finish(w *pageWriter) error {
	w.index = append(w.index, w.first[:]...)
	w.index = binary.BigEndian.AppendUint64(w.index, e.written)
	err := e.write(w.kind, w.count, w.page)
	w.page, w.count = w.page[:pageHead], 0
	return err
}

func (e *Encoder) write(kind byte, count int, page []byte) error {
	page = append(page, make([]byte, e.layout.Page-len(page))...)
	page[4] = kind
	binary.BigEndian.PutUint32(page[8:], uint32(count))
	binary.BigEndian.PutUint64(page[16:], e.written)
	binary.BigEndian.PutUint32(page, crc32.ChecksumIEEE(page[4:]))
	e.written++
	_, err := e.out.Write(page)
	return err
}

// Close writes what is left.
func (e *Encoder) Close() error {
	for _, w := range []*pageWriter{&e.record, &e.slot} {
		if w.count > 0 {
			if err := e.finish(w); err != nil {
				return err
			}
		}
	}
	for _, w := range []*pageWriter{&e.record, &e.slot} {
		if err := e.writeIndex(w.index); err != nil {
			return err
		}
	}
	return e.write(shardPage, 0, make([]byte, pageHead))
}

// writeIndex writes an index level by level, until one page is the top.
func (e *Encoder) writeIndex(index []byte) error {
	fan := (e.layout.Page - pageHead) / indexEntry * indexEntry
	for len(index) > indexEntry {
		var above []byte
		for rest := index; len(rest) > 0; {
			part := rest[:min(len(rest), fan)]
			rest = rest[len(part):]
			above = append(above, part[:16]...)
			above = binary.BigEndian.AppendUint64(above, e.written)
			page := append(make([]byte, pageHead, e.layout.Page), part...)
			if err := e.write(indexPage, len(part)/indexEntry, page); err != nil {
				return err
			}
		}
		index = above
	}
	return nil
}

// Decode reads what an Encoder wrote and yields each file and directory, in order. An
// error names the page.
func Decode(in io.Reader, layout Layout, yield func(Inode) error) error {
	if err := layout.Check(); err != nil {
		return err
	}
	page := make([]byte, layout.Page)
	var records, slots []byte
	for number := uint64(0); ; number++ {
		switch _, err := io.ReadFull(in, page); {
		case errors.Is(err, io.EOF):
			return fmt.Errorf("page %d is missing; want a page about the shard at the end", number)
		case err != nil:
			return fmt.Errorf("page %d: %w", number, err)
		}
		count := int(binary.BigEndian.Uint32(page[8:]))
		if binary.BigEndian.Uint32(page) != crc32.ChecksumIEEE(page[4:]) || binary.BigEndian.Uint64(page[16:]) != number {
			return fmt.Errorf("page %d is damaged: its checksum or its number is wrong", number)
		}
		size := map[byte]int{recordPage: layout.File, slotPage: layout.Entry}[page[4]]
		if page[4] < recordPage || page[4] > shardPage || size*count > layout.Page-pageHead {
			return fmt.Errorf("page %d is damaged: it is of no known kind, or cannot hold %d things", number, count)
		}
		content := page[pageHead : pageHead+size*count]
		switch page[4] {
		case recordPage:
			records = append(records, content...)
		case slotPage:
			slots = append(slots, content...)
		case shardPage:
			if len(records)+len(slots) > 0 {
				return fmt.Errorf("page %d ends the shard; want the other half of what is left", number)
			}
			return nil
		}
		var err error
		if records, slots, err = decodeWhole(layout, records, slots, yield); err != nil {
			return fmt.Errorf("page %d: %w", number, err)
		}
	}
}

// decodeWhole yields what is there with both its record and all of its slots, and
// returns the rest.
func decodeWhole(layout Layout, records, slots []byte, yield func(Inode) error) (restRecords, restSlots []byte, err error) {
	for len(records) > 0 && len(slots) > 0 {
		if string(records[:recordHead]) != string(slots[:recordHead]) {
			return nil, nil, errors.New("a record and an entry that do not belong together")
		}
		length := int(binary.BigEndian.Uint16(slots[recordHead:]))
		size := int(layout.Slots(length)) * layout.Entry
		if size > len(slots) {
			break
		}
		n := Inode{
			Number: binary.BigEndian.Uint64(slots), Parent: binary.BigEndian.Uint64(slots[8:]), Directory: slots[16] == 1,
			Name: string(slots[entryHead : entryHead+length]),
		}
		if err := yield(n); err != nil {
			return nil, nil, err
		}
		records, slots = records[layout.File:], slots[size:]
	}
	return records, slots, nil
}
