package dev.pointsman.kube.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.cli.Commands;
import dev.pointsman.rig.ControlPlane;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** {@code pointsman analyze --kubernetes} on a real API server. */
class ClusterManifestsIT extends RealApiServer {
  private record Analysis(int exitCode, String out, String err) {
    /** The codes of the findings about an object. */
    List<String> codes(String kind, String name) {
      return JsonMapper.shared().readTree(out).path("findings").values().stream()
          .filter(one -> one.path("kind").asString().equals(kind)
              && one.path("name").asString().equals(name))
          .map(one -> one.path("code").asString())
          .toList();
    }
  }

  private static Analysis analyze(String user, String namespace) throws Exception {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode = Commands.run(
        new PrintWriter(out),
        new PrintWriter(err),
        "analyze",
        "--kubernetes",
        "--kubeconfig",
        plane.kubeconfig(user).toString(),
        "--namespace",
        namespace,
        "--output",
        "json");
    return new Analysis(exitCode, out.toString(), err.toString());
  }

  @Test
  void findsMistakesOfAClusterUntilTheyAreRepaired() throws Exception {
    plane.createCrds("");
    namespace("mistakes");
    pool("mistakes", "qwen");
    plane.apply("/api/v1/namespaces/mistakes/configmaps", """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: envoy-gateway-config, namespace: mistakes}
        data: {envoy-gateway.yaml: "provider: {type: Kubernetes}"}
        """);
    Analysis broken = analyze(ControlPlane.ADMIN, "mistakes");
    assertThat(broken.exitCode()).as(broken.err()).isEqualTo(1);
    assertThat(broken.codes("InferencePool", "qwen")).contains("PM0001", "PM0028");
    assertThat(broken.codes("ConfigMap", "envoy-gateway-config")).containsExactly("PM0143");

    pod("mistakes", "qwen-0", "qwen", "10.5.0.1");
    plane.apply("/api/v1/namespaces/mistakes/services", """
        apiVersion: v1
        kind: Service
        metadata: {name: picker, namespace: mistakes}
        spec: {selector: {app: picker}, ports: [{port: 9002}]}
        """);
    pod("mistakes", "picker-0", "picker", "10.5.0.2");
    plane.delete("/api/v1/namespaces/mistakes/configmaps/envoy-gateway-config");
    Analysis repaired = analyze(ControlPlane.ADMIN, "mistakes");
    assertThat(repaired.codes("InferencePool", "qwen"))
        .doesNotContain("PM0001", "PM0028", "PM0003");
    assertThat(repaired.exitCode()).as(repaired.out()).isZero();
  }

  @Test
  void kindsThatMayNotBeListedAreNamedAndLeftOut() throws Exception {
    plane.createCrds("");
    namespace("unseen");
    pool("unseen", "qwen");
    Analysis blind = analyze(ControlPlane.READER, "unseen");
    assertThat(blind.err()).contains("InferencePool.inference.networking.k8s.io may not be listed");
    assertThat(blind.codes("InferencePool", "qwen")).isEmpty();
    assertThat(blind.exitCode()).isZero();
  }
}
