package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

// cluster is what the first process inside knows.
type cluster struct {
	state, bin string
	kine       string // its path, if it is the store
	pki        *pki
	started    time.Time
	progress   *os.File // lines for who called up; the last is "ready"
}

// runCluster is the first process inside: it starts the control plane, then is the node. It never returns while all is
// well; when it ends, the kernel ends everything else inside.
func runCluster(args []string) error {
	flags := flag.NewFlagSet("cluster", flag.ExitOnError)
	state := flags.String("state", "", "")
	imagesFile := flags.String("images", "", "")
	bin := flags.String("bin", "", "")
	root := flags.String("root", "", "")
	kine := flags.String("kine", "", "")
	if err := flags.Parse(args); err != nil {
		return err
	}
	c := &cluster{state: *state, bin: *bin, kine: *kine, started: time.Now(), progress: os.NewFile(3, "progress")}
	listener, err := net.FileListener(os.NewFile(4, "proxy"))
	if err != nil {
		return err
	}
	unix.CloseOnExec(3)
	unix.CloseOnExec(4)
	images, err := readImages(*imagesFile, *root)
	if err != nil {
		return err
	}
	if err := enterOwnMounts(); err != nil {
		return err
	}
	if err := makeHostNetwork(); err != nil {
		return err
	}
	if err := c.makeCredentials(listener.Addr().String()); err != nil {
		return err
	}
	client, err := c.startControlPlane()
	if err != nil {
		return err
	}
	node := newNode(client, c.state, images)
	if err := node.start(context.Background()); err != nil {
		return err
	}
	if err := node.servePortForwards(c.pki); err != nil {
		return err
	}
	go serveProxy(listener)
	c.say("the node is ready")
	fmt.Fprintln(c.progress, "ready")
	c.progress.Close()
	select {}
}

func (c *cluster) say(what string) {
	fmt.Fprintf(c.progress, "%s (%.1f s)\n", what, time.Since(c.started).Seconds())
}

// enterOwnMounts gives this mount namespace its own /proc, /run and name resolution; the host's stay as they are.
func enterOwnMounts() error {
	steps := []struct {
		source, target, kind string
		flags                uintptr
	}{
		{"", "/", "", syscall.MS_REC | syscall.MS_PRIVATE},
		{"proc", "/proc", "proc", 0},
		{"run", "/run", "tmpfs", 0},
	}
	for _, s := range steps {
		if err := syscall.Mount(s.source, s.target, s.kind, s.flags, ""); err != nil {
			return fmt.Errorf("mount %s: %w", s.target, err)
		}
	}
	if err := os.MkdirAll("/run/netns", 0o755); err != nil {
		return err
	}
	if err := os.WriteFile("/run/resolv.conf", []byte(resolvConf("default")), 0o644); err != nil {
		return err
	}
	target, err := filepath.EvalSymlinks("/etc/resolv.conf")
	if err != nil { // a link into /run, which is empty now
		if target, err = os.Readlink("/etc/resolv.conf"); err != nil {
			return err
		}
		target = filepath.Join("/etc", strings.TrimPrefix(target, "/etc"))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(target, nil, 0o644); err != nil {
			return err
		}
	}
	return syscall.Mount("/run/resolv.conf", target, "", syscall.MS_BIND, "")
}

func (c *cluster) makeCredentials(proxy string) error {
	var err error
	if c.pki, err = newPki(filepath.Join(c.state, "pki")); err != nil {
		return err
	}
	return errors.Join(
		c.pki.client(filepath.Join(c.state, insideKubeconfig), "admin", "system:masters", ""),
		c.pki.client(filepath.Join(c.state, outsideKubeconfig), "admin", "system:masters", "http://"+proxy),
		c.pki.client(filepath.Join(c.state, "controller-manager.kubeconfig"), "system:kube-controller-manager", "", ""))
}

// startControlPlane returns when the API server answers and the controllers have made the first ServiceAccount.
func (c *cluster) startControlPlane() (*kubernetes.Clientset, error) {
	if err := c.startStore(); err != nil {
		return nil, err
	}
	c.spawn("kube-apiserver", "--etcd-servers=http://"+storeAddress,
		"--bind-address=0.0.0.0", "--advertise-address="+hostIP, "--secure-port="+apiServerPort,
		"--tls-cert-file="+c.pki.path("apiserver.crt"), "--tls-private-key-file="+c.pki.path("apiserver.key"),
		"--client-ca-file="+c.pki.path("ca.crt"), "--authorization-mode=RBAC", "--allow-privileged=true",
		"--service-account-issuer=https://kubernetes.default.svc."+clusterDomain,
		"--service-account-key-file="+c.pki.path("service-account.pub"),
		"--service-account-signing-key-file="+c.pki.path("service-account.key"),
		"--service-cluster-ip-range="+serviceRange, "--profiling=false", "--cert-dir="+filepath.Join(c.state, "apiserver"),
		"--kubelet-certificate-authority="+c.pki.path("ca.crt"),
		"--kubelet-preferred-address-types=InternalIP",
		"--kubelet-client-certificate="+c.pki.path("kubelet-client.crt"),
		"--kubelet-client-key="+c.pki.path("kubelet-client.key"))
	config, err := clientcmd.BuildConfigFromFlags("", filepath.Join(c.state, insideKubeconfig))
	if err != nil {
		return nil, err
	}
	config.QPS, config.Burst = 200, 400
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return nil, err
	}
	background := context.Background()
	if err := await(time.Minute, "kube-apiserver", func() error {
		_, err := client.Discovery().RESTClient().Get().AbsPath("/readyz").DoRaw(background)
		return err
	}); err != nil {
		return nil, err
	}
	c.say("kube-apiserver is ready")
	kubeconfig := filepath.Join(c.state, "controller-manager.kubeconfig")
	c.spawn("kube-controller-manager", "--kubeconfig="+kubeconfig,
		"--authentication-kubeconfig="+kubeconfig, "--authorization-kubeconfig="+kubeconfig,
		"--bind-address=127.0.0.1", "--cert-dir="+filepath.Join(c.state, "controller-manager"), "--leader-elect=false",
		"--use-service-account-credentials=true", "--service-account-private-key-file="+c.pki.path("service-account.key"),
		"--root-ca-file="+c.pki.path("ca.crt"), "--kube-api-qps=200", "--kube-api-burst=400", "--profiling=false")
	return client, await(time.Minute, "kube-controller-manager", func() error {
		_, err := client.CoreV1().ServiceAccounts("default").Get(background, "default", metav1.GetOptions{})
		if err == nil {
			c.say("kube-controller-manager is ready")
		}
		return err
	})
}

// spawn starts a part of the control plane; the cluster ends when it does.
func (c *cluster) spawn(name string, args ...string) {
	c.spawnProgram(filepath.Join(c.bin, name), args...)
}

// spawnProgram is spawn for a program at a path.
func (c *cluster) spawnProgram(path string, args ...string) {
	name := filepath.Base(path)
	logPath := filepath.Join(c.state, name+".log")
	log, err := os.Create(logPath)
	if err == nil {
		command := exec.Command(path, args...)
		command.Stdout, command.Stderr = log, log
		if err = command.Start(); err == nil {
			go func() {
				err := command.Wait()
				fmt.Fprintf(os.Stderr, "%s ended: %v; the end of %s:\n%s\n", name, err, logPath, tail(logPath, 10))
				os.Exit(1)
			}()
			return
		}
	}
	fmt.Fprintf(os.Stderr, "%s does not start: %v\n", name, err)
	os.Exit(1)
}

// await tries until there is no error.
func await(most time.Duration, what string, try func() error) error {
	end := time.Now().Add(most)
	for {
		err := try()
		if err == nil {
			return nil
		}
		if time.Now().After(end) {
			return fmt.Errorf("%s is not ready after %s: %w", what, most, err)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func dial(address string) error {
	connection, err := net.DialTimeout("tcp", address, time.Second)
	if err != nil {
		return err
	}
	return connection.Close()
}

// ignoring turns errors of that kind into none.
func ignoring(err error, is func(error) bool) error {
	if is(err) {
		return nil
	}
	return err
}
