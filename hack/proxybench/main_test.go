package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestParseSizes(t *testing.T) {
	if sizes, err := parseSizes("2048,204800"); err != nil || !slices.Equal(sizes, []int{2048, 204800}) {
		t.Errorf("got %v, %v", sizes, err)
	}
	for _, wrong := range []string{"", "many", "2048,", "10"} {
		if _, err := parseSizes(wrong); err == nil {
			t.Errorf("%q is accepted", wrong)
		}
	}
}

func TestMedianOf(t *testing.T) {
	got := medianOf([]sample{{9, 1}, {2, 8}, {5, 3}})
	if got != (sample{5, 3}) {
		t.Errorf("got %v", got)
	}
}

func TestConfiguredReplacesTheGatewaysPortAlone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "bootstrap.yaml")
	text := "a:\n  address: 0.0.0.0\n  portValue: 19003\nb:\n  portValue: 8080\nc:\n  portValue: 9002\n"
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	changed, err := configured(file, 18080)
	if err != nil {
		t.Fatal(err)
	}
	defer os.Remove(changed)
	got, _ := os.ReadFile(changed)
	want := "a:\n  address: 127.0.0.1\n  portValue: 0\nb:\n  portValue: 18080\nc:\n  portValue: 9002\n"
	if string(got) != want {
		t.Errorf("got %s", got)
	}
}

func TestSendFailsOnAnAnswerThatIsNot200(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, _ *http.Request) {
		out.WriteHeader(http.StatusServiceUnavailable)
	}))
	defer server.Close()
	err := send(server.Client(), server.URL, []byte("{}"), 3)
	if err == nil || !strings.Contains(err.Error(), "503") {
		t.Errorf("got %v", err)
	}
}
