package main

import (
	"fmt"
	"runtime/debug"
)

type versionCommand struct{}

// Run prints what was built, from what and with which Go.
func (versionCommand) Run(t terminal) error {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return fmt.Errorf("read build information: the binary has none")
	}
	revision := "unknown"
	for _, s := range info.Settings {
		if s.Key == "vcs.revision" {
			revision = s.Value
		}
	}
	_, err := fmt.Fprintf(t.out, "haedap %s (revision %s, %s)\n", info.Main.Version, revision, info.GoVersion)
	return err
}
