package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pointsman.cli.RecordedFiles;
import dev.pointsman.explain.EndpointsNow;
import dev.pointsman.explain.GatewayOverview;
import dev.pointsman.explain.GatewayOverview.RuleOverview;
import dev.pointsman.explain.RequestEnd;
import dev.pointsman.explain.RequestEnd.Answered;
import dev.pointsman.explain.RequestEnd.Forwarded;
import dev.pointsman.explain.RequestEnd.MirroredShare;
import dev.pointsman.explain.RequestEnd.PickerUse;
import dev.pointsman.explain.RequestEnd.Staged;
import dev.pointsman.explain.RequestEnd.TrafficShare;
import dev.pointsman.hook.Replay;
import dev.pointsman.kube.files.ResourceFiles;
import dev.pointsman.model.ClusterSnapshot;
import dev.pointsman.server.ExplainableTranslations;
import dev.pointsman.xds.XdsSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The rules of recordings, with all that they lead to. */
class GatewayOverviewTest {
  private static final EndpointsNow NOT_KNOWN = _ -> Optional.empty();

  private static GatewayOverview overview(String recording, int most) throws IOException {
    Path folder = Path.of("testdata/translate", recording);
    Path resources = folder.resolve("resources");
    ClusterSnapshot snapshot = Files.isDirectory(resources)
        ? ResourceFiles.read(resources).snapshot()
        : ClusterSnapshot.EMPTY;
    Replay replay = new Replay(XdsSettings.DEFAULT, snapshot);
    RecordedFiles.play(folder, replay);
    return GatewayOverview.of(
        ExplainableTranslations.of(replay.latest()).getFirst(), NOT_KNOWN, most);
  }

  private static List<RuleOverview> rules(String recording) throws IOException {
    return overview(recording, 100).listeners().stream()
        .flatMap(listener -> listener.hosts().stream())
        .flatMap(host -> host.rules().stream())
        .toList();
  }

  private static RuleOverview rule(String recording, String model) throws IOException {
    return rules(recording).stream()
        .filter(rule -> rule.models().contains(model))
        .findFirst()
        .orElseThrow();
  }

  private static List<Optional<String>> pools(RequestEnd end) {
    return ((Forwarded) end).shares().stream().map(TrafficShare::pool).toList();
  }

  @Test
  void sharesHaveTheirPoolsAndPickersAndMirrorsTheirPools() throws IOException {
    RuleOverview rule = rule("policy-mirrors-several-and-service", "qwen");
    Forwarded end = (Forwarded) rule.end();
    assertThat(rule.owner()).isEqualTo("HTTPRoute default/llm");
    assertThat(rule.conditions()).isEmpty();
    assertThat(end.shares()).extracting(TrafficShare::percent).containsExactly(90.0, 10.0);
    assertThat(pools(end))
        .containsExactly(Optional.of("default/qwen"), Optional.of("default/deepseek"));
    assertThat(end.shares())
        .extracting(share -> share.picker().map(PickerUse::service))
        .containsExactly(
            Optional.of("service/default/qwen-epp/9002"),
            Optional.of("service/default/deepseek-epp/9002"));
    assertThat(end.mirrors())
        .extracting(MirroredShare::pool)
        .containsExactly(
            Optional.empty(), // a Backend of Envoy Gateway's
            Optional.of("default/shadow"), // behind a loop
            Optional.of("default/other"),
            Optional.empty()); // a Service
  }

  @Test
  void aFallbackHasItsStagesInTheirOrder() throws IOException {
    Staged end = (Staged) rule("policy-fallback", "split").end();
    assertThat(end.when()).isEqualTo("503 or 429, a refused connection or a reset");
    assertThat(end.stages())
        .map(GatewayOverviewTest::pools)
        .containsExactly(
            List.of(Optional.of("default/qwen"), Optional.of("default/next")),
            List.of(Optional.of("default/reserve")),
            List.of(Optional.empty()));
    assertThat(rules("policy-fallback")).anySatisfy(any -> {
      assertThat(any.models()).isEmpty();
      assertThat(any.conditions()).containsExactly("path must be '/plain' or below it");
      assertThat(((Staged) any.end()).stages()).hasSize(2);
    });
  }

  @Test
  void modelsOfAPolicyHaveTheirNames() throws IOException {
    assertThat(rules("policy-models-split-and-aliases"))
        .flatMap(RuleOverview::models)
        .doesNotContain("")
        .allSatisfy(model -> assertThat(model).doesNotContain("|", "\\"));
  }

  @Test
  void aRuleOfAPoolThatDoesNotExistRespondsItself() throws IOException {
    assertThat(rules("pool-missing"))
        .extracting(RuleOverview::end)
        .anyMatch(end -> end instanceof Answered answered && answered.status() >= 500);
  }

  @Test
  void rulesAboveTheLimitAreCounted() throws IOException {
    int all = rules("policy-fallback").size();
    GatewayOverview bounded = overview("policy-fallback", 2);
    assertThat(bounded.rules()).isEqualTo(2);
    assertThat(bounded.leftOut()).isEqualTo(all - 2);
  }
}
