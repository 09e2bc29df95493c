package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/yaml"
)

// kubernetes is a cluster of plain processes (hack/cluster.sh) that goes with the row.
type kubernetes struct {
	state, server string
	api           *http.Client // of the API server
	inside        *http.Client // of pods and Gateways
}

// startCluster starts API server, controllers and a node; nothing is installed yet.
func (b *bench) startCluster() *kubernetes {
	state := filepath.Join(b.folder(), "cluster")
	up := exec.Command("hack/cluster.sh", "--state", state, "up", "--foreground")
	up.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	input := must1(up.StdinPipe()) // the cluster ends with its input
	lines := bufio.NewScanner(must1(up.StdoutPipe()))
	up.Stderr = os.Stderr
	must(up.Start())
	b.atEnd(func() {
		_ = input.Close()
		_ = up.Wait()
	})
	isReady := false
	for !isReady && lines.Scan() {
		isReady = strings.Contains(lines.Text(), "cluster.sh: ready")
	}
	mustBe(isReady, "the cluster did not start: %v", lines.Err())
	go func() { // it may say more
		for lines.Scan() {
		}
	}()
	kubeconfig := filepath.Join(state, "kubeconfig.host")
	config := must1(clientcmd.BuildConfigFromFlags("", kubeconfig))
	proxy := must1(url.Parse("http://" + strings.TrimSpace(string(must1(os.ReadFile(filepath.Join(state, "proxy")))))))
	config.Proxy = http.ProxyURL(proxy)
	config.QPS = -1
	inside := &http.Client{Transport: &http.Transport{Proxy: http.ProxyURL(proxy), MaxIdleConnsPerHost: 8}, Timeout: 10 * time.Second}
	return &kubernetes{state, config.Host, must1(rest.HTTPClientFor(config)), inside}
}

func (k *kubernetes) kubeconfig() string { return filepath.Join(k.state, "kubeconfig.host") }

// run runs a script of the project whose output is a part of the row's reason when it fails.
func run(script string, arguments ...string) {
	said, err := exec.Command(script, arguments...).CombinedOutput()
	mustBe(err == nil, "%s %s: %v: %s", script, strings.Join(arguments, " "), err, said[max(0, len(said)-500):])
}

// call asks the API server.
func (k *kubernetes) call(method, path, contentType string, body []byte) ([]byte, error) {
	request, err := http.NewRequest(method, k.server+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("content-type", contentType)
	response, err := k.api.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode >= 300 {
		err = fmt.Errorf("%s %s: %s: %.300s", method, path, response.Status, text)
	}
	return text, err
}

// get reads JSON into a value.
func (k *kubernetes) get(path string, into any) error {
	text, err := k.call("GET", path, "", nil)
	if err == nil {
		err = json.Unmarshal(text, into)
	}
	return err
}

// patch changes an object, by a merge.
func (k *kubernetes) patch(path, merge string) error {
	_, err := k.call("PATCH", path, "application/merge-patch+json", []byte(merge))
	return err
}

const namespace = "bench"

// pathOf is where an object of the namespace is, or a namespace itself.
func pathOf(apiVersion, kind, name string) string {
	group := "/apis/" + apiVersion
	if !strings.Contains(apiVersion, "/") {
		group = "/api/" + apiVersion
	}
	plural := strings.ToLower(kind) + "s"
	switch plural {
	case "namespaces":
		return group + "/" + plural + "/" + name
	default:
		return group + "/namespaces/" + namespace + "/" + plural + "/" + name
	}
}

// apply makes or changes the objects of YAML documents, some at a time.
func (k *kubernetes) apply(documents ...string) {
	everyOf(len(documents), func(i int) error {
		var object struct {
			APIVersion, Kind string
			Metadata         struct{ Name string }
		}
		if err := yaml.Unmarshal([]byte(documents[i]), &object); err != nil {
			return err
		}
		path := pathOf(object.APIVersion, object.Kind, object.Metadata.Name) + "?fieldManager=bench&force=true"
		_, err := k.call("PATCH", path, "application/apply-patch+yaml", []byte(documents[i]))
		return err
	})
}

// everyOf calls a function with each number below another, eight at a time.
func everyOf(count int, do func(int) error) {
	numbers, failures := make(chan int), make(chan error, count)
	for range 8 {
		go func() {
			for number := range numbers {
				failures <- do(number)
			}
		}()
	}
	for number := range count {
		numbers <- number
	}
	close(numbers)
	for range count {
		must(<-failures)
	}
}

// pods are the addresses of running pods with a label.
func (k *kubernetes) pods(ofNamespace, selector string) []string {
	var list struct {
		Items []struct {
			Metadata struct{ DeletionTimestamp string }
			Status   struct{ PodIP, Phase string }
		}
	}
	must(k.get("/api/v1/namespaces/"+ofNamespace+"/pods?labelSelector="+url.QueryEscape(selector), &list))
	var addresses []string
	for _, pod := range list.Items {
		if pod.Status.Phase == "Running" && pod.Metadata.DeletionTimestamp == "" {
			addresses = append(addresses, pod.Status.PodIP)
		}
	}
	return addresses
}

// fetch is the body of an answer from inside the cluster.
func (k *kubernetes) fetch(url string) (string, error) {
	response, err := k.inside.Get(url)
	if err != nil {
		return "", err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s", url, response.Status)
	}
	return string(text), err
}
