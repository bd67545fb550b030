package model

import (
	"fmt"
	"os"
	"strconv"
	"testing"
)

// manyTasks is a JSON document of so many tasks on so many nodes, as a program
// would write it.
func manyTasks(tasks, nodes int) []byte {
	b := []byte(`{"format":"berth/v1","kind":"placement","nodes":[`)
	for j := range nodes {
		b = fmt.Appendf(b, "{\"name\":\"node-%d\",\"capacity\":{\"cpu\":\"%d\",\"memory\":\"%dGi\"}},\n", j, 64+j%32, 256+j%100)
	}
	b = append(b[:len(b)-2], "],\n\"tasks\":["...)
	for i := range tasks {
		b = fmt.Appendf(b, "{\"name\":\"task-%d\",\"demand\":{\"cpu\":\"%dm\",\"memory\":\"%dMi\"},\"home\":\"node-%d\",\"fetch\":%d.%d},\n",
			i, 10+i*7919%1500, 16+i*104729%3000, i*31%nodes, i%97, 1+i%9)
	}
	return append(b[:len(b)-2], "]}\n"...)
}

// BERTH_TASKS sets the size; the design asks for 1,000,000 tasks on 1,000 nodes.
func BenchmarkRead(b *testing.B) {
	tasks := 10_000
	if text := os.Getenv("BERTH_TASKS"); text != "" {
		tasks, _ = strconv.Atoi(text)
	}
	data := manyTasks(tasks, 1_000)
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Read(data, "many"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkDigest(b *testing.B) {
	in, err := Read(manyTasks(10_000, 1_000), "many")
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		in.Digest()
	}
}
