package dev.pointsman.golden;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.pointsman.extension.PostTranslateModifyRequest;
import dev.pointsman.extension.PostTranslateModifyResponse;
import dev.pointsman.model.ClusterSnapshot;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Envoy refuses a whole route configuration when one direct response in it is larger than 4 KiB. The answer for unknown
 * models names those that there are, and users may call them what they like.
 */
class ManyModelsTest {
  private static final int ENVOYS_LIMIT = 4096;

  @ParameterizedTest
  @ValueSource(strings = {"model", "\"", "\\", "模型", "\ud83e\udd99", "\u0001"})
  void noAnswerIsLargerThanEnvoyAllows(String letters) {
    Seen seen = GoldenCase.named("model-routes-two-pools").seen();
    RouteConfiguration.Builder table =
        Named.read(RouteConfiguration.parser(), seen.request().getRoutes(0)).toBuilder();
    Route one = table.getVirtualHosts(0).getRoutes(0);
    for (int i = 1; i <= 60; i++) {
      Route.Builder another = one.toBuilder().setName("another/" + i);
      another
          .getMatchBuilder()
          .getHeadersBuilder(0)
          .getStringMatchBuilder()
          .setExact(letters.repeat(8 * i) + i);
      table.getVirtualHostsBuilder(0).addRoutes(another);
    }
    PostTranslateModifyRequest many =
        seen.request().toBuilder().setRoutes(0, table.build().toByteString()).build();
    PostTranslateModifyResponse answer =
        seen.with(many).answer(ClusterSnapshot.EMPTY).response();
    List<ByteString> bodies =
        Named.read(RouteConfiguration.parser(), answer.getRoutesList()).stream()
            .flatMap(answered -> answered.getVirtualHostsList().stream())
            .flatMap(host -> host.getRoutesList().stream())
            .filter(Route::hasDirectResponse)
            .map(route -> route.getDirectResponse().getBody().getInlineStringBytes())
            .toList();
    assertThat(bodies)
        .hasSizeGreaterThanOrEqualTo(2)
        .allSatisfy(body -> assertThat(body.size()).isLessThanOrEqualTo(ENVOYS_LIMIT));
  }
}
