package dev.pointsman.kube.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.cli.Commands;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code pointsman analyze --kubernetes} on a stand-in for the API server. */
class ClusterManifestsTest {
  private static final String VERSION = "\"resourceVersion\": \"VERSION\"";

  @TempDir
  private Path folder;

  @Test
  void aModelThatARewriteRenamesIsServed() throws Exception {
    try (StandInApiServer server = new StandInApiServer()) {
      server.store(
          "/apis/inference.networking.k8s.io/v1/inferencepools", "qwen", """
          {"metadata": {"name": "qwen", "namespace": "ml", %s},
           "spec": {"selector": {"matchLabels": {"app": "qwen"}}, "targetPorts": [{"number": 8000}]}}
          """.formatted(VERSION));
      server.store("/apis/gateway.networking.k8s.io/v1/httproutes", "chat", """
          {"metadata": {"name": "chat", "namespace": "ml", %s},
           "spec": {"rules": [{"matches": [{"headers": [{"name": "X-Gateway-Model-Name", "value": "chat"}]}],
            "backendRefs": [{"group": "inference.networking.k8s.io", "kind": "InferencePool", "name": "qwen"}]}]}}
          """.formatted(VERSION));
      server.store("/apis/apps/v1/deployments", "qwen", """
          {"metadata": {"name": "qwen", "namespace": "ml", %s},
           "spec": {"template": {"metadata": {"labels": {"app": "qwen"}},
            "spec": {"containers": [{"name": "vllm", "args": ["--model=Qwen/Qwen3-8B"]}]}}}}
          """.formatted(VERSION));
      assertThat(analyze(server)).contains("PM0157", "/chat ");
      server.store(
          "/apis/inference.networking.x-k8s.io/v1alpha2/inferencemodelrewrites",
          "chat",
          """
          {"metadata": {"name": "chat", "namespace": "ml", %s},
           "spec": {"poolRef": {"name": "qwen"}, "rules": [{"targets": [{"modelRewrite": "Qwen/Qwen3-8B"}]}]}}
          """.formatted(VERSION));
      assertThat(analyze(server)).contains("/chat ").doesNotContain("PM0157");
    }
  }

  private String analyze(StandInApiServer server) throws Exception {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    server.access(folder); // writes the kubeconfig
    int exitCode = Commands.run(
        new PrintWriter(out),
        new PrintWriter(err),
        "analyze",
        "--kubernetes",
        "--kubeconfig",
        folder.resolve("kubeconfig").toString());
    assertThat(exitCode).as(err.toString()).isEqualTo(1);
    return out.toString();
  }
}
