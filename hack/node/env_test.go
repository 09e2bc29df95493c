package main

import (
	"context"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

func TestExpand(t *testing.T) {
	env := map[string]string{"A": "one", "B": ""}
	for text, want := range map[string]string{
		"$(A)":      "one",
		"x$(A)y":    "xoney",
		"$(B)":      "",
		"$(NO)":     "$(NO)",
		"$$(A)":     "$(A)",
		"$A $":      "$A $",
		"$(A":       "$(A",
		"$(A)$(NO)": "one$(NO)",
	} {
		if got := expand(text, env); got != want {
			t.Errorf("%q: got %q, want %q", text, got, want)
		}
	}
}

// The image's variables come first, then those of whole objects, then the container's own, which may use the former.
func TestEnvironment(t *testing.T) {
	settings := &v1.ConfigMap{ObjectMeta: named("settings"), Data: map[string]string{"A": "of the ConfigMap", "B": "b"}}
	keys := &v1.Secret{ObjectMeta: named("keys"), Data: map[string][]byte{"token": []byte("T")}}
	of := func(name string) v1.LocalObjectReference { return v1.LocalObjectReference{Name: name} }
	c := v1.Container{
		EnvFrom: []v1.EnvFromSource{
			{ConfigMapRef: &v1.ConfigMapEnvSource{LocalObjectReference: of("settings")}},
			{Prefix: "S_", SecretRef: &v1.SecretEnvSource{LocalObjectReference: of("keys")}},
			{SecretRef: &v1.SecretEnvSource{LocalObjectReference: of("none"), Optional: pointer(true)}},
		},
		Env: []v1.EnvVar{
			{Name: "A", Value: "own, $(B)"},
			{Name: "C", ValueFrom: &v1.EnvVarSource{SecretKeyRef: &v1.SecretKeySelector{LocalObjectReference: of("keys"), Key: "token"}}},
			{Name: "D", ValueFrom: &v1.EnvVarSource{ConfigMapKeyRef: &v1.ConfigMapKeySelector{LocalObjectReference: of("settings"), Key: "none", Optional: pointer(true)}}},
			{Name: "IP", ValueFrom: &v1.EnvVarSource{FieldRef: &v1.ObjectFieldSelector{FieldPath: "status.podIP"}}},
		},
	}
	pod := &v1.Pod{Spec: v1.PodSpec{Hostname: "front"}}
	w := testWorker(t, pod, settings, keys)
	got, err := w.environment(pod, &c, image{Env: map[string]string{"HOME": "/tmp", "B": "of the image"}})
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{"HOME": "/tmp", "HOSTNAME": "front", "KUBERNETES_SERVICE_HOST": "10.96.0.1",
		"KUBERNETES_SERVICE_PORT": "443", "PATH": got["PATH"], "A": "own, b", "B": "b", "S_token": "T", "C": "T", "IP": "10.244.0.5"}
	if !maps.Equal(got, want) {
		t.Errorf("got %v", got)
	}
	for name, from := range map[string]v1.EnvVarSource{
		"has no key none":  {SecretKeyRef: &v1.SecretKeySelector{LocalObjectReference: of("keys"), Key: "none"}},
		"not found":        {ConfigMapKeyRef: &v1.ConfigMapKeySelector{LocalObjectReference: of("none"), Key: "a"}},
		"unknown field":    {FieldRef: &v1.ObjectFieldSelector{FieldPath: "spec.none"}},
		"unknown resource": {ResourceFieldRef: &v1.ResourceFieldSelector{Resource: "limits.none"}},
	} {
		_, err := w.environment(pod, &v1.Container{Env: []v1.EnvVar{{Name: "X", ValueFrom: &from}}}, image{})
		expect(t, name, err, name)
	}
}

func TestFieldsOfThePod(t *testing.T) {
	pod := &v1.Pod{}
	w := testWorker(t, pod)
	pod.Labels = map[string]string{"b": "2", "a": `say "hi"`}
	for path, want := range map[string]string{
		"metadata.name": "web", "metadata.namespace": "team", "metadata.uid": "uid-1", "spec.nodeName": "node",
		"metadata.labels": "a=\"say \\\"hi\\\"\"\nb=\"2\"", "metadata.labels['b']": "2", "metadata.annotations['none']": "",
		"status.podIPs": "10.244.0.5", "status.hostIP": "10.244.0.1",
	} {
		if got, err := w.field(pod, path); err != nil || got != want {
			t.Errorf("%s: got %q, %v", path, got, err)
		}
	}
}

func TestResourceFieldIsRoundedUp(t *testing.T) {
	c := &v1.Container{Resources: v1.ResourceRequirements{Limits: v1.ResourceList{
		v1.ResourceCPU: resource.MustParse("1500m"), v1.ResourceMemory: resource.MustParse("100Mi")}}}
	for _, test := range []struct{ field, divisor, want string }{
		{"limits.cpu", "0", "2"}, {"limits.cpu", "1m", "1500"}, {"limits.memory", "1Mi", "100"}, {"limits.memory", "1Gi", "1"},
		{"requests.cpu", "1", "64"}, // the node's whole
	} {
		got, err := resourceField(c, &v1.ResourceFieldSelector{Resource: test.field, Divisor: resource.MustParse(test.divisor)})
		if err != nil || got != test.want {
			t.Errorf("%v: got %s, %v", test, got, err)
		}
	}
}

func TestProgramIsFoundOnTheContainersPath(t *testing.T) {
	folder := t.TempDir()
	for name, mode := range map[string]os.FileMode{"run": 0o755, "text": 0o644} {
		if err := os.WriteFile(filepath.Join(folder, name), nil, mode); err != nil {
			t.Fatal(err)
		}
	}
	env := []string{"HOME=/", "PATH=/none:" + folder}
	for program, want := range map[string]string{"run": folder + "/run", "/any/path": "/any/path", "./run": "./run", "text": "", "none": ""} {
		if got, err := lookPath(program, env); got != want || (err == nil) != (want != "") {
			t.Errorf("%s: got %q, %v", program, got, err)
		}
	}
}

func TestExitCodes(t *testing.T) {
	for script, want := range map[string]int{"exit 0": 0, "exit 3": 3, "kill -TERM $$": 143, "kill -KILL $$": 137} {
		run := exec.CommandContext(context.Background(), "sh", "-c", script)
		_ = run.Run()
		if got := exitCode(run.ProcessState); got != want {
			t.Errorf("%s: got %d, want %d", script, got, want)
		}
	}
}
