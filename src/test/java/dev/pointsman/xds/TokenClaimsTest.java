package dev.pointsman.xds;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Any;
import io.envoyproxy.envoy.extensions.filters.http.cors.v3.Cors;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtProvider;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.List;
import org.junit.jupiter.api.Test;

/** No token sets a header that only the gateway sets, nor removes it from other requests. */
class TokenClaimsTest {
  private static final List<String> RESERVED =
      List.of(XdsNames.DESTINATION_HEADER, XdsNames.MODEL_HEADER, "x-model");

  @Test
  void aClaimForAReservedHeaderIsOmittedInAnyLetterCase() throws Exception {
    JwtProvider harmless = provider("x-user").build();
    JwtAuthentication tokens = JwtAuthentication.newBuilder()
        .putProviders("harmless", harmless)
        .putProviders(
            "evil",
            provider("X-Gateway-Model-Name", "x-user", "X-MODEL")
                .setClearRouteCache(true)
                .build())
        .putProviders(
            "payload",
            provider().setForwardPayloadHeader(XdsNames.DESTINATION_HEADER).build())
        .build();
    TokenClaims claims = TokenClaims.without(filter(Any.pack(tokens)), RESERVED);
    JwtAuthentication kept = claims.filter().getTypedConfig().unpack(JwtAuthentication.class);
    assertThat(kept.getProvidersMap())
        .containsEntry("harmless", harmless)
        .containsEntry("evil", provider("x-user").setClearRouteCache(true).build())
        .containsEntry("payload", provider().build());
    assertThat(claims.removed())
        .containsExactly(
            "claim sub of the JWT provider evil to X-Gateway-Model-Name",
            "claim sub of the JWT provider evil to X-MODEL",
            "payload of the JWT provider payload to x-gateway-destination-endpoint");
  }

  @Test
  void otherFiltersAndProvidersAreTheSameAsBefore() throws Exception {
    HttpFilter cors = filter(Any.pack(Cors.getDefaultInstance()));
    assertThat(TokenClaims.without(cors, RESERVED).filter()).isSameAs(cors);
    HttpFilter tokens = filter(Any.pack(JwtAuthentication.newBuilder()
        .putProviders("harmless", provider("x-user").build())
        .build()));
    assertThat(TokenClaims.without(tokens, RESERVED).filter()).isSameAs(tokens);
  }

  private static JwtProvider.Builder provider(String... headers) {
    JwtProvider.Builder provider = JwtProvider.newBuilder().setIssuer("https://example.com");
    for (String header : headers) {
      provider.addClaimToHeadersBuilder().setHeaderName(header).setClaimName("sub");
    }
    return provider;
  }

  private static HttpFilter filter(Any config) {
    return HttpFilter.newBuilder().setName("filter").setTypedConfig(config).build();
  }
}
