package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.pointsman.extension.PostEndpointsModifyRequest;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.hook.TranslationResult;
import dev.pointsman.shallow.ShallowRouteConfiguration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The order in which Envoy Gateway lists things makes no difference to any of them. Only the routes of a virtual host
 * have an order that means something.
 */
class ShuffledInputsTest {
  private static final int ORDERS = 5;

  static Stream<GoldenCase> cases() {
    return GoldenCase.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void anotherOrderGivesTheSameResources(GoldenCase golden) {
    Seen seen = golden.seen();
    TranslationResult inOrder = seen.answer(golden.snapshot());
    for (int seed = 0; seed < ORDERS; seed++) {
      TranslationResult shuffled = shuffled(seen, new Random(seed)).answer(golden.snapshot());
      assertSame(inOrder.response().getClustersList(), shuffled.response().getClustersList(), seed);
      assertSame(
          inOrder.response().getListenersList(), shuffled.response().getListenersList(), seed);
      assertSame(inOrder.response().getRoutesList(), shuffled.response().getRoutesList(), seed);
      assertThat(shuffled.diagnostics()).isEqualTo(inOrder.diagnostics());
    }
  }

  @ParameterizedTest
  @MethodSource("cases")
  void anotherOrderOfVirtualHostsGivesTheSameHosts(GoldenCase golden) {
    Seen seen = golden.seen();
    List<ByteString> inOrder = hosts(seen.answer(golden.snapshot()));
    for (int seed = 0; seed < ORDERS; seed++) {
      Seen shuffled = seen.with(withHostsShuffled(seen.request(), new Random(seed)));
      assertThat(hosts(shuffled.answer(golden.snapshot())))
          .as("seed %d", seed)
          .containsExactlyInAnyOrderElementsOf(inOrder);
    }
  }

  private static void assertSame(List<ByteString> inOrder, List<ByteString> shuffled, int seed) {
    assertThat(Named.of(shuffled))
        .as("seed %d", seed)
        .containsExactlyInAnyOrderEntriesOf(Named.of(inOrder));
  }

  private static Seen shuffled(Seen seen, Random random) {
    PostTranslateModifyRequest.Builder request = seen.request().toBuilder();
    List<ByteString> clusters = shuffled(request.getClustersList(), random);
    List<ByteString> listeners = shuffled(request.getListenersList(), random);
    List<ByteString> routes = shuffled(request.getRoutesList(), random);
    request.clearClusters().addAllClusters(clusters);
    request.clearListeners().addAllListeners(listeners);
    request.clearRoutes().addAllRoutes(routes);
    List<PostEndpointsModifyRequest> endpoints = shuffled(seen.endpoints(), random);
    return new Seen(request.build(), endpoints);
  }

  private static PostTranslateModifyRequest withHostsShuffled(
      PostTranslateModifyRequest request, Random random) {
    PostTranslateModifyRequest.Builder shuffled = request.toBuilder().clearRoutes();
    for (ShallowRouteConfiguration table :
        Named.read(ShallowRouteConfiguration.parser(), request.getRoutesList())) {
      List<ByteString> hosts = shuffled(table.getVirtualHostsList(), random);
      shuffled.addRoutes(table.toBuilder()
          .clearVirtualHosts()
          .addAllVirtualHosts(hosts)
          .build()
          .toByteString());
    }
    return shuffled.build();
  }

  private static List<ByteString> hosts(TranslationResult result) {
    return Named.read(ShallowRouteConfiguration.parser(), result.response().getRoutesList())
        .stream()
        .flatMap(table -> table.getVirtualHostsList().stream())
        .toList();
  }

  private static <T> List<T> shuffled(List<T> things, Random random) {
    List<T> shuffled = new ArrayList<>(things);
    Collections.shuffle(shuffled, random);
    return shuffled;
  }
}
