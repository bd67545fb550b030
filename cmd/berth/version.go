package main

import (
	"crypto/sha256"
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

// ownDigest is a digest of the program's file.
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
	if _, err := io.Copy(sum, file); err != nil {
		return "unknown"
	}
	return hex.EncodeToString(sum.Sum(nil))[:12]
}
