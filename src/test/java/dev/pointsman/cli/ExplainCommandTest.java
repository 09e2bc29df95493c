package dev.pointsman.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code pointsman explain}: each file of testdata/explain is a command and its output. */
class ExplainCommandTest extends CommandLine {
  private static final HeldCommands HELD = new HeldCommands("explain");
  private static final String RECORDED = "--recorded testdata/translate/model-routes-two-pools ";

  static Stream<Path> commands() {
    return HELD.files();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void printsWhatIsExpected(Path file) throws IOException {
    HeldCommands.assertIs(file, 0);
  }

  @Test
  void everyCommandOfTheDocumentationIsHeldHere() throws IOException {
    HELD.assertDocumented(1);
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', textBlock = """
      --model qwen | use one of --recorded, --server, --kubernetes and --config-dump
      --resources testdata/demo --model qwen | record its requests first
      --recorded testdata/demo --model qwen | holds no recorded request
      --recorded testdata/translate/model-routes-two-pools --model a --body b | not both
      --recorded testdata/translate/model-routes-two-pools --chunked | need --model or --body
      --recorded testdata/translate/model-routes-two-pools --path v1 | a path starts with /
      --recorded testdata/translate/model-routes-two-pools --model a --body-size 1 | the body has
      --recorded testdata/translate/model-routes-two-pools --listener no | no listener
      --recorded testdata/translate/model-routes-two-pools --gateway a/b | known are default/inference-gateway
      --recorded testdata/translate/listeners-two-ports --model qwen | several listeners
      --recorded testdata/translate/model-routes-two-pools --method GET/ | a method is one word
      --recorded testdata/translate/model-routes-two-pools --header a:b=c | no header has this name
      --recorded testdata/translate/model-routes-two-pools --header a | write NAME=VALUE
      --recorded testdata/translate/model-routes-two-pools --host a --header Host=b | use --host or --header Host
      --recorded testdata/translate/model-routes-two-pools --header host=a --header Host=b | has one host
      --kubernetes --server http://localhost | use one of
      --config-dump no-such-file --model qwen | there is no such file
      --config-dump pom.xml --model qwen | --config-dump pom.xml: no JSON
      --config-dump testdata/compatibility.json --model qwen | no configs: an answer to /config_dump has them
      --config-dump x --gateway a/b --model qwen | a --config-dump is of one proxy
      --kubeconfig x --server http://localhost | --kubeconfig needs --kubernetes
      --server ftp://localhost --model qwen | use http://
      """)
  void misuseIsNamed(String options, String problem) {
    Result result = run(("explain " + options).split(" "));
    assertThat(result.exitCode()).as(result.err()).isEqualTo(2);
    assertThat(result.err()).contains(problem);
    assertThat(result.out()).isEmpty();
  }

  @Test
  void aRequestWithoutABodyIsSaidToBeAGet() {
    String hint = "without --model, --body and --method, the request is a GET without a body";
    assertThat(run(("explain " + RECORDED).split(" ")).err()).contains(hint);
    assertThat(run(("explain " + RECORDED + "--method POST").split(" ")).err()).isEmpty();
    assertThat(run(("explain " + RECORDED + "--model qwen").split(" ")).err()).isEmpty();
  }

  @Test
  void aServerThatIsNotThereIsNamedWithTheRemedy() {
    Result result = run("explain", "--server", "http://127.0.0.1:1", "--model", "qwen");
    assertThat(result.exitCode()).isEqualTo(1);
    assertThat(result.err()).contains("cannot reach http://127.0.0.1:1", "port-forward");
  }

  @Test
  void aModelCannotChangeTheTerminalNorTheChart() {
    String name = "\u001b[31m\"]x--> b";
    for (String output : List.of("text", "mermaid")) {
      Result result = run(
          ("explain " + RECORDED + "--output " + output + " --method POST --model").split(" "),
          name);
      assertThat(result.out()).doesNotContain("\u001b");
      if (output.equals("mermaid")) {
        assertThat(result.out()).doesNotContain("\"]x");
      }
    }
  }

  private static Result run(String[] first, String last) {
    return run(Stream.concat(Stream.of(first), Stream.of(last)).toArray(String[]::new));
  }
}
