package main

import (
	"bufio"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// The state folder's files that callers may know.
const (
	pidFile            = "cluster.pid"     // the first process, and when it started
	logFile            = "cluster.log"     // what the first process says
	insideKubeconfig   = "kubeconfig"      // for programs inside (cluster.sh run)
	outsideKubeconfig  = "kubeconfig.host" // for programs outside: through the proxy
	proxyAddressFile   = "proxy"           // HOST:PORT of the proxy on the host's loopback
	containerLogFolder = "logs"            // NAMESPACE/POD/CONTAINER.log
)

// up starts a cluster in the state folder and ends when it is ready; with --foreground, when its input ends.
func up(args []string) error {
	flags := flag.NewFlagSet("up", flag.ExitOnError)
	state := flags.String("state", "", "the state folder")
	foreground := flags.Bool("foreground", false, "run until the input ends, then stop the cluster")
	port := flags.Int("proxy-port", 0, "port of the proxy on the host's loopback (0: a free one)")
	images := flags.String("images", "", "the image mapping")
	bin := flags.String("bin", "", "folder of etcd, kube-apiserver, kube-controller-manager")
	root := flags.String("root", "", "the project's folder")
	kine := flags.String("kine", "", "kine's path, to keep the objects in SQLite instead of etcd")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if _, err := runningCluster(*state); err == nil {
		return fmt.Errorf("a cluster runs already in %s: stop it with cluster.sh --state %s down", *state, *state)
	}
	if err := clearState(*state); err != nil {
		return err
	}
	// A socket belongs to the namespace that it was made in: this one stays on the host's loopback.
	proxy, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", *port))
	if err != nil {
		return fmt.Errorf("the proxy cannot listen: %w", err)
	}
	if err := os.WriteFile(filepath.Join(*state, proxyAddressFile), []byte(proxy.Addr().String()+"\n"), 0o644); err != nil {
		return err
	}
	proxyFile, err := proxy.(*net.TCPListener).File()
	if err != nil {
		return err
	}
	progress, progressIn, err := os.Pipe()
	if err != nil {
		return err
	}
	log, err := os.Create(filepath.Join(*state, logFile))
	if err != nil {
		return err
	}
	cluster := exec.Command("/proc/self/exe", "cluster", "--state", *state, "--images", *images, "--bin", *bin, "--root", *root,
		"--kine", *kine)
	cluster.Stdout, cluster.Stderr = log, log
	cluster.ExtraFiles = []*os.File{progressIn, proxyFile}
	cluster.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags: syscall.CLONE_NEWNET | syscall.CLONE_NEWNS | syscall.CLONE_NEWPID,
		Setsid:     true,
	}
	if *foreground {
		runtime.LockOSThread() // the signal comes when this thread ends, not only this process
		cluster.SysProcAttr.Pdeathsig = syscall.SIGKILL
	}
	if err := cluster.Start(); err != nil {
		return fmt.Errorf("cannot make the cluster's namespaces (is this root?): %w", err)
	}
	progressIn.Close()
	if err := writePid(*state, cluster.Process.Pid); err != nil {
		_ = cluster.Process.Kill()
		return err
	}
	ready := false
	for lines := bufio.NewScanner(progress); lines.Scan(); {
		ready = lines.Text() == "ready"
		fmt.Println("cluster.sh:", lines.Text())
	}
	if !ready {
		_ = cluster.Process.Kill()
		_ = cluster.Wait()
		return fmt.Errorf("the cluster did not start; the end of %s:\n%s", log.Name(), tail(log.Name(), 15))
	}
	if !*foreground {
		return nil
	}
	ended := make(chan struct{})
	go func() { _ = cluster.Wait(); close(ended) }()
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGTERM, syscall.SIGINT)
	input := make(chan struct{})
	go func() { _, _ = io.Copy(io.Discard, os.Stdin); close(input) }()
	select {
	case <-ended:
		return fmt.Errorf("the cluster ended; the end of %s:\n%s", log.Name(), tail(log.Name(), 15))
	case <-asked:
	case <-input:
	}
	_ = cluster.Process.Kill()
	<-ended
	return nil
}

// down stops the cluster of a state folder, if one runs, and removes the folder unless --keep.
func down(args []string) error {
	flags := flag.NewFlagSet("down", flag.ExitOnError)
	state := flags.String("state", "", "the state folder")
	keep := flags.Bool("keep", false, "leave the state folder with its logs")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if pid, err := runningCluster(*state); err == nil {
		// The kernel ends every process of the namespace with its first, and then removes interfaces and mounts.
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			return err
		}
		for end := time.Now().Add(20 * time.Second); ; time.Sleep(20 * time.Millisecond) {
			if _, err := runningCluster(*state); err != nil {
				break
			}
			if time.Now().After(end) {
				return fmt.Errorf("process %d does not end", pid)
			}
		}
	}
	if *keep {
		return nil
	}
	if _, err := os.Stat(*state); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err := clearState(*state); err != nil {
		return err
	}
	return os.Remove(*state)
}

// runInside runs a command in the cluster's namespaces, in the same working folder, and ends as it ends.
func runInside(args []string) error {
	if len(args) < 2 {
		return errors.New("usage: cluster.sh run COMMAND...")
	}
	state, command := args[0], args[1:]
	pid, err := runningCluster(state)
	if err != nil {
		return err
	}
	folder, err := os.Getwd()
	if err != nil {
		return err
	}
	runtime.LockOSThread()
	if err := unix.Unshare(unix.CLONE_FS); err != nil {
		return err
	}
	for _, kind := range []string{"net", "pid", "mnt"} {
		if err := setns(fmt.Sprintf("/proc/%d/ns/%s", pid, kind)); err != nil {
			return fmt.Errorf("cannot enter the cluster: %w", err)
		}
	}
	if err := os.Chdir(folder); err != nil {
		return err
	}
	child := exec.Command(command[0], command[1:]...)
	child.Stdin, child.Stdout, child.Stderr = os.Stdin, os.Stdout, os.Stderr
	child.Env = append(os.Environ(), "KUBECONFIG="+filepath.Join(state, insideKubeconfig))
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	if err := child.Start(); err != nil {
		return err
	}
	go func() {
		for s := range signals {
			_ = child.Process.Signal(s)
		}
	}()
	err = child.Wait()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		os.Exit(exitCode(exit.ProcessState))
	}
	return err
}

// setns moves this thread into the namespace of that file.
func setns(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	return unix.Setns(int(file.Fd()), 0)
}

// clearState makes the state folder, or empties it; it refuses a folder with files in it that is not a cluster's.
func clearState(state string) error {
	entries, err := os.ReadDir(state)
	if errors.Is(err, os.ErrNotExist) {
		return os.MkdirAll(state, 0o755)
	}
	if err != nil {
		return err
	}
	if len(entries) > 0 {
		if _, err := os.Stat(filepath.Join(state, pidFile)); err != nil {
			return fmt.Errorf("%s is not empty and not a cluster's state folder: remove it or choose another with --state", state)
		}
	}
	for _, entry := range entries {
		if entry.Name() == pidFile { // last, or a half-cleared folder is not recognised
			continue
		}
		if err := os.RemoveAll(filepath.Join(state, entry.Name())); err != nil {
			return err
		}
	}
	if err := os.Remove(filepath.Join(state, pidFile)); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	return nil
}

// writePid remembers a process and when it started: a process id alone may be another process later.
func writePid(state string, pid int) error {
	started, err := startTime(pid)
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(state, pidFile), fmt.Appendf(nil, "%d %s\n", pid, started), 0o644)
}

// runningCluster gives the process id of the state folder's cluster, or an error if none runs.
func runningCluster(state string) (int, error) {
	nothing := fmt.Errorf("no cluster runs in %s: start one with cluster.sh up", state)
	text, err := os.ReadFile(filepath.Join(state, pidFile))
	if err != nil {
		return 0, nothing
	}
	pidText, started, _ := strings.Cut(strings.TrimSpace(string(text)), " ")
	pid, err := strconv.Atoi(pidText)
	if err != nil {
		return 0, nothing
	}
	if now, err := startTime(pid); err != nil || now != started {
		return 0, nothing
	}
	return pid, nil
}

// startTime is the process's start in clock ticks after boot (proc(5), stat, field 22); an error for a dead process.
func startTime(pid int) (string, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return "", err
	}
	_, afterName, _ := strings.Cut(string(stat), ") ") // the name may hold blanks
	fields := strings.Fields(afterName)
	if len(fields) < 20 || fields[0] == "Z" {
		return "", errors.New("ended")
	}
	return fields[19], nil
}

func tail(path string, lines int) string {
	text, err := os.ReadFile(path)
	if err != nil {
		return err.Error()
	}
	all := strings.Split(strings.TrimSpace(string(text)), "\n")
	return strings.Join(all[max(0, len(all)-lines):], "\n")
}
