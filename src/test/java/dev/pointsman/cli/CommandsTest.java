package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

class CommandsTest {
  private static final ObjectMapper YAML = new YAMLMapper();

  /** What a command answered. */
  private record Result(int exitCode, String out, String err) {}

  private static Result run(String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int exitCode = Commands.run(new PrintWriter(out), new PrintWriter(err), args);
    return new Result(exitCode, out.toString(), err.toString());
  }

  @Test
  void helpAndVersionGoToStandardOutput() {
    assertThat(run("--help"))
        .matches(result -> result.exitCode() == 0
            && result.out().contains("gateway-config")
            && result.err().isEmpty());
    assertThat(run("--version").out()).startsWith("pointsman ");
    assertThat(run("serve", "--help").out())
        .contains("--resources")
        .contains("0.0.0.0:18010")
        .contains("64Mi");
  }

  @Test
  void wrongUsageIsTwoAndSaidInALine() {
    assertThat(run().exitCode()).isEqualTo(2);
    assertThat(run("serf").exitCode()).isEqualTo(2);
    Result result = run("serve", "--grpc-address", "nowhere");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err())
        .startsWith(
            "pointsman serve: Invalid value for option '--grpc-address': \"nowhere\" is not HOST:PORT")
        .doesNotContain("Exception");
    assertThat(run("serve", "--max-message-size", "0").exitCode()).isEqualTo(2);
  }

  @Test
  void badInputIsOneWithALineForEachProblem() {
    Result result = run("serve", "--max-message-size", "2Gi");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err().lines())
        .hasSize(2)
        .allMatch(line -> line.startsWith("pointsman serve: --"));
    assertThat(result.err()).contains("--kubernetes or --resources DIR is missing");
    assertThat(run("serve", "--resources", "/no/such/folder").err())
        .isEqualTo("pointsman serve: --resources /no/such/folder: there is no such folder\n");
    assertThat(run("serve", "--resources", "/", "--kubernetes").err())
        .startsWith("pointsman serve: --resources and --kubernetes are both there: ");
    assertThat(run("serve", "--kubernetes").err())
        .isEqualTo(
            "pointsman serve: --eds-advertise HOST:PORT is missing: the proxies are told where to"
                + " connect, and 0.0.0.0:18010 is no place to connect to\n");
    assertThat(
            run("serve", "--kubernetes", "--eds-advertise", "p:1", "--kubeconfig", "/no/such/file")
                .err())
        .isEqualTo("pointsman serve: --kubeconfig /no/such/file: there is no such file\n");
    assertThat(run("serve", "--kubernetes", "--eds-advertise", "p:1", "--kubeconfig", "pom.xml")
            .err())
        .startsWith("pointsman serve: the kubeconfig pom.xml ");
    assertThat(run("serve", "--namespace", "ml").err()).contains("add it");
    assertThat(run("serve", "--kubernetes", "--eds-advertise", "p:1", "--namespace", "ML")
            .err())
        .isEqualTo("pointsman serve: --namespace \"ML\" is not the name of a namespace\n");
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

  @Test
  void certificatesThatAreMissingOrNoneAreSaid(@TempDir Path folder) throws IOException {
    Result serve = run(
        "serve",
        "--resources",
        folder.toString(),
        "--tls-certificates",
        folder.toString(),
        "--grpc-address",
        "127.0.0.1:0",
        "--eds-address",
        "127.0.0.1:0",
        "--admin-address",
        "127.0.0.1:0");
    assertThat(serve.exitCode()).isEqualTo(1);
    assertThat(serve.err())
        .isEqualTo("pointsman serve: " + folder.resolve("tls.crt") + ": there is no such file\n");
    assertThat(run("serve", "--resources", folder.toString(), "--eds-client-ca", "x")
            .exitCode())
        .isEqualTo(2);
  }
}
