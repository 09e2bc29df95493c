package main

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

func TestImagePatterns(t *testing.T) {
	for _, test := range []struct {
		pattern, name string
		want          bool
	}{
		{"docker.io/envoyproxy/envoy:*", "docker.io/envoyproxy/envoy:distroless-v1.39.0", true},
		{"docker.io/envoyproxy/envoy:*", "docker.io/envoyproxy/envoy-dev:1", false},
		{"*/epp:*", "registry.example/gateway-api-inference-extension/epp:v1", true},
		{"*/epp:*", "registry.example/lwepp:v1", false},
		{"a.b/c:*", "aXb/c:1", false},
	} {
		if got := matches(test.pattern, test.name); got != test.want {
			t.Errorf("%s, %s: got %v", test.pattern, test.name, got)
		}
	}
}

func TestFindingAnImage(t *testing.T) {
	root := t.TempDir()
	write := func(name, content string, mode os.FileMode) {
		t.Helper()
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), mode); err != nil {
			t.Fatal(err)
		}
	}
	write("hack/part.sh", "#!/bin/sh\necho $PWD/program\n", 0o755)
	write("hack/broken.sh", "#!/bin/sh\nexit 1\n", 0o755)
	write("program", "", 0o755)
	write("images.yaml", `images:
- image: docker.io/team/server:*
  files: {/bin/server: $(hack/part.sh)}
  entrypoint: [/bin/server, $ROOT/target]
  cmd: [serve]
  user: 65532
- image: "*/broken:*"
  files: {/bin/broken: $(hack/broken.sh)}
- image: "*"
  entrypoint: [/bin/sh]
`, 0o644)
	all, err := readImages(filepath.Join(root, "images.yaml"), root)
	if err != nil {
		t.Fatal(err)
	}
	found, err := all.find("team/server:v1") // as Docker: without a registry it is docker.io's
	if err != nil {
		t.Fatal(err)
	}
	program, _ := filepath.EvalSymlinks(filepath.Join(root, "program"))
	if found.Files["/bin/server"] != program || found.User != 65532 ||
		!slices.Equal(found.Entrypoint, []string{"/bin/server", root + "/target"}) || !slices.Equal(found.Cmd, []string{"serve"}) {
		t.Errorf("got %+v", found)
	}
	if found, err = all.find("any/other"); err != nil || found.Entrypoint[0] != "/bin/sh" {
		t.Errorf("the last pattern: got %+v, %v", found, err)
	}
	_, err = all.find("team/broken:v1")
	expect(t, "a command that fails", err, "hack/broken.sh fails (exit status 1)")
	all.entries = all.entries[:1]
	_, err = all.find("any/other")
	expect(t, "no pattern", err, `matches the image "any/other"`)
	write("images.yaml", "images:\n- image: a\n  comand: [b]\n", 0o644)
	_, err = readImages(filepath.Join(root, "images.yaml"), root)
	expect(t, "a field that there is not", err, "comand")
}

// The project's own mapping can be read, and its catch-all patterns do not hide those that follow.
func TestImagesOfTheProject(t *testing.T) {
	all, err := readImages("../cluster/images.yaml", "../..")
	if err != nil {
		t.Fatal(err)
	}
	for i, entry := range all.entries {
		for _, earlier := range all.entries[:i] {
			if matches(earlier.Image, entry.Image) {
				t.Errorf("%s is never used: %s comes before", entry.Image, earlier.Image)
			}
		}
	}
}
