package main

import (
	"os"
	"path/filepath"
	"testing"

	v1 "k8s.io/api/core/v1"
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

func TestImagePatterns(t *testing.T) {
	for _, test := range []struct {
		pattern, name string
		want          bool
	}{
		{"docker.io/envoyproxy/envoy:*", "docker.io/envoyproxy/envoy:distroless-v1.39.0", true},
		{"docker.io/envoyproxy/envoy:*", "docker.io/envoyproxy/envoy-dev:1", false},
		{"*/epp:*", "registry.k8s.io/gateway-api-inference-extension/epp:v1.5.0", true},
		{"*/epp:*", "registry.k8s.io/lwepp:v1", false},
		{"a.b/c:*", "aXb/c:1", false},
	} {
		if got := matches(test.pattern, test.name); got != test.want {
			t.Errorf("%s, %s: got %v", test.pattern, test.name, got)
		}
	}
}

// Whoever holds the folder sees the new files at their old paths, and never a mix.
func TestSwap(t *testing.T) {
	folder := t.TempDir()
	for _, files := range []map[string]string{
		{"a": "1", "deep/b": "2"}, {"a": "3", "c": "4"}, {},
	} {
		if err := swap(folder, files); err != nil {
			t.Fatal(err)
		}
		seen := map[string]string{}
		for _, path := range []string{"a", "deep/b", "c"} {
			if content, err := os.ReadFile(filepath.Join(folder, path)); err == nil {
				seen[path] = string(content)
			}
		}
		if len(seen) != len(files) {
			t.Errorf("got %v, want %v", seen, files)
		}
		for path, want := range files {
			if seen[path] != want {
				t.Errorf("%s: got %q, want %q", path, seen[path], want)
			}
		}
	}
}

func TestSourcesOf(t *testing.T) {
	yes, items := true, []v1.KeyToPath{{Key: "a", Path: "b"}}
	sources, known := sourcesOf(v1.Volume{VolumeSource: v1.VolumeSource{
		Secret: &v1.SecretVolumeSource{SecretName: "keys", Items: items, Optional: &yes}}})
	if !known || len(sources) != 1 || sources[0].Secret.Name != "keys" || sources[0].Secret.Items[0] != items[0] || !*sources[0].Secret.Optional {
		t.Errorf("a secret: %v", sources)
	}
	sources, known = sourcesOf(v1.Volume{VolumeSource: v1.VolumeSource{
		ConfigMap: &v1.ConfigMapVolumeSource{LocalObjectReference: v1.LocalObjectReference{Name: "settings"}, Items: items}}})
	if !known || len(sources) != 1 || sources[0].ConfigMap.Name != "settings" || sources[0].ConfigMap.Items[0] != items[0] || sources[0].ConfigMap.Optional != nil {
		t.Errorf("a config map: %v", sources)
	}
	if sources, known = sourcesOf(v1.Volume{}); known {
		t.Errorf("nothing that holds files: %v", sources)
	}
}
