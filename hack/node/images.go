package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"sigs.k8s.io/yaml"
)

// images says which local files stand for which images; see hack/cluster/images.yaml.
type images struct {
	file, root string
	entries    []image
}

// image is one entry of the mapping. Every text may name the project's folder, $ROOT, and the output of a
// command of the project: $(hack/envoy.sh).
type image struct {
	// Image is a pattern of image names, in which * stands for any text.
	Image string `json:"image"`
	// Entrypoint and Cmd are what runs when the pod says neither command nor args.
	Entrypoint []string `json:"entrypoint"`
	Cmd        []string `json:"cmd"`
	// Files are shown at their paths (the keys) in the container.
	Files map[string]string `json:"files"`
	Env   map[string]string `json:"env"`
	// User is the user id that the processes run as if the pod does not say one.
	User int64 `json:"user"`
}

func readImages(file, root string) (*images, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	read := struct {
		Images []image `json:"images"`
	}{}
	if err := yaml.UnmarshalStrict(text, &read); err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return &images{file: file, root: root, entries: read.Images}, nil
}

// pull makes the files of images: outside of a cluster, where there may be a network to fetch and build with.
func pull(args []string) error {
	if len(args) < 3 {
		return fmt.Errorf("usage: cluster.sh pull IMAGE...")
	}
	all, err := readImages(args[0], args[1])
	if err != nil {
		return err
	}
	for _, name := range args[2:] {
		if _, err := all.find(name); err != nil {
			return err
		}
	}
	return nil
}

// find gives the first entry whose pattern matches, with everything filled in.
func (all *images) find(name string) (image, error) {
	for _, entry := range all.entries {
		if matches(entry.Image, name) || matches(entry.Image, "docker.io/"+name) {
			return all.fill(entry)
		}
	}
	return image{}, fmt.Errorf("no pattern in %s matches the image %q: add an entry that says what runs for it", all.file, name)
}

func matches(pattern, name string) bool {
	quoted := strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, ".*")
	return regexp.MustCompile("^" + quoted + "$").MatchString(name)
}

func (all *images) fill(entry image) (image, error) {
	var err error
	text := func(s string) string {
		out, e := all.text(s)
		if e != nil && err == nil {
			err = fmt.Errorf("image %s: %w", entry.Image, e)
		}
		return out
	}
	filled := image{Image: entry.Image, User: entry.User, Files: map[string]string{}, Env: map[string]string{}}
	for _, word := range entry.Entrypoint {
		filled.Entrypoint = append(filled.Entrypoint, text(word))
	}
	for _, word := range entry.Cmd {
		filled.Cmd = append(filled.Cmd, text(word))
	}
	for name, value := range entry.Env {
		filled.Env[name] = text(value)
	}
	for path, source := range entry.Files {
		source = text(source)
		if err == nil {
			filled.Files[path], err = filepath.EvalSymlinks(source)
		}
	}
	return filled, err
}

var command = regexp.MustCompile(`\$\((hack/[^)]*)\)`)

// text fills in $ROOT and the output of commands.
func (all *images) text(s string) (string, error) {
	var failure error
	filled := command.ReplaceAllStringFunc(s, func(found string) string {
		out, err := all.output(command.FindStringSubmatch(found)[1])
		if err != nil {
			failure = err
		}
		return out
	})
	return strings.ReplaceAll(filled, "$ROOT", all.root), failure
}

func (all *images) output(command string) (string, error) {
	run := exec.Command("bash", "-c", command)
	run.Dir = all.root
	said := &strings.Builder{}
	run.Stderr = said
	if os.Getpid() != 1 { // pull: show the progress
		run.Stderr = os.Stderr
	}
	out, err := run.Output()
	if err != nil {
		return "", fmt.Errorf("%s fails (%w); run it once outside of the cluster, e.g. by cluster.sh pull: %s",
			command, err, strings.TrimSpace(said.String()))
	}
	return strings.TrimSpace(string(out)), nil
}
