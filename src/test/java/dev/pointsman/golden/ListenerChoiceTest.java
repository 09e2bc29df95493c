package dev.pointsman.golden;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import dev.pointsman.explain.AskedRequest;
import dev.pointsman.explain.AskedRequest.AskedBody;
import dev.pointsman.explain.ConfigDump;
import dev.pointsman.explain.Explainer;
import dev.pointsman.explain.Explanation;
import dev.pointsman.explain.GatewayXds;
import dev.pointsman.explain.ProxyConfiguration;
import dev.pointsman.explain.RequestEnd;
import dev.pointsman.explain.UnclearRequest;
import dev.pointsman.server.ExplainableTranslations;
import io.envoyproxy.envoy.config.core.v3.SocketAddress.Protocol;
import io.envoyproxy.envoy.config.listener.v3.FilterChain;
import io.envoyproxy.envoy.config.listener.v3.Listener;
import io.envoyproxy.envoy.config.route.v3.Route;
import io.envoyproxy.envoy.config.route.v3.RouteConfiguration;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The listener of a request: by the server name, which is the host, and by the names that a Gateway's user knows. */
class ListenerChoiceTest {
  private static final String QWEN = "default/inference-gateway/qwen";
  private static final String DEEPSEEK = "default/inference-gateway/deepseek";

  private final GatewayXds xds;
  private final Listener https;

  ListenerChoiceTest() throws Exception {
    xds = ExplainableTranslations.of(
            List.of(GoldenCase.named("https-two-hostnames").answer()))
        .getFirst()
        .xds();
    https = xds.listeners().stream()
        .filter(one -> one.getName().equals(QWEN))
        .findFirst()
        .orElseThrow();
  }

  private static Explanation explain(GatewayXds xds, String listener, String host)
      throws Exception {
    AskedRequest request =
        new AskedRequest(listener, host, "GET", "/v1/models", new TreeMap<>(), AskedBody.NONE);
    return new Explainer(xds, _ -> Optional.empty(), List.of()).explain(request);
  }

  private GatewayXds with(List<Listener> listeners, Map<String, RouteConfiguration> tables) {
    Map<String, RouteConfiguration> routes = new HashMap<>(xds.routes());
    routes.putAll(tables);
    return new GatewayXds(listeners, routes, xds.clusters());
  }

  private RouteConfiguration table(String name, String domain) {
    RouteConfiguration.Builder table = requireNonNull(xds.routes().get(name)).toBuilder();
    table.getVirtualHostsBuilder(0).clearDomains().addDomains(domain);
    return table.build();
  }

  private static FilterChain named(FilterChain chain, String serverName) {
    FilterChain.Builder named = chain.toBuilder();
    named.getFilterChainMatchBuilder().clearServerNames().addServerNames(serverName);
    return named.build();
  }

  @Test
  void anExactServerNameIsBeforeAWildcardOfTheSameLength() throws Exception {
    Listener.Builder both = https.toBuilder();
    both.setFilterChains(0, named(https.getFilterChains(0), "*.ai"));
    both.setFilterChains(1, named(https.getFilterChains(1), "x.ai"));
    GatewayXds changed = with(
        List.of(both.build()),
        Map.of(QWEN, table(QWEN, "*.ai"), DEEPSEEK, table(DEEPSEEK, "x.ai")));
    assertThat(explain(changed, "", "x.ai").virtualHost().orElse("")).startsWith(DEEPSEEK);
    assertThat(explain(changed, "", "y.ai").virtualHost().orElse("")).startsWith(QWEN);
    assertThat(explain(changed, "", "").request().host()).isEqualTo("any.ai");
  }

  /** The chain without TLS, whose routes are of this name. */
  private static FilterChain plain(FilterChain chain, String routes) throws Exception {
    HttpConnectionManager.Builder manager =
        chain.getFilters(0).getTypedConfig().unpack(HttpConnectionManager.class).toBuilder();
    manager.getRdsBuilder().setRouteConfigName(routes);
    FilterChain.Builder plain = FilterChain.newBuilder();
    plain.addFiltersBuilder().setTypedConfig(Any.pack(manager.build()));
    return plain.build();
  }

  @Test
  void aRedirectFromHttpIsExplainedIfNamed() throws Exception {
    Listener.Builder http =
        https.toBuilder().clearFilterChains().setName("default/inference-gateway/web");
    http.getAddressBuilder().getSocketAddressBuilder().setPortValue(8080);
    http.setDefaultFilterChain(plain(https.getFilterChains(0), "web"));
    RouteConfiguration.Builder web = RouteConfiguration.newBuilder().setName("web");
    Route.Builder redirect =
        web.addVirtualHostsBuilder().addDomains("*").addRoutesBuilder().setName("redirect");
    redirect.getMatchBuilder().setPrefix("/");
    redirect.getRedirectBuilder().setHttpsRedirect(true);
    List<Listener> listeners = new ArrayList<>(List.of(http.build()));
    listeners.addAll(xds.listeners());
    GatewayXds both = with(listeners, Map.of("web", web.build()));
    Explanation unasked = explain(both, "", "");
    assertThat(unasked.listener()).isEqualTo(QWEN);
    assertThat(unasked.otherListeners()).containsExactly("default/inference-gateway/web");
    assertThat(explain(both, "web", "").end()).isInstanceOf(RequestEnd.Redirected.class);
    ConfigDump dump = ConfigDump.of(AdminDump.of(both).toString());
    assertThat(ProxyConfiguration.of("default/proxy", unasked, dump, List.of()).state())
        .isEqualTo(ProxyConfiguration.State.SAME);
    assertThat(explain(both, "qwen", "").request().host()).isEqualTo("a.example.com");
    assertThat(explain(both, "8443", "b.example.com").virtualHost().orElse(""))
        .startsWith(DEEPSEEK);
  }

  @Test
  void listenersOfOnePortHaveTheirNames() throws Exception {
    assertThat(explain(xds, "deepseek", "").request().host()).isEqualTo("b.example.com");
    RouteConfiguration.Builder shared = requireNonNull(xds.routes().get(QWEN)).toBuilder();
    shared.addAllVirtualHosts(requireNonNull(xds.routes().get(DEEPSEEK)).getVirtualHostsList());
    Listener http = https.toBuilder()
        .clearFilterChains()
        .setDefaultFilterChain(plain(https.getFilterChains(0), QWEN))
        .build();
    GatewayXds onePort = with(List.of(http), Map.of(QWEN, shared.build()));
    assertThat(explain(onePort, "deepseek", "").request().host()).isEqualTo("b.example.com");
    assertThat(explain(onePort, "qwen", "").request().host()).isEqualTo("a.example.com");
    assertThat(explain(onePort, "", "").request().host()).isEqualTo("a.example.com");
    assertThatThrownBy(() -> explain(onePort, "other", "")).isInstanceOf(UnclearRequest.class);
  }

  /** Envoy Gateway adds a listener of UDP for HTTP/3, with the same chains, routes and port. */
  @Test
  void aListenerOfHttp3IsMeantByItsOwnNameOnly() throws Exception {
    Listener.Builder quic = https.toBuilder().setName(QWEN + "-quic");
    quic.getFilterChainsBuilderList().forEach(chain -> chain.setName(QWEN));
    quic.getAddressBuilder().getSocketAddressBuilder().setProtocol(Protocol.UDP);
    GatewayXds both = with(List.of(https, quic.build()), Map.of());
    for (String name : List.of("", "8443", "qwen", QWEN)) {
      assertThat(explain(both, name, "").listener()).as(name).isEqualTo(QWEN);
      assertThat(explain(both, name, "a.example.com").listener()).as(name).isEqualTo(QWEN);
    }
    assertThat(explain(both, "qwen-quic", "").listener()).isEqualTo(QWEN + "-quic");
    assertThat(explain(both, QWEN + "-quic", "a.example.com").listener()).isEqualTo(QWEN + "-quic");
  }

  @Test
  void anEnvoyListenersWholeNameIsBeforeTheNamesOfChains() throws Exception {
    Listener.Builder other = https.toBuilder().setName("other");
    other.getFilterChainsBuilderList().forEach(chain -> chain.setName(QWEN));
    other.getAddressBuilder().getSocketAddressBuilder().setPortValue(9443);
    GatewayXds both = with(List.of(other.build(), https), Map.of());
    assertThat(explain(both, QWEN, "").listener()).isEqualTo(QWEN);
    assertThat(explain(both, "qwen", "").otherListeners()).containsExactly(QWEN);
  }
}
