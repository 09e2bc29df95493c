package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const chart, policies = "../../charts/pointsman/crds", "../../testdata/policies"

// The chart's CustomResourceDefinitions are valid, and accept and refuse the samples as these say.
func TestDefinitionsOfTheChart(t *testing.T) {
	files := must1(filepath.Glob(chart + "/*.yaml"))
	if len(files) == 0 {
		t.Fatal("the chart has no CustomResourceDefinition")
	}
	for _, file := range files {
		if failures := checkFile(file, policies+"/valid", policies+"/invalid"); failures > 0 {
			t.Errorf("%s: %d failures", file, failures)
		}
	}
}

// The check itself: it fails where a sample is accepted or refused against its folder, and where a rule is wrong.
func TestFailures(t *testing.T) {
	definition := must1(filepath.Glob(chart + "/*.yaml"))[0]
	accepted, refused := must1(filepath.Glob(policies + "/valid/*.yaml"))[0], policies+"/invalid/alias-empty.yaml"
	for sample, folder := range map[string]string{refused: "valid", accepted: "invalid"} {
		samples := filepath.Join(t.TempDir(), folder)
		must(os.Mkdir(samples, 0o755))
		must(os.WriteFile(filepath.Join(samples, "sample.yaml"), must1(os.ReadFile(sample)), 0o644))
		if failures := checkFile(definition, samples); failures != 1 {
			t.Errorf("%s in the folder %s: %d failures", sample, folder, failures)
		}
	}
	broken := filepath.Join(t.TempDir(), "broken.yaml")
	text := strings.Replace(string(must1(os.ReadFile(definition))), "rule: ", "rule: nothing.of.this + ", 1)
	must(os.WriteFile(broken, []byte(text), 0o644))
	if failures := checkFile(broken); failures == 0 {
		t.Error("a rule that cannot be compiled is not found")
	}
}
