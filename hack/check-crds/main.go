// Checks a CustomResourceDefinition and sample objects with the API server's own code: the definition itself, with its
// CEL cost limits, and then each sample after defaulting. Usage: check-crds CRD VALID_FOLDER INVALID_FOLDER
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/install"
	v1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/validation"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	values "k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apimachinery/pkg/util/validation/field"
	limits "k8s.io/apiserver/pkg/apis/cel"
	"sigs.k8s.io/yaml"
)

func main() {
	if checkFile(os.Args[1], os.Args[2:]...) > 0 {
		os.Exit(1)
	}
}

// checkFile prints and counts the failures of a definition and of the samples in these folders.
func checkFile(file string, folders ...string) int {
	definition, failures := load(file)
	properties := definition.Spec.Validation
	if properties == nil {
		properties = definition.Spec.Versions[0].Schema
	}
	for _, folder := range folders {
		failures += checkAll(properties.OpenAPIV3Schema, folder)
	}
	return failures
}

func load(file string) (*apiextensions.CustomResourceDefinition, int) {
	scheme := runtime.NewScheme()
	install.Install(scheme)
	var published v1.CustomResourceDefinition
	must(yaml.UnmarshalStrict(must1(os.ReadFile(file)), &published))
	scheme.Default(&published)
	var definition apiextensions.CustomResourceDefinition
	must(scheme.Convert(&published, &definition, nil))
	problems := validation.ValidateCustomResourceDefinition(context.Background(), &definition)
	for _, problem := range problems {
		fmt.Println(file, problem)
	}
	return &definition, len(problems)
}

func checkAll(properties *apiextensions.JSONSchemaProps, folder string) int {
	structural := must1(schema.NewStructural(properties))
	failures := 0
	for _, file := range must1(filepath.Glob(folder + "/*.yaml")) {
		text := must1(os.ReadFile(file))
		var object map[string]any
		must(json.Unmarshal(must1(yaml.YAMLToJSON(text)), &object))
		accepted := filepath.Base(folder) == "valid" || strings.Contains(string(text), "# schema: passes")
		problems := check(properties, structural, object)
		if accepted != (len(problems) == 0) {
			failures++
			fmt.Printf("%s: accepted=%t was expected, but: %v\n", file, accepted, problems)
		}
	}
	return failures
}

func check(properties *apiextensions.JSONSchemaProps, structural *schema.Structural, object map[string]any) field.ErrorList {
	defaulting.Default(object, structural)
	validator, _, err := values.NewSchemaValidator(properties)
	must(err)
	problems := values.ValidateCustomResource(nil, object, validator)
	problems = append(problems, listtype.ValidateListSetsAndMaps(nil, structural, object)...)
	if len(problems) > 0 {
		return problems // as the API server: CEL sees valid objects only
	}
	rules := cel.NewValidator(structural, true, limits.PerCallLimit)
	problems, _ = rules.Validate(context.Background(), nil, structural, object, nil, limits.RuntimeCELCostBudget)
	return problems
}

func must1[T any](value T, err error) T {
	must(err)
	return value
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "check-crds:", err)
		os.Exit(2)
	}
}
