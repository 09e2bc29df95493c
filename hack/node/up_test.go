package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// A process id alone is not trusted: another process may have it by now.
func TestRunningCluster(t *testing.T) {
	state := t.TempDir()
	_, err := runningCluster(state)
	expect(t, "an empty folder", err, "no cluster runs")
	if err := writePid(state, os.Getpid()); err != nil {
		t.Fatal(err)
	}
	if pid, err := runningCluster(state); err != nil || pid != os.Getpid() {
		t.Errorf("got %d, %v", pid, err)
	}
	file := filepath.Join(state, pidFile)
	if err := os.WriteFile(file, fmt.Appendf(nil, "%d 1\n", os.Getpid()), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err = runningCluster(state)
	expect(t, "another process with that id", err, "no cluster runs")
	ended := exec.Command("true")
	if err := ended.Start(); err != nil {
		t.Fatal(err)
	}
	if err := writePid(state, ended.Process.Pid); err == nil { // else it ended before
		_ = ended.Wait()
		_, err = runningCluster(state)
		expect(t, "a process that has ended", err, "no cluster runs")
	}
}

// Files that are not a cluster's are never deleted.
func TestClearState(t *testing.T) {
	state := filepath.Join(t.TempDir(), "new")
	if err := clearState(state); err != nil || !isDir(state) {
		t.Errorf("a folder that there is not: %v", err)
	}
	kept := filepath.Join(state, "kept")
	if err := os.WriteFile(kept, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	expect(t, "another's folder", clearState(state), "not a cluster's state folder")
	if _, err := os.Stat(kept); err != nil {
		t.Error("another's file is gone")
	}
	if err := os.WriteFile(filepath.Join(state, pidFile), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := clearState(state); err != nil {
		t.Fatal(err)
	}
	if entries, err := os.ReadDir(state); err != nil || len(entries) != 0 {
		t.Errorf("left: %v, %v", entries, err)
	}
}
