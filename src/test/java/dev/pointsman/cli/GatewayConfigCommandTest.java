package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The output of {@code pointsman gateway-config}. */
@Timeout(60) // a command that is not refused serves for ever
class GatewayConfigCommandTest extends CommandLine {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "localhost:1",
        "pointsman-hooks.envoy-gateway-system.svc.cluster.local:5005",
        "Host.example.com.:65535",
        "1host:5005",
        "1.2.3.4:5005",
        "[2001:db8::1]:5005",
      })
  void gatewayConfigTakesHostsThatCanBe(String text) {
    assertThat(run("gateway-config", "--grpc-advertise", text).exitCode()).isZero();
  }

  @Test
  void gatewayConfigIsWhatEnvoyGatewayReads() {
    JsonNode config = YAML.readTree(run(
            "gateway-config",
            "--grpc-advertise",
            "pointsman.system.svc:5005",
            "--max-message-size",
            "32Mi")
        .out());
    JsonNode manager = config.path("extensionManager");
    assertThat(manager.path("maxMessageSize").asString()).isEqualTo("32Mi");
    assertThat(manager.path("backendResources").size()).isEqualTo(2);
    assertThat(manager.path("policyResources").toString())
        .isEqualTo(
            "[{\"group\":\"pointsman.dev\",\"version\":\"v1alpha1\",\"kind\":\"InferencePolicy\"}]");
    assertThat(manager.at("/hooks/xdsTranslator/post").toString())
        .isEqualTo("[\"Route\",\"Endpoints\",\"Translation\"]");
    JsonNode translation = manager.at("/hooks/xdsTranslator/translation");
    for (String type : new String[] {"listener", "route", "cluster"}) {
      assertThat(translation.path(type).path("includeAll").asBoolean()).isTrue();
    }
    assertThat(manager.at("/service/fqdn/hostname").asString()).isEqualTo("pointsman.system.svc");
    assertThat(config.size()).as("nothing but the extension manager").isEqualTo(1);
  }

  @Test
  void gatewayConfigLeavesLegacyPoolsOut() {
    JsonNode pools = YAML.readTree(run("gateway-config", "--legacy-pools=false").out())
        .at("/extensionManager/backendResources");
    assertThat(pools.toString())
        .isEqualTo(
            "[{\"group\":\"inference.networking.k8s.io\",\"version\":\"v1\",\"kind\":\"InferencePool\"}]");
    assertThat(run("gateway-config", "--legacy-pools").exitCode()).isEqualTo(2);
    assertThat(run("gateway-config", "--legacy-pools=never").exitCode()).isEqualTo(2);
  }

  /** Absent would mean true: Envoy Gateway would send the private keys of all listeners. */
  @Test
  void gatewayConfigAsksForNoSecrets() {
    JsonNode config = YAML.readTree(run("gateway-config").out());
    assertThat(config
            .at("/extensionManager/hooks/xdsTranslator/translation/secret/includeAll")
            .toString())
        .isEqualTo("false");
    assertThat(config.at("/extensionManager/service/ip/address").asString()).isEqualTo("127.0.0.1");
  }

  @Test
  void gatewayConfigNamesTheSecretsOfTls() {
    JsonNode tls = YAML.readTree(run(
                "gateway-config",
                "--tls-ca-secret",
                "pointsman-ca/system",
                "--tls-client-secret",
                "pointsman-client")
            .out())
        .at("/extensionManager/service/tls");
    assertThat(tls.toString())
        .isEqualTo("{\"certificateRef\":{\"name\":\"pointsman-ca\",\"namespace\":\"system\"},"
            + "\"clientCertificateRef\":{\"name\":\"pointsman-client\"}}");
    assertThat(run("gateway-config", "--tls-client-secret", "x").exitCode()).isEqualTo(2);
    assertThat(run("gateway-config", "--tls-ca-secret", "a/b/c").exitCode()).isEqualTo(2);
  }

  /** Envoy Gateway would send each policy once for each entry that names its kind. */
  @Test
  void aShadowStandsOnBothSidesAndNamesNoKinds() {
    JsonNode chain = YAML.readTree(run(
                "gateway-config",
                "--shadow-before",
                "127.0.0.1:5105",
                "--shadow-after",
                "127.0.0.1:5106")
            .out())
        .path("extensionManagers");
    assertThat(chain)
        .extracting(one -> one.at("/service/ip/port").asInt())
        .containsExactly(5105, 5005, 5106);
    assertThat(chain)
        .extracting(one -> one.has("policyResources") || one.has("backendResources"))
        .containsExactly(false, true, false);
    assertThat(chain)
        .extracting(one -> one.path("failOpen").asBoolean(false))
        .containsExactly(true, false, true);
    assertThat(run("gateway-config", "--shadow-before", "127.0.0.1:5105").exitCode())
        .isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a b:5005",
        " host:5005",
        "under_score:5005",
        "-host:5005",
        "host-:5005",
        "a..b:5005",
        "host:65536",
        "host:-1",
        "host:+5",
        "host:",
        "host:0",
        "host",
        "",
        ":5005",
        "0.0.0.0:5005",
        "[::]:5005",
        "[::0]:5005",
        "999.1.1.1:5005",
        "1.2.3:5005",
        "[host]:5005",
        "[::1%eth0]:5005",
        "::1:5005",
        "höst:5005",
        "http://host:5005",
        "host:5005/path",
      })
  void gatewayConfigRefusesHostsThatCannotBe(String text) {
    Result result = run("gateway-config", "--grpc-advertise", text);
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.out()).isEmpty();
    assertThat(result.err())
        .startsWith("pointsman gateway-config: ")
        .contains("--grpc-advertise")
        .doesNotContain("Exception");
  }
}
