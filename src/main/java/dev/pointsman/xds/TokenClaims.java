package dev.pointsman.xds;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtAuthentication;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtClaimToHeader;
import io.envoyproxy.envoy.extensions.filters.http.jwt_authn.v3.JwtProvider;
import io.envoyproxy.envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Keeps the claims of tokens out of the headers that only the gateway sets. Envoy has one JWT filter for all routes of
 * a listener. It removes the headers of all providers' claims from every request, so one provider could remove the
 * models of all routes after the extraction. If a token sets a model, the route is selected again, without the filters
 * that the model's route needs from the beginning.
 *
 * @param filter the filter without such claims; the same instance if there are none
 * @param removed descriptions of the removed claims
 */
record TokenClaims(HttpFilter filter, List<String> removed) {
  /**
   * Removes such claims from a filter.
   *
   * @param filter any HTTP filter
   * @param reserved headers that only the gateway sets
   * @throws InvalidProtocolBufferException if it is a JWT filter that cannot be read
   */
  static TokenClaims without(HttpFilter filter, List<String> reserved)
      throws InvalidProtocolBufferException {
    if (!filter.getTypedConfig().is(JwtAuthentication.class)) {
      return new TokenClaims(filter, List.of());
    }
    JwtAuthentication tokens = filter.getTypedConfig().unpack(JwtAuthentication.class);
    JwtAuthentication.Builder kept = tokens.toBuilder();
    List<String> removed = new ArrayList<>();
    Map<String, JwtProvider> providers = new TreeMap<>(tokens.getProvidersMap());
    providers.forEach((name, provider) -> {
      JwtProvider without = without(name, provider, reserved, removed);
      if (!without.equals(provider)) {
        kept.putProviders(name, without);
      }
    });
    return removed.isEmpty()
        ? new TokenClaims(filter, removed)
        : new TokenClaims(
            filter.toBuilder().setTypedConfig(Any.pack(kept.build())).build(), removed);
  }

  private static JwtProvider without(
      String name, JwtProvider provider, List<String> reserved, List<String> removed) {
    JwtProvider.Builder without = provider.toBuilder().clearClaimToHeaders();
    for (JwtClaimToHeader claim : provider.getClaimToHeadersList()) {
      if (isReserved(claim.getHeaderName(), reserved)) {
        removed.add("claim " + claim.getClaimName() + " of the JWT provider " + name + " to "
            + claim.getHeaderName());
      } else {
        without.addClaimToHeaders(claim);
      }
    }
    if (isReserved(provider.getForwardPayloadHeader(), reserved)) {
      removed.add(
          "payload of the JWT provider " + name + " to " + provider.getForwardPayloadHeader());
      without.clearForwardPayloadHeader();
    }
    return without.build();
  }

  private static boolean isReserved(String header, List<String> reserved) {
    return reserved.stream().anyMatch(header::equalsIgnoreCase);
  }
}
