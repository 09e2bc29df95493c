package dev.pointsman.chart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.config.GatewayConfig;
import dev.pointsman.config.GatewayConfig.HookSettings;
import dev.pointsman.config.GatewayConfig.HookTls;
import dev.pointsman.config.HostPort;
import dev.pointsman.config.SecretRef;
import dev.pointsman.docs.MetricsTable;
import dev.pointsman.golden.GoldenFile;
import dev.pointsman.model.ByteSize;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The rendered chart of every case of testdata/chart. {@code hack/golden.sh} rewrites the goldens. */
class ChartIT {
  private static final Path CASES = Path.of("testdata/chart");
  static final String GATEWAY = "envoy-gateway-system";

  static Stream<Path> cases() throws IOException {
    try (Stream<Path> folders = Files.list(CASES)) {
      return folders.sorted().toList().stream();
    }
  }

  static Rendered render(String name) {
    Path values = CASES.resolve(name).resolve("values.yaml");
    return new Rendered(Helm.template("pointsman", GATEWAY, List.of("--values", values.toString()))
        .ok());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void rendersWhatIsRecorded(Path folder) {
    new GoldenFile(folder.resolve("rendered.yaml"))
        .assertIs(render(folder.getFileName().toString()).masked());
  }

  @ParameterizedTest
  @MethodSource("cases")
  void passesHelmsLinter(Path folder) {
    Helm.Output output = Helm.lint("--values", folder.resolve("values.yaml").toString());
    assertThat(output.code()).as(output.out() + output.err()).isZero();
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
          replica=3                             | additional properties 'replica' not allowed
          replicas=two                          | at '/replicas': got string, want integer
          hookTimeout=10                        | at '/hookTimeout'
          shadow.enabled=true                   | shadow.active names this release itself
          shadow.active=Pointsman               | at '/shadow/active'
          legacyPools=never                     | at '/legacyPools': got string, want boolean
          tls.mode=auto                         | at '/tls/mode': value must be one of 'generated', 'certManager', 'existingSecret', 'disabled'
          tls.mtls=true                         | additional properties 'mtls' not allowed
          image.pullPolicy=Sometimes            | at '/image/pullPolicy': value must be one of
          image.digest=latest                   | at '/image/digest'
          maxMessageSize=64MB                   | at '/maxMessageSize': '64MB' does not match pattern
          namespaces[0]=Team_A                  | at '/namespaces/0'
          rbac.secrets[0].namespace=a           | missing property 'names'
          tls.caCertificate=none                | additional properties 'caCertificate' not allowed
          tls.mode=existingSecret               | tls.existingSecret.name is missing
          tls.mode=existingSecret,tls.existingSecret.name=a,tls.existingSecret.caSecret.name=b,tls.existingSecret.clientSecret.dnsName=c | tls.existingSecret.clientSecret.name is missing
          serviceAccount.create=false           | serviceAccount.name is missing
          drainSeconds=40                       | set terminationGracePeriodSeconds to 55 at least, or a shorter drainSeconds
          drainSeconds=16                       | set terminationGracePeriodSeconds to 31 at least
          terminationGracePeriodSeconds=10      | set terminationGracePeriodSeconds to 20 at least
          tls.mode=certManager,tls.certManager.issuerRef.name=a | tls.certManager.caSecret.name is missing
          """)
  void refusesAndSaysWhy(String values, String message) {
    Helm.Output output = Helm.template("pointsman", GATEWAY, List.of("--set", values));
    assertThat(output.code()).isNotZero();
    assertThat(output.err()).contains(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"drainSeconds=15", "drainSeconds=40,terminationGracePeriodSeconds=55"})
  void takesADrainForWhichThereIsTime(String values) {
    assertThat(Helm.template("pointsman", GATEWAY, List.of("--set", values)).ok())
        .isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource(textBlock = """
          default,             cluster.local,    64,  pointsman-ca/envoy-gateway-system, pointsman-hook-client/envoy-gateway-system, proxies
          cert-manager-issuer, cluster.local,    64,  company-ca/envoy-gateway-system,   pointsman-hook-client/envoy-gateway-system, proxies
          plaintext,           example.internal, 128, ,                                  ,
          """)
  void tellsEnvoyGatewayWhatGatewayConfigPrints(
      String name, String domain, int mebibytes, String ca, String client, String proxies) {
    JsonNode data = render(name).object("ConfigMap", "pointsman-envoy-gateway").path("data");
    JsonNode ours = Rendered.parse(data.path("envoy-gateway.yaml").asString());

    String printed = GatewayConfig.extensionManager(new HookSettings(
        new HostPort("pointsman-hooks." + GATEWAY + ".svc." + domain, 5005),
        ByteSize.mebibytes(mebibytes),
        Optional.ofNullable(ca)
            .map(secret -> new HookTls(
                SecretRef.parse(secret), Optional.ofNullable(client).map(SecretRef::parse))),
        !name.equals("plaintext"),
        name.equals("plaintext") ? Optional.of(Duration.ofSeconds(10)) : Optional.empty()));

    assertThat(ours).isEqualTo(Rendered.parse(printed));
    String proxySds = proxies == null ? "none" : "/sds/xds-certificate.json";
    assertThat(render(name)
            .object("Deployment", "pointsman")
            .at("/spec/template/spec/containers/0/args"))
        .extracting(JsonNode::asString)
        .contains("--eds-advertise=pointsman." + GATEWAY + ".svc." + domain + ":18010")
        .matches(arguments -> ca == null || arguments.contains("--proxy-sds=" + proxySds));
    assertThat(Rendered.parse(data.path("values.yaml").asString()).at("/config/envoyGateway"))
        .isEqualTo(ours);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void serveKnowsTheArguments(Path folder) throws Exception {
    List<String> command = new ArrayList<>(List.of("hack/pointsman"));
    render(folder.getFileName().toString())
        .of("Deployment")
        .flatMap(
            deployment -> deployment.at("/spec/template/spec/containers/0/args").valueStream())
        .forEach(argument -> command.add(argument.asString()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("KUBECONFIG", "/nowhere");
    Process process = builder.start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    // It reads the kubeconfig after its arguments; an unknown one would end it before.
    assertThat(process.waitFor()).as(command + "\n" + said).isEqualTo(2);
    assertThat(said).contains("--kubeconfig /nowhere: there is no such file");
  }

  @Test
  void aNamespaceListMakesNoClusterRoles() {
    Rendered rendered = render("some-namespaces");
    assertThat(rendered.of("ClusterRole")).isEmpty();
    assertThat(rendered.of("ClusterRoleBinding")).isEmpty();
    assertThat(
            rendered.object("Deployment", "pointsman").at("/spec/template/spec/containers/0/args"))
        .extracting(JsonNode::asString)
        .contains("--namespace=team-a", "--namespace=team-b");
  }

  @Test
  void nothingMayReadSecretsOrWriteMoreThanStatus() {
    for (JsonNode role : render("default").objects()) {
      if (role.at("/metadata/name").asString("").endsWith(":request-translation")) {
        continue; // an object of our own, see below
      }
      for (JsonNode rule : role.path("rules")) {
        assertThat(rule.path("resources").toString()).doesNotContain("secrets").doesNotContain("*");
        assertThat(rule.path("verbs").toString()).doesNotContain("*").doesNotContain("delete");
        if (rule.path("verbs").toString().matches(".*(update|patch|create).*")) {
          assertThat(rule.path("resources").toString()).matches(".*(/status|leases|events)\".*");
        }
      }
    }
  }

  @Test
  void oneInferencePolicyOfOurOwnComesAndGoes() {
    JsonNode role =
        render("default").object("Role", "pointsman:" + GATEWAY + ":request-translation");
    assertThat(role.at("/metadata/namespace").asString()).isEqualTo(GATEWAY);
    assertThat(role.path("rules").toString())
        .isEqualTo(
            "[{\"apiGroups\":[\"pointsman.dev\"],\"resources\":[\"inferencepolicies\"],\"verbs\":[\"create\"]},"
                + "{\"apiGroups\":[\"pointsman.dev\"],\"resources\":[\"inferencepolicies\"],"
                + "\"resourceNames\":[\"pointsman-request-translation\"],\"verbs\":[\"delete\"]}]");
    assertThat(render("plaintext").objects()) // without statuses
        .extracting(object -> object.at("/metadata/name").asString(""))
        .isNotEmpty()
        .noneMatch(name -> name.endsWith("request-translation"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dashboards/pointsman.json", "files/alerts.yaml"})
  void dashboardAndAlertsAskForMetricsThatExist(String file) throws IOException {
    TreeSet<String> asked = new TreeSet<>();
    Pattern.compile("pointsman_[a-z_]+")
        .matcher(Files.readString(Path.of(Helm.CHART, file)))
        .results()
        .forEach(found -> asked.add(found.group()));
    assertThat(asked).hasSizeGreaterThan(8);
    assertThat(MetricsTable.scrape())
        .satisfies(text ->
            asked.forEach(name -> assertThat(text).containsPattern("(?m)^" + name + "[ {]")));
  }
}
