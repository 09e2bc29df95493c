package dev.pointsman.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.UInt32Value;
import io.envoyproxy.envoy.config.route.v3.FilterConfig;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.extensions.filters.http.buffer.v3.Buffer;
import io.envoyproxy.envoy.extensions.filters.http.buffer.v3.BufferPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.BufferSettings;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthz;
import io.envoyproxy.envoy.extensions.filters.http.ext_authz.v3.ExtAuthzPerRoute;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.List;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestLimitsTest {
  private static final long BODY_LIMIT = 20L << 20;
  private static final String AUTHORIZER = "envoy.filters.http.ext_authz/securitypolicy/a/b";
  private static final RequestLimits NO_AUTHORIZER = RequestLimits.of(List.of());

  @ParameterizedTest
  @ValueSource(
      longs = {0, 1, 8, 9, 10, 99, 100, 1_000, 100_000, 104_857, 999_999, 16 << 20, 4_294_967_295L})
  void greaterNumbersMatch(long limit) {
    Pattern above = Pattern.compile(RequestLimits.above(limit));
    Random draw = new Random(limit);
    for (int i = 0; i < 2_000; i++) {
      long near = Math.max(0, limit + draw.nextInt(-20, 20));
      long any = draw.nextLong(10 * limit + 10);
      for (long number : new long[] {near, any}) {
        assertThat(above.matcher(Long.toString(number)).matches())
            .as("%d above %d", number, limit)
            .isEqualTo(number > limit);
      }
    }
    assertThat(above.matcher("-").matches()).as("a body that was not read").isFalse();
  }

  @Test
  void copyRefusesWhatTheRouteWouldTake() {
    Route copy = NO_AUTHORIZER.refusing(limited(100_000), BODY_LIMIT).orElseThrow();
    assertThat(status(copy)).isEqualTo("413");
    assertThat(copy.hasRoute()).as("CORS ignores direct responses").isTrue();
    assertThat(copy.getMatch().getPrefix()).isEqualTo("/team");
    assertThat(copy.getMatch().getFilterState(0).getKey()).isEqualTo(XdsNames.BODY_BYTES);
    assertThat(copy.getTypedPerFilterConfigMap())
        .as("who may pass is asked first")
        .containsKey("auth")
        .doesNotContainKey(XdsNames.PICKER_FILTER);
  }

  @Test
  void nothingAboveTheBodyLimitIsRead() {
    assertThat(NO_AUTHORIZER.refusing(limited((int) BODY_LIMIT), BODY_LIMIT)).isEmpty();
  }

  @Test
  void routeWithoutALimitHasNoCopy() {
    Route.Builder route = limited(1).toBuilder();
    Route without =
        route.removeTypedPerFilterConfig("envoy.filters.http.buffer").build();
    Route off = route
        .putTypedPerFilterConfig(
            "envoy.filters.http.buffer",
            Any.pack(FilterConfig.newBuilder().setDisabled(true).build()))
        .build();
    assertThat(NO_AUTHORIZER.refusing(without, BODY_LIMIT)).isEmpty();
    assertThat(NO_AUTHORIZER.refusing(off, BODY_LIMIT)).isEmpty();
  }

  /** With allow_partial_message off, Envoy answers 413 instead of asking about a part. */
  @Test
  void authorizerOfWholeBodiesReceivesNoPart() {
    RequestLimits limits = RequestLimits.of(List.of(authorizer(8_000, false)));
    Route on = limited(100_000).toBuilder()
        .putTypedPerFilterConfig(AUTHORIZER, DisabledFilters.ON)
        .build();
    Route copy = limits.refusing(on, BODY_LIMIT).orElseThrow();
    Pattern above = Pattern.compile(
        copy.getMatch().getFilterState(0).getStringMatch().getSafeRegex().getRegex());
    assertThat(above.matcher("8000").matches()).isFalse();
    assertThat(above.matcher("8001").matches()).isTrue();
    assertThat(status(copy)).isEqualTo("413");
    assertThat(copy.getTypedPerFilterConfigOrThrow(AUTHORIZER))
        .as("it is not asked")
        .isEqualTo(Any.pack(ExtAuthzPerRoute.newBuilder().setDisabled(true).build()));
  }

  @Test
  void otherAuthorizersLimitNothing() {
    Route plain = limited(1).toBuilder()
        .removeTypedPerFilterConfig("envoy.filters.http.buffer")
        .build();
    Route on = plain.toBuilder()
        .putTypedPerFilterConfig(AUTHORIZER, DisabledFilters.ON)
        .build();
    Route inert = plain.toBuilder()
        .putTypedPerFilterConfig(
            AUTHORIZER, Any.pack(ExtAuthzPerRoute.newBuilder().setDisabled(true).build()))
        .build();
    RequestLimits whole = RequestLimits.of(List.of(authorizer(8_000, false)));
    RequestLimits part = RequestLimits.of(List.of(authorizer(8_000, true)));
    assertThat(whole.refusing(on, BODY_LIMIT)).isPresent();
    assertThat(part.refusing(on, BODY_LIMIT)).as("it asked for a part").isEmpty();
    assertThat(whole.refusing(plain, BODY_LIMIT)).as("not on the route").isEmpty();
    assertThat(whole.refusing(inert, BODY_LIMIT)).as("without effect").isEmpty();
  }

  private static String status(Route route) {
    return route
        .getMetadata()
        .getFilterMetadataOrThrow(XdsNames.ANSWER_FILTER)
        .getFieldsOrThrow("status")
        .getStringValue();
  }

  private static HttpFilter authorizer(int bytes, boolean partial) {
    return HttpFilter.newBuilder()
        .setName(AUTHORIZER)
        .setDisabled(true)
        .setTypedConfig(Any.pack(ExtAuthz.newBuilder()
            .setWithRequestBody(BufferSettings.newBuilder()
                .setMaxRequestBytes(bytes)
                .setAllowPartialMessage(partial))
            .build()))
        .build();
  }

  private static Route limited(int bytes) {
    Route.Builder route = Route.newBuilder().setName("route");
    route.getMatchBuilder().setPrefix("/team");
    route.getRouteBuilder().setCluster("pool");
    return route
        .putTypedPerFilterConfig("auth", Any.getDefaultInstance())
        .putTypedPerFilterConfig(XdsNames.PICKER_FILTER, Any.getDefaultInstance())
        .putTypedPerFilterConfig(
            "envoy.filters.http.buffer",
            Any.pack(BufferPerRoute.newBuilder()
                .setBuffer(Buffer.newBuilder().setMaxRequestBytes(UInt32Value.of(bytes)))
                .build()))
        .build();
  }
}
