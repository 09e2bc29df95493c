package dev.pointsman.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import com.google.protobuf.Struct;
import com.google.protobuf.Value;
import io.envoyproxy.envoy.config.cluster.v3.Cluster;
import io.envoyproxy.envoy.config.core.v3.DataSource;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.config.core.v3.TransportSocket;
import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.QueryParameterMatcher;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.extensions.filters.http.api_key_auth.v3.ApiKeyAuthPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.basic_auth.v3.BasicAuthPerRoute;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.Lua;
import io.envoyproxy.envoy.extensions.filters.http.lua.v3.LuaPerRoute;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.CommonTlsContext;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.TlsCertificate;
import io.envoyproxy.envoy.extensions.transport_sockets.tls.v3.UpstreamTlsContext;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import org.junit.jupiter.api.Test;

/** Resources with a secret in each place that has one: the JSON has none of them. */
class RedactedXdsTest {
  private static final String SECRET = "s3cr3t";
  private static final DataSource TEXT =
      DataSource.newBuilder().setInlineString(SECRET).build();

  private static String json(Route.Builder route) {
    return RedactedXds.json(route.build()).toString();
  }

  private static Route.Builder matching(HeaderMatcher.Builder header) {
    return Route.newBuilder().setMatch(RouteMatch.newBuilder().addHeaders(header));
  }

  private static HeaderMatcher.Builder exact(String name, String value) {
    return HeaderMatcher.newBuilder()
        .setName(name)
        .setStringMatch(StringMatcher.newBuilder().setExact(value));
  }

  @Test
  void modelsAndPathsAreToldOtherHeadersAreNot() {
    assertThat(json(matching(exact("X-Gateway-Model-Name", "qwen")))).contains("qwen");
    assertThat(json(matching(exact("x-pointsman-route", SECRET))))
        .contains("x-pointsman-route")
        .doesNotContain(SECRET);
    assertThat(json(matching(exact("authorization", SECRET)))).doesNotContain(SECRET);
  }

  @Test
  void valuesOfQueryParametersAndSetHeadersAreHidden() {
    Route.Builder route = Route.newBuilder()
        .setMatch(RouteMatch.newBuilder()
            .addQueryParameters(QueryParameterMatcher.newBuilder()
                .setName("key")
                .setStringMatch(StringMatcher.newBuilder().setExact(SECRET))))
        .addRequestHeadersToAdd(HeaderValueOption.newBuilder()
            .setHeader(HeaderValue.newBuilder().setKey("authorization").setValue(SECRET)));
    assertThat(json(route)).contains("key", "authorization").doesNotContain(SECRET);
  }

  @Test
  void digestsOfExplainAndOtherContextsOfScriptsAreHidden() {
    Struct context = Struct.newBuilder()
        .putFields("sha256", Value.newBuilder().setStringValue(SECRET).build())
        .build();
    LuaPerRoute script =
        LuaPerRoute.newBuilder().setName("explain").setFilterContext(context).build();
    assertThat(
            json(Route.newBuilder().putTypedPerFilterConfig("pointsman/explain", Any.pack(script))))
        .contains("explain")
        .doesNotContain(SECRET);
  }

  @Test
  @SuppressWarnings("deprecation") // users' scripts may stand in either field
  void scriptsAreHidden() {
    Lua script =
        Lua.newBuilder().setInlineCode(SECRET).setDefaultSourceCode(TEXT).build();
    assertThat(json(Route.newBuilder().putTypedPerFilterConfig("lua", Any.pack(script))))
        .doesNotContain(SECRET);
  }

  @Test
  void authenticationIsNamedAndNotShown() {
    BasicAuthPerRoute users = BasicAuthPerRoute.newBuilder().setUsers(TEXT).build();
    ApiKeyAuthPerRoute keys = ApiKeyAuthPerRoute.newBuilder()
        .addCredentials(
            io.envoyproxy.envoy.extensions.filters.http.api_key_auth.v3.Credential.newBuilder()
                .setKey(SECRET))
        .build();
    Route.Builder route = Route.newBuilder()
        .putTypedPerFilterConfig("basic", Any.pack(users))
        .putTypedPerFilterConfig("keys", Any.pack(keys));
    assertThat(json(route))
        .contains("BasicAuthPerRoute", "ApiKeyAuthPerRoute")
        .doesNotContain(SECRET);
  }

  @Test
  void metadataOfOthersIsHidden() {
    Struct struct = Struct.newBuilder()
        .putFields("name", Value.newBuilder().setStringValue(SECRET).build())
        .build();
    Route.Builder route = Route.newBuilder();
    route.getMetadataBuilder().putFilterMetadata("other", struct);
    assertThat(json(route)).doesNotContain(SECRET);
    route.getMetadataBuilder().putFilterMetadata("envoy-gateway", struct);
    assertThat(json(route)).contains(SECRET); // here it is the name of an object
  }

  @Test
  void privateKeysAreHidden() {
    UpstreamTlsContext tls = UpstreamTlsContext.newBuilder()
        .setSni("picker.example.com")
        .setCommonTlsContext(CommonTlsContext.newBuilder()
            .addTlsCertificates(TlsCertificate.newBuilder().setPrivateKey(TEXT)))
        .build();
    Cluster cluster = Cluster.newBuilder()
        .setName("c")
        .setTransportSocket(TransportSocket.newBuilder().setTypedConfig(Any.pack(tls)))
        .build();
    assertThat(RedactedXds.json(cluster).toString())
        .contains("picker.example.com")
        .doesNotContain(SECRET);
  }
}
