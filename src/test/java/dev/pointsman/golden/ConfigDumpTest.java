package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.InvalidProtocolBufferException;
import dev.pointsman.explain.AskedRequest;
import dev.pointsman.explain.AskedRequest.AskedBody;
import dev.pointsman.explain.ConfigDump;
import dev.pointsman.explain.Explainer;
import dev.pointsman.explain.Explanation;
import dev.pointsman.explain.GatewayXds;
import dev.pointsman.explain.ProxyConfiguration;
import dev.pointsman.explain.ProxyConfiguration.State;
import dev.pointsman.explain.UnclearRequest;
import dev.pointsman.server.ExplainableTranslations;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.node.ObjectNode;

/** An Envoy's dump of a translation gives the translation's explanations. StartPageIT has a dump of a real Envoy. */
class ConfigDumpTest {
  private static final int PER_CASE = 15;
  private static final int EACH = 8;
  private static final String BEFORE = "model-routes-two-pools";
  private static final String CANARY = "weights-two-pools";
  private static final TreeMap<String, String> JSON =
      new TreeMap<>(Map.of("content-type", "application/json"));

  static Stream<GoldenCase> cases() {
    List<GoldenCase> all = GoldenCase.all().toList();
    return IntStream.range(0, all.size()).filter(i -> i % EACH == 0).mapToObj(all::get);
  }

  private static GatewayXds xds(String name) {
    return xds(GoldenCase.named(name));
  }

  private static GatewayXds xds(GoldenCase golden) {
    try {
      return ExplainableTranslations.of(List.of(golden.answer())).getFirst().xds();
    } catch (InvalidProtocolBufferException impossible) {
      throw new AssertionError(impossible);
    }
  }

  private static Explanation explain(GatewayXds xds) throws Exception {
    AskedRequest request = new AskedRequest(
        "",
        "localhost",
        "POST",
        "/v1/chat/completions",
        JSON,
        AskedBody.of("{\"model\":\"qwen\"}"));
    return new Explainer(xds, _ -> Optional.empty(), List.of()).explain(request);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void aDumpIsExplainedAsItsTranslation(GoldenCase golden) throws Exception {
    GatewayXds xds = xds(golden);
    ConfigDump dump = ConfigDump.of(AdminDump.of(xds).toString());
    Explainer explainer = new Explainer(xds, _ -> Optional.empty(), List.of());
    DrawnQuestions questions = new DrawnQuestions(xds, 7);
    int compared = 0;
    for (int i = 0; i < PER_CASE; i++) {
      try {
        Explanation explanation = explainer.explain(questions.next(""));
        ProxyConfiguration proxy =
            ProxyConfiguration.of("default/proxy", explanation, dump, List.of());
        assertThat(proxy)
            .isEqualTo(new ProxyConfiguration(
                "default/proxy", State.SAME, List.of(), List.of(), List.of()));
        compared++;
      } catch (UnclearRequest _) {
        // a Gateway with several listeners
      }
    }
    assertThat(compared > 0 || xds.listeners().size() != 1).isTrue();
  }

  @Test
  void aProxyThatHasNotTakenAChangeIsNamedWithTheDifference() throws Exception {
    ProxyConfiguration proxy = ProxyConfiguration.of(
        "default/proxy",
        explain(xds(CANARY)),
        ConfigDump.of(AdminDump.of(xds(BEFORE)).toString()),
        List.of());
    assertThat(proxy.state()).isEqualTo(State.DIFFERENT);
    assertThat(proxy.lacks()).anySatisfy(line -> assertThat(line).startsWith("share         90 %"));
    assertThat(proxy.uses()).anySatisfy(line -> assertThat(line).startsWith("share         100 %"));
  }

  @Test
  void aClusterThatWaitsIsNotUsedYet() throws Exception {
    ObjectNode dump = AdminDump.of(xds(CANARY));
    ObjectNode clusters = (ObjectNode) dump.path("configs").get(2);
    clusters.set("dynamic_warming_clusters", clusters.remove("dynamic_active_clusters"));
    ProxyConfiguration proxy = ProxyConfiguration.of(
        "default/proxy", explain(xds(CANARY)), ConfigDump.of(dump.toString()), List.of("rejected"));
    assertThat(proxy.state()).isEqualTo(State.DIFFERENT);
    assertThat(proxy.uses()).anySatisfy(line -> assertThat(line).contains("503"));
    assertThat(proxy.notes())
        .contains("rejected")
        .anySatisfy(note -> assertThat(note).contains("waits for its endpoints"));
  }

  @Test
  void aRejectedListenerIsNamedWithTheReason() throws Exception {
    ObjectNode dump = AdminDump.of(xds(CANARY));
    ObjectNode listener = (ObjectNode) dump.at("/configs/0/dynamic_listeners/0");
    listener.putObject("error_state").put("details", "no such filter");
    listener.putObject("warming_state");
    assertThat(ConfigDump.of(dump.toString()).waiting())
        .anySatisfy(note -> assertThat(note).contains("was rejected: no such filter"))
        .anySatisfy(note -> assertThat(note).contains("waits for its routes"));
  }

  @Test
  void typesOfOtherVersionsAreNoHindrance() throws Exception {
    ObjectNode dump = AdminDump.of(xds(CANARY));
    ((ObjectNode) dump.at("/configs/0"))
        .put("@type", "type.googleapis.com/envoy.admin.v3.ListenersConfigDump");
    dump.withArray("configs").addObject().putObject("bootstrap").put("@type", "no url");
    ObjectNode host = (ObjectNode) dump.at("/configs/1/dynamic_route_configs/0/route_config");
    host.put("field_of_tomorrow", 1);
    host.putObject("typed_per_filter_config")
        .putObject("a")
        .put("@type", "type.googleapis.com/envoy.of.Tomorrow")
        .putObject("inner")
        .put("@type", "x");
    ProxyConfiguration proxy = ProxyConfiguration.of(
        "default/proxy", explain(xds(CANARY)), ConfigDump.of(dump.toString()), List.of());
    assertThat(proxy.lacks()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "no JSON",
        "[]",
        "{}",
        "{\"configs\":1}",
        "{\"configs\":[{\"static_clusters\":[{\"cluster\":{\"name\":[]}}]}]}"
      })
  void anotherTextIsRefused(String text) {
    assertThatThrownBy(() -> ConfigDump.of(text))
        .isInstanceOf(InvalidProtocolBufferException.class);
  }
}
