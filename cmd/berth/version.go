package main

import (
	"crypto/sha256"
	"debug/elf"
	"encoding/hex"
	"io"
	"os"
	"runtime/debug"
)

// version names this build: the commit it was made from. Where that does not tell
// all, because files were changed since or nobody noted it, a digest of the program
// itself is added.
func version() string {
	commit, changed := "", true
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			switch s.Key {
			case "vcs.revision":
				commit = s.Value[:min(12, len(s.Value))]
			case "vcs.modified":
				changed = s.Value != "false"
			}
		}
	}
	if commit == "" {
		return "build " + ownDigest()
	}
	if changed {
		return "commit " + commit + " and changes, build " + ownDigest()
	}
	return "commit " + commit
}

// ownDigest is a digest of the program's file: of what the linker noted of it, which
// changes with every byte, or else of the whole.
func ownDigest() string {
	path, err := os.Executable()
	if err != nil {
		return "unknown"
	}
	file, err := os.Open(path)
	if err != nil {
		return "unknown"
	}
	defer file.Close()
	sum := sha256.New()
	if id := linkerNote(file); id != nil {
		sum.Write(id)
	} else if _, err := io.Copy(sum, file); err != nil {
		return "unknown"
	}
	return hex.EncodeToString(sum.Sum(nil))[:12]
}

// linkerNote is the build ID of an ELF file; nil where it has none.
func linkerNote(file io.ReaderAt) []byte {
	program, err := elf.NewFile(file)
	if err != nil {
		return nil
	}
	section := program.Section(".note.go.buildid")
	if section == nil {
		return nil
	}
	note, err := section.Data()
	if err != nil {
		return nil
	}
	return note
}
