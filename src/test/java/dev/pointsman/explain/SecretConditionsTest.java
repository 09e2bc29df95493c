package dev.pointsman.explain;

import static org.assertj.core.api.Assertions.assertThat;

import io.envoyproxy.envoy.config.route.v3.HeaderMatcher;
import io.envoyproxy.envoy.config.route.v3.QueryParameterMatcher;
import io.envoyproxy.envoy.config.route.v3.RouteMatch;
import io.envoyproxy.envoy.type.matcher.v3.StringMatcher;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Conditions of a route in an explanation: those on ordinary headers are told, a secret is not. */
class SecretConditionsTest {
  private static RouteMatch match(String name) {
    StringMatcher told = StringMatcher.newBuilder().setExact("told").build();
    return RouteMatch.newBuilder()
        .setPrefix("/")
        .addHeaders(HeaderMatcher.newBuilder().setName(name).setStringMatch(told))
        .addQueryParameters(QueryParameterMatcher.newBuilder().setName(name).setStringMatch(told))
        .build();
  }

  private static String unmet(String name) {
    RequestState request = new RequestState(Map.of(":path", "/?" + name + "=other", name, "other"));
    return RouteConditions.unmet(match(name), request).toString();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "x-api-key",
        "x-serverless-authorization",
        "x-original-cookie",
        "authtoken",
        "x-jwt",
        "x-goog-signature",
        "sig",
        "code"
      })
  void aSecretIsNotTold(String name) {
    assertThat(RouteConditions.words(match(name)).toString())
        .contains("header " + name + " has a condition", "query parameter " + name)
        .doesNotContain("told");
    assertThat(unmet(name))
        .contains("header " + name + " differs", "query parameter " + name + " differs")
        .doesNotContain("told", "other");
  }

  @Test
  void anOrdinaryHeaderIsTold() {
    assertThat(RouteConditions.words(match("x-team")).toString())
        .contains("header x-team must be 'told'");
    assertThat(unmet("x-team"))
        .contains("header x-team is 'other', must be 'told'")
        .contains("query parameter x-team is 'other', must be 'told'");
  }
}
