package main

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// A container here is a process in namespaces of its own whose root is the host's under an overlay: it sees the host's
// programs, but its changes are its own and go with it.

// launch is all that a container's first process needs to know.
type launch struct {
	Hostname     string
	Network      string // file of the network namespace
	HostNetwork  bool
	Scratch      string // an empty folder of the container's
	Files        map[string]string
	Mounts       []mount
	ReadOnlyRoot bool
	WorkingDir   string
	Command      []string
	Env          []string
	User, Group  int64
	Groups       []int
}

// mount shows Source (of the host) at Target.
type mount struct {
	Source, Target string
	ReadOnly       bool
}

// start starts a container's process; what it says goes to log, which is closed at its end. An error means that the
// program was never run.
func (l launch) start(log *os.File) (*exec.Cmd, error) {
	// A pipe, as of container runtimes: programs that open /dev/stdout would otherwise cut the file.
	output, input, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	defer input.Close()
	go func() {
		defer log.Close()
		defer output.Close()
		_, _ = io.Copy(log, output)
	}()
	if err := input.Chown(int(l.User), int(l.Group)); err != nil { // or it could not open it
		return nil, err
	}
	specOut, specIn, err := os.Pipe()
	if err != nil {
		return nil, err
	}
	failOut, failIn, err := os.Pipe() // closed by a successful exec
	if err != nil {
		return nil, err
	}
	defer failOut.Close()
	command := exec.Command("/proc/self/exe", "container")
	command.Stdout, command.Stderr = input, input
	command.ExtraFiles = []*os.File{specOut, failIn}
	command.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWPID | syscall.CLONE_NEWUTS | syscall.CLONE_NEWIPC,
		Setsid:     true,
	}
	err = command.Start()
	specOut.Close()
	failIn.Close()
	if err == nil {
		err = json.NewEncoder(specIn).Encode(l)
	}
	specIn.Close()
	if err != nil {
		return nil, err
	}
	if failure, _ := io.ReadAll(failOut); len(failure) > 0 {
		_ = command.Wait()
		return nil, fmt.Errorf("%s", failure)
	}
	return command, nil
}

// enterContainer is the container's first process until it becomes the program. It returns only with an error.
func enterContainer() error {
	spec, failure := os.NewFile(3, "spec"), os.NewFile(4, "failure")
	unix.CloseOnExec(3)
	unix.CloseOnExec(4)
	var l launch
	err := json.NewDecoder(spec).Decode(&l)
	if err == nil {
		err = l.enter()
	}
	fmt.Fprint(failure, err)
	return err
}

func (l launch) enter() error {
	if err := setns(l.Network); err != nil {
		return fmt.Errorf("network namespace: %w", err)
	}
	if !l.HostNetwork { // as container runtimes do: ports below 1024 for everyone
		if err := os.WriteFile("/proc/sys/net/ipv4/ip_unprivileged_port_start", []byte("0"), 0o644); err != nil {
			return err
		}
		if err := unix.Sethostname([]byte(l.Hostname)); err != nil {
			return err
		}
	}
	if err := l.makeRoot(); err != nil {
		return err
	}
	if err := l.becomeUser(); err != nil {
		return err
	}
	if err := os.Chdir(l.WorkingDir); err != nil {
		return err
	}
	program, err := lookPath(l.Command[0], l.Env)
	if err != nil {
		return err
	}
	return fmt.Errorf("exec %s: %w", program, unix.Exec(program, l.Command, l.Env))
}

// host is where the host's files are while the root is made.
const host = "/.host"

func (l launch) makeRoot() error {
	// ip netns shares /run/netns among mount namespaces: without this, unmounting here would unmount it for all.
	if err := syscall.Mount("", "/", "", syscall.MS_REC|syscall.MS_PRIVATE, ""); err != nil {
		return err
	}
	if err := syscall.Mount("scratch", l.Scratch, "tmpfs", 0, ""); err != nil {
		return err
	}
	root := filepath.Join(l.Scratch, "root")
	for _, folder := range []string{root, l.Scratch + "/upper", l.Scratch + "/work"} {
		if err := os.Mkdir(folder, 0o755); err != nil {
			return err
		}
	}
	layers := fmt.Sprintf("lowerdir=/,upperdir=%[1]s/upper,workdir=%[1]s/work", l.Scratch)
	if err := syscall.Mount("root", root, "overlay", 0, layers); err != nil {
		return fmt.Errorf("overlay (%s): %w", layers, err)
	}
	if err := os.Mkdir(root+host, 0o700); err != nil {
		return err
	}
	if err := unix.PivotRoot(root, root+host); err != nil {
		return err
	}
	if err := os.Chdir("/"); err != nil {
		return err
	}
	if err := l.mountAll(); err != nil {
		return err
	}
	if err := unix.Unmount(host, unix.MNT_DETACH); err != nil {
		return err
	}
	if err := os.Remove(host); err != nil {
		return err
	}
	if l.ReadOnlyRoot {
		return syscall.Mount("", "/", "", syscall.MS_REMOUNT|syscall.MS_BIND|syscall.MS_RDONLY, "")
	}
	return nil
}

func (l launch) mountAll() error {
	if err := syscall.Mount("proc", "/proc", "proc", 0, ""); err != nil {
		return err
	}
	mounts := []mount{{"/dev", "/dev", false}, {"/sys", "/sys", false}}
	mounts = append(mounts, otherFileSystems()...)
	for target, source := range l.Files {
		mounts = append(mounts, mount{source, target, true})
	}
	for _, m := range append(mounts, l.Mounts...) {
		if err := m.bind(); err != nil {
			return fmt.Errorf("mount of %s at %s: %w", m.Source, m.Target, err)
		}
	}
	// Shared memory must not be shared with other pods.
	return syscall.Mount("shm", "/dev/shm", "tmpfs", 0, "mode=1777")
}

// otherFileSystems are the disks that the host mounted below its root; the overlay does not show them.
func otherFileSystems() []mount {
	table, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return nil
	}
	var found []mount
	for _, line := range strings.Split(string(table), "\n") {
		before, after, ok := strings.Cut(line, " - ") // proc(5): kind and device follow the dash
		fields, kind := strings.Fields(before), strings.Fields(after)
		if !ok || len(fields) < 5 || !strings.HasPrefix(fields[4], host+"/") || !strings.HasPrefix(kind[1], "/dev/") {
			continue
		}
		if target := strings.TrimPrefix(fields[4], host); isDir(fields[4]) && !strings.HasPrefix(target, "/dev/") {
			found = append(found, mount{target, target, false})
		}
	}
	return found
}

func (m mount) bind() error {
	source := host + m.Source
	if isDir(source) {
		if err := os.MkdirAll(m.Target, 0o755); err != nil {
			return err
		}
	} else if _, err := os.Lstat(m.Target); err != nil {
		if err := os.MkdirAll(filepath.Dir(m.Target), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(m.Target, nil, 0o644); err != nil {
			return err
		}
	}
	if err := syscall.Mount(source, m.Target, "", syscall.MS_BIND|syscall.MS_REC, ""); err != nil {
		return err
	}
	if !m.ReadOnly {
		return nil
	}
	return syscall.Mount("", m.Target, "", syscall.MS_REMOUNT|syscall.MS_BIND|syscall.MS_RDONLY, "")
}

func isDir(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}

func (l launch) becomeUser() error {
	if err := syscall.Setgroups(l.Groups); err != nil {
		return err
	}
	if err := syscall.Setgid(int(l.Group)); err != nil {
		return err
	}
	return syscall.Setuid(int(l.User)) // and with it all capabilities, unless the user is root
}

// lookPath finds a program as the shell does, on the container's own PATH.
func lookPath(program string, env []string) (string, error) {
	if strings.Contains(program, "/") {
		return program, nil
	}
	for _, variable := range env {
		folders, isPath := strings.CutPrefix(variable, "PATH=")
		if !isPath {
			continue
		}
		for _, folder := range filepath.SplitList(folders) {
			candidate := filepath.Join(folder, program)
			if info, err := os.Stat(candidate); err == nil && !info.IsDir() && info.Mode()&0o111 != 0 {
				return candidate, nil
			}
		}
	}
	return "", fmt.Errorf("executable file %q not found on the container's PATH", program)
}

// inContainer is a command to run in the namespaces of a running container, with its variables and user.
func (l launch) inContainer(pid int, command []string) *exec.Cmd {
	args := []string{"-t", fmt.Sprint(pid), "-m", "-n", "-p", "-u", "-i",
		"-S", fmt.Sprint(l.User), "-G", fmt.Sprint(l.Group), "--", "env", "-i"}
	return exec.Command("nsenter", append(append(args, l.Env...), command...)...)
}

// exitCode is as a container runtime reports it.
func exitCode(state *os.ProcessState) int {
	if status, ok := state.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return 128 + int(status.Signal())
	}
	return state.ExitCode()
}
