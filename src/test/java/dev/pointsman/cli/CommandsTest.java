package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Help, mistakes and exit codes of the commands. */
@Timeout(60) // a command that is not refused serves for ever
class CommandsTest extends CommandLine {
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "serve --resources %s --max-message-size 2Gi",
        "gateway-config --max-message-size 2Gi",
        "translate --recorded testdata/translate/weights-two-pools --max-message-size 2Gi"
      })
  void allCommandsHaveOneLimitOfMessages(String line, @TempDir Path resources) {
    Result result = run(line.formatted(resources).split(" "));
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err()).matches("pointsman [a-z-]+: --max-message-size 2Gi is above \\S+\n");
  }

  @Test
  void badInputIsTwoWithALineForEachProblem() {
    Result result = run("serve", "--max-message-size", "2Gi");
    assertThat(result.exitCode()).isEqualTo(2);
    assertThat(result.err().lines())
        .hasSize(2)
        .allMatch(line -> line.startsWith("pointsman serve: --"));
    assertThat(result.err()).contains("--kubernetes or --resources DIR is missing");
    assertThat(run("serve", "--resources", "/no/such/folder").err())
        .isEqualTo("pointsman serve: --resources /no/such/folder: there is no such folder\n");
    assertThat(run("serve", "--resources", "/", "--kubernetes").err())
        .startsWith("pointsman serve: --resources and --kubernetes are both given: ");
    assertThat(run("serve", "--kubernetes").err())
        .isEqualTo(
            "pointsman serve: --eds-advertise HOST:PORT is missing: proxies need an address of"
                + " endpoint discovery, and 0.0.0.0:18010 is not one that they can connect to\n");
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
  void helpAndDocumentationTellTheExitCodes() throws IOException {
    assertThat(run("--help").out())
        .contains("1 failed at run time")
        .contains("2 invalid options or files");
    assertThat(Files.readString(Path.of("src/site/markdown/command-line.md")))
        .contains("1 failed at run time")
        .contains("2 invalid options or files");
  }

  /** Each of them once in a position of its own: alone, they are no wrong usage. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "--record-limit 0 --record /tmp",
        "--drain-delay -1",
        "--body-limit 3Gi",
        "--eds-advertise 0.0.0.0:1",
        "--kubernetes",
        "--namespace ml",
        "--tls-certificates /no/such/folder",
        "--eds-client-ca x",
      })
  void optionsThatCannotBeUsedAreTwo(String options, @TempDir Path folder) {
    Result result = run(("serve --resources " + folder + ON_ANY_PORTS + options).split(" "));
    assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).startsWith("pointsman serve: ").doesNotContain("Exception");
  }

  @ParameterizedTest
  @CsvSource(textBlock = """
      --record-secrets, --record
      --record-limit 5, --record
      --proxy-sds none, --tls-certificates
      --tls-ca x, --tls-certificates
      --eds-client-ca x, --tls-certificates
      --grpc-client-name x, --grpc-client-ca
      --shadow-address p:1, --shadow
      --status=false, --kubernetes
      --leader-election, --kubernetes
      --request-translation=false, --kubernetes
      """)
  void anOptionThatWouldDoNothingNamesTheOneThatItNeeds(
      String options, String needed, @TempDir Path folder) {
    Result result = run(
        ("serve --resources " + folder + ON_ANY_PORTS + "--exit-when-ready " + options).split(" "));
    String option = options.split("[ =]", -1)[0];
    assertThat(result)
        .isEqualTo(
            new Result(2, "", "pointsman serve: " + option + " needs " + needed + ": add it\n"));
  }

  @Test
  void translateOfFilesThatCannotBeUsedIsTwo(@TempDir Path folder) throws IOException {
    String recorded = folder.toString();
    assertThat(run("translate").exitCode()).isEqualTo(2);
    assertThat(run("translate", "--recorded", "/no/such/folder").exitCode()).isEqualTo(2);
    assertThat(run("translate", "--recorded", recorded).exitCode()).isEqualTo(2);
    assertThat(
            run("translate", "--recorded", recorded, "--resources", "pom.xml").exitCode())
        .isEqualTo(2);
    Files.writeString(folder.resolve("0001-PostTranslateModify.pb"), "garbage");
    assertThat(run("translate", "--recorded", recorded).exitCode()).isEqualTo(2);
  }

  @Test
  void failuresAtRunTimeExitWithOneAndPrintALine(@TempDir Path folder) throws IOException {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Result result = run(("serve --resources " + folder + ON_ANY_PORTS
              + "--grpc-address 127.0.0.1:" + taken.getLocalPort())
          .replace("--grpc-address 127.0.0.1:0 ", "")
          .split(" "));
      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.err())
          .startsWith("pointsman serve: --grpc-address 127.0.0.1:")
          .contains("is taken")
          .hasLineCount(1);
    }
    for (String option : List.of("--grpc-address", "--eds-address", "--admin-address")) {
      Result result =
          run(("serve --resources " + folder + ON_ANY_PORTS + option + " nowhere.invalid:5005")
              .replace(option + " 127.0.0.1:0 ", "")
              .split(" "));
      assertThat(result.exitCode()).isEqualTo(1);
      assertThat(result.err())
          .isEqualTo("pointsman serve: " + option
              + " nowhere.invalid:5005: cannot listen there (the name has no address)\n");
    }
    Files.createDirectory(folder.resolve("0001-PostTranslateModify.pb"));
    Result translate = run("translate", "--recorded", folder.toString());
    assertThat(translate.exitCode()).isEqualTo(1);
    assertThat(translate.err()).startsWith("pointsman translate: IOException: ").hasLineCount(1);
  }

  @Test
  void portsThatAreOneAreNamedWithBothOptions(@TempDir Path folder) {
    String serve = "serve --resources " + folder + " ";
    assertThat(
            run((serve + "--grpc-address 127.0.0.1:5005 --eds-address 127.0.0.1:5005").split(" ")))
        .isEqualTo(new Result(
            2,
            "",
            "pointsman serve: --grpc-address 127.0.0.1:5005 and --eds-address 127.0.0.1:5005 are the same"
                + " port: give each a different port\n"));
    assertThat(run((serve + "--grpc-address 127.0.0.1:8080").split(" ")).err())
        .isEqualTo("pointsman serve: --grpc-address 127.0.0.1:8080 and --admin-address 0.0.0.0:8080"
            + " are the same port: give each a different port\n");
    assertThat(run((serve + "--eds-address localhost:7 --admin-address [::]:7").split(" "))
            .err())
        .contains("--eds-address localhost:7 and --admin-address [::]:7 are the same port");
  }

  @Test
  void missingAndInvalidCertificatesAreReported(@TempDir Path folder) throws IOException {
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
    assertThat(serve.exitCode()).isEqualTo(2);
    assertThat(serve.err())
        .isEqualTo("pointsman serve: " + folder.resolve("tls.crt") + ": there is no such file\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "garbage",
        "[1, 2]",
        "{",
        "kind: Config",
        "\u0000\u0001\u0002",
        "clusters: 7",
        "clusters: [{name: a, cluster: {server: 7}}]\ncontexts: 3\ncurrent-context: {}",
        "apiVersion: v1\nkind: Config\ncurrent-context: a\ncontexts: [{name: a, context: {cluster: b}}]",
        "apiVersion: v1\nkind: Config\ncurrent-context: a\ncontexts: [{name: a, context: {cluster: b, user: c}}]\n"
            + "clusters: [{name: b, cluster: {server: 'no url'}}]",
        "apiVersion: v1\nkind: Config\ncurrent-context: a\ncontexts: [{name: a, context: {cluster: b, user: c}}]\n"
            + "clusters: [{name: b, cluster: {server: 'https://127.0.0.1:1', certificate-authority: /no/such}}]\nusers: [{name: c, user: {}}]",
      })
  void aKubeconfigThatCannotBeUsedIsNamed(String content, @TempDir Path folder) throws IOException {
    Path file = Files.writeString(folder.resolve("config"), content);
    Result result = run(("serve --kubernetes --eds-advertise p:1 --exit-when-ready --kubeconfig "
            + file + ON_ANY_PORTS)
        .strip()
        .split(" "));
    assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
    assertThat(result.err())
        .startsWith("pointsman serve: ")
        .contains(file.toString())
        .hasLineCount(1)
        .doesNotContain("Exception");
  }
}
